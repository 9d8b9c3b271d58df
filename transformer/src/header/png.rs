//! A PNG's chunks: header, transparency, profile, EXIF. Bytes in, a header out. Only the chunk lengths are
//! walked; no stream is inflated and no text is read, so a bomb in a text chunk costs nothing.

use super::{Coding, Header, Profile, malformed, orientation};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Format;
use crate::picture::Layout;
use crate::pieces;
use crate::rendition::ColourSpace;
use crate::xmp;

/// How much of an EXIF block in hexadecimal is read: its first directory stands near the start.
const RAW_EXIF_BYTES_MAX: usize = 4096;

/// Read all chunks; EXIF may stand after the pixels.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let mut chunks = pieces::png(source);
    let (kind, body) = chunks.next().ok_or_else(|| malformed("PNG: no chunk"))?;
    if kind != b"IHDR" {
        return Err(malformed("PNG: the first chunk is not IHDR"));
    }
    let mut header = first(body)?;
    for (kind, body) in chunks {
        match kind {
            b"tRNS" => header.layout = with_alpha(header.layout),
            b"iCCP" if header.profile == Profile::None => header.profile = profile(body),
            b"eXIf" if header.orientation == 0 => header.orientation = orientation(body),
            b"tEXt" if header.orientation == 0 => header.orientation = raw_profile(body),
            b"iTXt" if header.orientation == 0 => header.orientation = packet(body),
            b"IEND" => break,
            _ => {}
        }
    }
    Ok(header)
}

/// The IHDR chunk (PNG, third edition, 11.2.1).
fn first(body: &[u8]) -> Result<Header<'static>, Error> {
    let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, _, _, _] = body else {
        return Err(malformed("PNG: IHDR is 13 bytes"));
    };
    let size = Size {
        width: u32::from_be_bytes([w3, w2, w1, w0]),
        height: u32::from_be_bytes([h3, h2, h1, h0]),
    };
    let (layout, samples) = match (colour, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => (Layout::Grey, 1),
        (2, 8 | 16) => (Layout::Rgb, 3),
        (3, 1 | 2 | 4 | 8) => (Layout::Rgb, 1),
        (4, 8 | 16) => (Layout::GreyAlpha, 2),
        (6, 8 | 16) => (Layout::Rgba, 4),
        _ => {
            return Err(malformed(
                "PNG: colour type and bit depth do not go together",
            ));
        }
    };
    let row_bytes = (u64::from(size.width) * samples * u64::from(depth)).div_ceil(8) + 1;
    let space = ColourSpace::of_light(layout, depth.into());
    Ok(Header {
        space,
        coding: Coding::Png { row_bytes },
        ..Header::plain(Format::Png, size, layout)
    })
}

const fn with_alpha(layout: Layout) -> Layout {
    match layout {
        Layout::Grey | Layout::GreyAlpha => Layout::GreyAlpha,
        Layout::Rgb | Layout::Rgba => Layout::Rgba,
    }
}

/// A name, its end, the method 0, and a zlib stream.
fn profile(body: &[u8]) -> Profile<'_> {
    let end = body.iter().position(|&byte| byte == 0);
    match end.and_then(|end| body.get(end + 1..)) {
        Some([0, stream @ ..]) => Profile::Deflated(stream),
        _ => Profile::None,
    }
}

/// XMP, if that is what the text is and it is not deflated (PNG, third edition, 11.3.3.4).
fn packet(text: &[u8]) -> u8 {
    let Some([0, _, rest @ ..]) = text.strip_prefix(b"XML:com.adobe.xmp\0") else {
        return 0;
    };
    xmp::orientation(rest).unwrap_or(0)
}

/// EXIF as older writers kept it, before there was a chunk for it: a text under a name of its own, made
/// of a line with the type, a line with the length, and hexadecimal digits.
fn raw_profile(text: &[u8]) -> u8 {
    let Some(text) = text.strip_prefix(b"Raw profile type exif\0") else {
        return 0;
    };
    let Some(digits) = text.splitn(4, |&byte| byte == b'\n').nth(3) else {
        return 0;
    };
    let digits: Vec<u8> = digits
        .iter()
        .filter_map(|&byte| char::from(byte).to_digit(16))
        .map(|digit| digit as u8)
        .take(2 * RAW_EXIF_BYTES_MAX)
        .collect();
    let exif: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect();
    orientation(&exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
        for (kind, body) in chunks {
            bytes.extend((body.len() as u32).to_be_bytes());
            bytes.extend_from_slice(*kind);
            bytes.extend_from_slice(body);
            bytes.extend([0; 4]);
        }
        bytes
    }

    const PALETTE: &[u8] = &[0, 0, 0, 33, 0, 0, 0, 7, 4, 3, 0, 0, 0];

    #[test]
    fn palette_with_transparency_becomes_rgba() {
        let bytes = png(&[(b"IHDR", PALETTE), (b"tRNS", &[0])]);
        let header = read(&bytes).unwrap();
        assert_eq!(
            header.size,
            Size {
                width: 33,
                height: 7
            }
        );
        assert_eq!(header.layout, Layout::Rgba);
        assert_eq!(header.coding, Coding::Png { row_bytes: 18 });
        assert!(
            !read(&png(&[(b"IHDR", PALETTE)]))
                .unwrap()
                .layout
                .has_alpha()
        );
    }

    #[test]
    fn a_profile_that_inflates_without_end_is_none() {
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 8 << 20], 9);
        let body = [&b"bomb\0\0"[..], &bomb].concat();
        let bytes = png(&[(b"IHDR", PALETTE), (b"iCCP", &body)]);
        let header = read(&bytes).unwrap();
        assert!(header.info().has_profile);
        assert_eq!(header.profile.bytes(), None);
        let small = miniz_oxide::deflate::compress_to_vec_zlib(b"profile", 6);
        assert_eq!(
            Profile::Deflated(&small).bytes().as_deref(),
            Some(&b"profile"[..])
        );
    }

    #[test]
    fn headers_against_the_rules() {
        let with = |colour, depth| [&PALETTE[..8], &[depth, colour, 0, 0, 0]].concat();
        for (colour, depth) in [(1, 8), (9, 8), (2, 3), (3, 16), (6, 4), (0, 99)] {
            assert!(
                read(&png(&[(b"IHDR", &with(colour, depth))])).is_err(),
                "{colour} {depth}"
            );
        }
        assert!(read(&png(&[(b"IDAT", PALETTE)])).is_err());
        assert!(read(b"\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFIHDR").is_err());
    }
}
