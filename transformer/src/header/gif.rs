//! A GIF up to its first frame: canvas, that frame's place, transparency. Bytes in, a header out. The
//! frame's own size is read too, because it may claim more than the canvas.

use super::{Coding, Header, malformed};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::options::Format;
use crate::picture::Layout;

/// Signature and logical screen descriptor (the format's sections 17 and 18).
pub(crate) const SCREEN_BYTES: usize = 13;

/// Read up to the first image descriptor.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let Some(&[w0, w1, h0, h1, flags, _, _]) = source.get(6..SCREEN_BYTES) else {
        return Err(malformed("GIF: the screen descriptor is cut off"));
    };
    let canvas = Size {
        width: u32::from(u16::from_le_bytes([w0, w1])),
        height: u32::from(u16::from_le_bytes([h0, h1])),
    };
    let table = colour_table_bytes(flags);
    let (frame, transparent) = first_frame(source.get(SCREEN_BYTES + table..).unwrap_or_default())
        .ok_or_else(|| malformed("GIF: no frame"))?;
    let covered = frame.left == 0
        && frame.top == 0
        && frame.size.width >= canvas.width
        && frame.size.height >= canvas.height;
    let layout = if transparent || !covered {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    Ok(Header {
        coding: Coding::Gif { frame: frame.size },
        ..Header::plain(Format::Gif, canvas, layout)
    })
}

/// Three bytes for each of 2 to 256 colours, if there is a table at all.
pub(crate) const fn colour_table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 0x07) + 1)
    }
}

/// The first frame's place, and whether one of its colours is transparent.
fn first_frame(mut rest: &[u8]) -> Option<(Rect, bool)> {
    let mut transparent = false;
    loop {
        match *rest.first()? {
            0x2C => {
                let number = |at: usize| {
                    Some(u32::from(u16::from_le_bytes([
                        *rest.get(at)?,
                        *rest.get(at + 1)?,
                    ])))
                };
                let size = Size {
                    width: number(5)?,
                    height: number(7)?,
                };
                return Some((
                    Rect {
                        left: number(1)?,
                        top: number(3)?,
                        size,
                    },
                    transparent,
                ));
            }
            0x21 => {
                if rest.get(1..3) == Some(&[0xF9, 4]) {
                    transparent = rest.get(3)? & 1 == 1;
                }
                rest = skip_blocks(rest.get(2..)?)?;
            }
            _ => return None,
        }
    }
}

/// What follows a list of sub-blocks.
pub(crate) fn skip_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let length = usize::from(*rest.first()?);
        rest = rest.get(1 + length..)?;
        if length == 0 {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &[u8] = &[0x2C, 0, 0, 0, 0, 10, 0, 20, 0, 0];

    fn gif(blocks: &[&[u8]]) -> Vec<u8> {
        [
            &b"GIF89a\x0A\0\x14\0\x80\0\0\0\0\0\xFF\xFF\xFF"[..],
            &blocks.concat(),
        ]
        .concat()
    }

    #[test]
    fn transparency_and_place() {
        assert_eq!(read(&gif(&[FRAME])).unwrap().layout, Layout::Rgb);
        let control = [0x21, 0xF9, 4, 1, 0, 0, 0, 0];
        assert_eq!(read(&gif(&[&control, FRAME])).unwrap().layout, Layout::Rgba);
        let beside = [0x2C, 1, 0, 0, 0, 10, 0, 20, 0, 0];
        assert_eq!(read(&gif(&[&beside])).unwrap().layout, Layout::Rgba);
    }

    #[test]
    fn a_file_without_a_frame() {
        assert!(read(&gif(&[&[0x3B]])).is_err());
        assert!(read(&gif(&[&[0x21, 0xFE, 200, 1, 2]])).is_err());
        assert!(read(b"GIF89a").is_err());
    }
}
