//! The frames of a GIF, and how often they are to be repeated.

use super::{Animated, Still};
use crate::header::gif::{SCREEN_BYTES, colour_table_bytes, skip_blocks};

/// An image descriptor: its mark, four numbers, flags.
const DESCRIPTOR_BYTES: usize = 10;

/// Walk all blocks that are there.
pub(super) fn read(source: &[u8]) -> Option<Animated> {
    let flags = *source.get(10)?;
    let mut rest = source.get(SCREEN_BYTES + colour_table_bytes(flags)..)?;
    // Without a word about it they are shown once.
    let mut animated = Animated {
        frames: 0,
        plays: 1,
        frame_pixels_max: 0,
        still: Still::FirstFrame,
    };
    while let Some(after) = block(rest, &mut animated) {
        rest = after;
    }
    Some(animated)
}

/// Read one block; what follows it, `None` at the end and where a block is cut off.
fn block<'a>(rest: &'a [u8], animated: &mut Animated) -> Option<&'a [u8]> {
    match *rest.first()? {
        0x2C => {
            let descriptor = rest.get(..DESCRIPTOR_BYTES)?;
            let side =
                |at: usize| u64::from(u16::from_le_bytes([descriptor[at], descriptor[at + 1]]));
            let data = rest.get(DESCRIPTOR_BYTES + colour_table_bytes(descriptor[9]) + 1..)?;
            animated.frames += 1;
            animated.frame_pixels_max = animated.frame_pixels_max.max(side(5) * side(7));
            skip_blocks(data)
        }
        0x21 => {
            let body = rest.get(2..)?;
            if rest.get(1) == Some(&0xFF)
                && let Some([1, low, high, ..]) = application(body)
            {
                // The count is of what follows the first time.
                animated.plays = match u16::from_le_bytes([*low, *high]) {
                    0 => 0,
                    more => u32::from(more) + 1,
                };
            }
            skip_blocks(body)
        }
        _ => None,
    }
}

/// The first sub-block of the extension that browsers took from Netscape.
fn application(body: &[u8]) -> Option<&[u8]> {
    let name = body.get(..12)?;
    if !matches!(name, b"\x0BNETSCAPE2.0" | b"\x0BANIMEXTS1.0") {
        return None;
    }
    let length = usize::from(*body.get(12)?);
    body.get(13..13 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &[u8] = &[0x2C, 0, 0, 0, 0, 10, 0, 20, 0, 0, 2, 1, 0x44, 0];

    fn gif(blocks: &[&[u8]]) -> Vec<u8> {
        let screen = b"GIF89a\x0A\0\x14\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        [&screen[..], &blocks.concat()].concat()
    }

    #[test]
    fn frames_and_plays() {
        let netscape =
            |count: u8| [b"\x21\xFF\x0BNETSCAPE2.0\x03\x01", &[count, 0, 0][..]].concat();
        let plays = |blocks: &[&[u8]]| read(&gif(blocks)).map(|found| (found.frames, found.plays));
        assert_eq!(plays(&[FRAME, FRAME, &[0x3B]]), Some((2, 1)));
        assert_eq!(plays(&[&netscape(0), FRAME]), Some((1, 0)));
        assert_eq!(plays(&[&netscape(2), FRAME, FRAME, FRAME]), Some((3, 3)));
        assert_eq!(read(&gif(&[FRAME])).unwrap().frame_pixels_max, 200);
        // A block that is cut off still counts as a frame, what is behind it does not.
        assert_eq!(plays(&[FRAME, &FRAME[..12]]), Some((2, 1)));
        assert_eq!(plays(&[FRAME, &FRAME[..9]]), Some((1, 1)));
    }
}
