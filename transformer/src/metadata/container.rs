//! Where the formats keep their EXIF block. Only lengths are walked.

use crate::options::Format;

/// The first EXIF block of `source`, as far as it is there. TIFF is one itself.
pub(super) fn exif(source: &[u8], format: Format) -> Option<&[u8]> {
    match format {
        Format::Jpeg => in_jpeg(source.get(2..)?),
        Format::Png => in_png(source.get(8..)?),
        Format::Webp => in_webp(source.get(12..)?),
        Format::Tiff => Some(source),
        _ => None,
    }
}

/// A segment before the first scan.
fn in_jpeg(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let at = rest.iter().position(|&byte| byte == 0xFF)?;
        rest = rest.get(at + 1..)?;
        match *rest.first()? {
            // Fill bytes, and markers without a segment.
            0x00 | 0xFF | 0x01 | 0xD0..=0xD8 => continue,
            0xD9 | 0xDA => return None,
            _ => {}
        }
        let (marker, length) = (*rest.first()?, rest.get(1..3)?);
        let length = usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
        let body = rest.get(3..(1 + length).min(rest.len()))?;
        if marker == 0xE1 && body.starts_with(b"Exif\0\0") {
            return Some(body);
        }
        rest = rest.get(1 + length..)?;
    }
}

/// A chunk of its own, before or after the pixels.
fn in_png(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, name) = (rest.get(..4)?, rest.get(4..8)?);
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        if name == b"eXIf" {
            return rest.get(8..8usize.checked_add(length)?);
        }
        rest = rest.get(12usize.checked_add(length)?..)?;
    }
}

/// A chunk of the extended format. Chunks are padded to even lengths.
fn in_webp(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (name, length) = (rest.get(..4)?, rest.get(4..8)?);
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let end = 8usize.checked_add(length)?;
        if name == b"EXIF" {
            return rest.get(8..end);
        }
        rest = rest.get(end.checked_add(length & 1)?..)?;
    }
}
