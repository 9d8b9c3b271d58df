//! A JPEG's marker segments up to the first scan: frame, EXIF, colour profile. Bytes in, a header out.
//! Varieties of the standard that are not decoded are named here, before anything is allocated. A file
//! that breaks off before its first scan has a header too: what it claims is held against the limits.

use super::{Coding, Header, Profile, malformed, orientation};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Format;
use crate::picture::Layout;
use crate::pieces;
use crate::rendition::ColourSpace;

/// Chunks of one profile: their number is one byte (ICC.1, annex B.4).
const PROFILE_CHUNKS_MAX: usize = 255;

/// What has been found so far.
#[derive(Default)]
struct Found<'a> {
    frame: Option<Frame>,
    orientation: u8,
    /// Sequence number, count, data.
    profile: Vec<(u8, u8, &'a [u8])>,
}

struct Frame {
    size: Size,
    components: u8,
}

/// Read all segments before the first scan.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let mut found = Found::default();
    for (marker, body) in pieces::jpeg(source) {
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if found.frame.is_none() => {
                found.frame = Some(frame(marker, body)?);
            }
            0xE1 if body.starts_with(b"Exif\0\0") && found.orientation == 0 => {
                found.orientation = orientation(body);
            }
            0xE2 => found.profile.extend(profile_chunk(body)),
            _ => {}
        }
    }
    let Some(frame) = found.frame else {
        return Err(malformed(
            "JPEG: no frame header before the first scan or the end",
        ));
    };
    let (space, layout) = match frame.components {
        1 => (ColourSpace::Grey, Layout::Grey),
        3 => (ColourSpace::Srgb, Layout::Rgb),
        _ => (ColourSpace::Cmyk, Layout::Rgb),
    };
    Ok(Header {
        orientation: found.orientation,
        space,
        profile: join(found.profile),
        coding: Coding::Jpeg,
        ..Header::plain(Format::Jpeg, frame.size, layout)
    })
}

/// A frame header (ISO/IEC 10918-1, B.2.2).
fn frame(marker: u8, body: &[u8]) -> Result<Frame, Error> {
    let unsupported = |variety: &str| Err(Error::Unsupported(format!("{variety} JPEG")));
    match marker {
        0xC0..=0xC2 => {}
        0xC3 => return unsupported("lossless"),
        0xC5..=0xC7 => return unsupported("hierarchical"),
        _ => return unsupported("arithmetic-coded"),
    }
    let [precision, h1, h0, w1, w0, components, table @ ..] = body else {
        return Err(malformed("JPEG: the frame header is cut off"));
    };
    if table.len() < 3 * usize::from(*components) {
        return Err(malformed("JPEG: the frame header is cut off"));
    }
    if *precision != 8 {
        return unsupported(&format!("{precision}-bit"));
    }
    if !matches!(components, 1 | 3 | 4) {
        return unsupported(&format!("{components}-component"));
    }
    let size = Size {
        width: u32::from(u16::from_be_bytes([*w1, *w0])),
        height: u32::from(u16::from_be_bytes([*h1, *h0])),
    };
    Ok(Frame {
        size,
        components: *components,
    })
}

/// A piece of a colour profile (ICC.1, annex B.4).
fn profile_chunk(body: &[u8]) -> Option<(u8, u8, &[u8])> {
    match body.strip_prefix(b"ICC_PROFILE\0")? {
        [sequence, count, data @ ..] => Some((*sequence, *count, data)),
        _ => None,
    }
}

/// All pieces in order. A piece that is missing, twice there or odd one out makes it no profile.
fn join(mut chunks: Vec<(u8, u8, &[u8])>) -> Profile<'_> {
    let count = chunks.len();
    chunks.sort_by_key(|chunk| chunk.0);
    let whole = (1..=PROFILE_CHUNKS_MAX).contains(&count)
        && (1..)
            .zip(&chunks)
            .all(|(at, chunk)| usize::from(chunk.0) == at && usize::from(chunk.1) == count);
    if whole {
        Profile::Pieces(chunks.into_iter().map(|chunk| chunk.2).collect())
    } else {
        Profile::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        for (marker, body) in segments {
            bytes.extend([0xFF, *marker]);
            bytes.extend(((body.len() + 2) as u16).to_be_bytes());
            bytes.extend_from_slice(body);
        }
        bytes
    }

    const FRAME: &[u8] = &[8, 0, 20, 0, 33, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];

    #[test]
    fn size_and_colours() {
        let bytes = jpeg(&[(0xC0, FRAME)]);
        let header = read(&bytes).unwrap();
        assert_eq!(
            header.size,
            Size {
                width: 33,
                height: 20
            }
        );
        assert_eq!(
            (header.space, header.layout),
            (ColourSpace::Srgb, Layout::Rgb)
        );
        assert_eq!(header.orientation, 0);
    }

    #[test]
    fn profile_pieces_are_put_in_order() {
        let bytes = jpeg(&[
            (0xE2, b"ICC_PROFILE\0\x02\x02world"),
            (0xE2, b"ICC_PROFILE\0\x01\x02hello "),
            (0xC2, FRAME),
        ]);
        let header = read(&bytes).unwrap();
        assert_eq!(header.profile.bytes().as_deref(), Some(&b"hello world"[..]));
        let missing = jpeg(&[(0xE2, b"ICC_PROFILE\0\x02\x02world"), (0xC2, FRAME)]);
        assert_eq!(read(&missing).unwrap().profile, Profile::None);
    }

    #[test]
    fn varieties_that_are_not_decoded_are_named() {
        for (marker, name) in [(0xC3, "lossless JPEG"), (0xC9, "arithmetic-coded JPEG")] {
            let error = read(&jpeg(&[(marker, FRAME)])).unwrap_err();
            assert_eq!(error, Error::Unsupported(name.to_owned()));
        }
        let twelve = [&[12], &FRAME[1..]].concat();
        let error = read(&jpeg(&[(0xC1, &twelve)])).unwrap_err();
        assert_eq!(error, Error::Unsupported("12-bit JPEG".to_owned()));
    }

    #[test]
    fn segments_that_are_cut_off() {
        let whole = jpeg(&[(0xE1, b"Exif\0\0"), (0xC0, FRAME)]);
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        assert!(read(&whole).is_ok());
    }
}
