//! A WebP's RIFF chunks: canvas, coding, alpha, profile, EXIF (RFC 9649). Bytes in, a header out; only
//! chunk lengths are walked and no pixel is decoded.

use super::{Coding, Header, Profile, malformed, orientation};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Format;
use crate::picture::Layout;
use crate::pieces::{self, RiffChunk};

/// Flags of the VP8X chunk (RFC 9649, 2.7).
const ANIMATION: u8 = 0x02;
const ALPHA: u8 = 0x10;

/// Read the first chunk, and in the extended format the others too.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let mut chunks = pieces::riff(source);
    let first = chunks.next().ok_or_else(|| malformed("WebP: no chunk"))?;
    match first.name {
        b"VP8 " => lossy(first.data),
        b"VP8L" => lossless(first.data),
        b"VP8X" => extended(first.data, chunks),
        _ => Err(malformed(
            "WebP: the first chunk is none of VP8, VP8L, VP8X",
        )),
    }
}

fn header(size: Size, layout: Layout, coding: Coding) -> Header<'static> {
    Header {
        coding,
        ..Header::plain(Format::Webp, size, layout)
    }
}

/// A VP8 key frame (RFC 6386, 9.1).
fn lossy(body: &[u8]) -> Result<Header<'static>, Error> {
    let &[tag, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..] = body else {
        return Err(malformed(
            "WebP: the VP8 frame does not begin with its start code",
        ));
    };
    if tag & 1 != 0 {
        return Err(malformed("WebP: the VP8 frame is not a key frame"));
    }
    // The two bits above each size ask for scaling, which no decoder does.
    let size = Size {
        width: u32::from(u16::from_le_bytes([w0, w1]) & 0x3FFF),
        height: u32::from(u16::from_le_bytes([h0, h1]) & 0x3FFF),
    };
    Ok(header(size, Layout::Rgb, Coding::WebpLossy))
}

/// A VP8L header (RFC 9649, 3.4): 14 bits, 14 bits, one bit for alpha, three for the version.
fn lossless(body: &[u8]) -> Result<Header<'static>, Error> {
    let &[0x2F, b0, b1, b2, b3, ..] = body else {
        return Err(malformed(
            "WebP: the VP8L stream does not begin with its signature",
        ));
    };
    let bits = u32::from_le_bytes([b0, b1, b2, b3]);
    let size = Size {
        width: (bits & 0x3FFF) + 1,
        height: (bits >> 14 & 0x3FFF) + 1,
    };
    let layout = if bits >> 28 & 1 == 1 {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    Ok(header(size, layout, Coding::WebpLossless))
}

/// The extended format: flags and canvas, then chunks in any number.
fn extended<'a>(
    body: &[u8],
    chunks: impl Iterator<Item = RiffChunk<'a>>,
) -> Result<Header<'a>, Error> {
    let &[flags, _, _, _, w0, w1, w2, h0, h1, h2, ..] = body else {
        return Err(malformed("WebP: VP8X is 10 bytes"));
    };
    let size = Size {
        width: u32::from_le_bytes([w0, w1, w2, 0]) + 1,
        height: u32::from_le_bytes([h0, h1, h2, 0]) + 1,
    };
    let layout = if flags & ALPHA != 0 {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let mut header = header(size, layout, Coding::WebpLossy);
    for chunk in chunks {
        match chunk.name {
            b"VP8L" => header.coding = Coding::WebpLossless,
            b"ICCP" if header.profile == Profile::None => {
                header.profile = Profile::Pieces(vec![chunk.data]);
            }
            b"EXIF" if header.orientation == 0 => header.orientation = orientation(chunk.data),
            _ => {}
        }
    }
    if flags & ANIMATION != 0 {
        header.coding = Coding::WebpAnimated;
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
        for (kind, body) in chunks {
            bytes.extend_from_slice(*kind);
            bytes.extend((body.len() as u32).to_le_bytes());
            bytes.extend_from_slice(body);
            bytes.extend(vec![0; body.len() % 2]);
        }
        bytes
    }

    #[test]
    fn the_three_formats() {
        let lossy = webp(&[(b"VP8 ", &[0, 0, 0, 0x9D, 1, 0x2A, 100, 0x40, 50, 0])]);
        assert_eq!(
            read(&lossy).unwrap().size,
            Size {
                width: 100,
                height: 50
            }
        );
        let lossless = webp(&[(b"VP8L", &[0x2F, 99, 0x40, 0x0C, 0x10])]);
        let header = read(&lossless).unwrap();
        assert_eq!(
            header.size,
            Size {
                width: 100,
                height: 50
            }
        );
        assert_eq!(header.layout, Layout::Rgba);
        let exif = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0";
        let extended = webp(&[
            (b"VP8X", &[0x3A, 0, 0, 0, 99, 0, 0, 49, 0, 0]),
            (b"ICCP", b"odd"),
            (b"EXIF", exif),
        ]);
        let header = read(&extended).unwrap();
        assert_eq!(
            header.size,
            Size {
                width: 100,
                height: 50
            }
        );
        assert_eq!(
            (header.orientation, header.coding),
            (6, Coding::WebpAnimated)
        );
        assert_eq!(header.profile.bytes().as_deref(), Some(&b"odd"[..]));
    }

    #[test]
    fn lengths_that_lie() {
        assert!(read(b"RIFF\0\0\0\0WEBP").is_err());
        assert!(read(b"RIFF\0\0\0\0WEBPVP8X\xFF\xFF\xFF\xFF\0\0").is_err());
        let mut bytes = webp(&[(b"VP8X", &[0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);
        bytes.extend(b"ICCP\xFF\xFF\xFF\xFFpart");
        assert_eq!(
            read(&bytes).unwrap().profile.bytes().as_deref(),
            Some(&b"part"[..])
        );
    }
}
