//! Which format bytes are in, by their first bytes alone: a name or a media type can lie.
//! A format that is known but not read here is told by its name; everything else is no image.

use crate::error::Error;
use crate::options::Format;

/// How far an SVG's root element is looked for, past a declaration, a document type and comments.
/// The URL dialect's reference server looks at the first kilobyte or so.
const SVG_PROLOGUE_BYTES_MAX: usize = 1024;

/// Name the format of `source`, if it is one that can be read.
pub(crate) fn sniff(source: &[u8]) -> Result<Format, Error> {
    if source.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(Format::Jpeg);
    }
    if source.starts_with(b"\x89PNG\r\n\x1A\n") {
        return Ok(Format::Png);
    }
    if source.starts_with(b"RIFF") && source.get(8..12) == Some(b"WEBP") {
        return Ok(Format::Webp);
    }
    if source.starts_with(b"GIF87a") || source.starts_with(b"GIF89a") {
        return Ok(Format::Gif);
    }
    match unread(source) {
        Some(name) => Err(Error::Unsupported(name.to_owned())),
        None => Err(Error::NotAnImage),
    }
}

/// The name of a known format that is not read here.
fn unread(source: &[u8]) -> Option<&'static str> {
    // Signatures as registered with IANA or given by each format's specification.
    const SIGNATURES: [(&[u8], &str); 13] = [
        (b"II\x2A\x00", "TIFF"),
        (b"MM\x00\x2A", "TIFF"),
        (b"II\x2B\x00", "TIFF"),
        (b"MM\x00\x2B", "TIFF"),
        (b"\x00\x00\x00\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\x00\x00\x00\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"%PDF-", "PDF"),
        (b"8BPS\x00", "PSD"),
        (b"\x76\x2F\x31\x01", "OpenEXR"),
        (b"qoif", "QOI"),
        (b"\x00\x00\x01\x00", "ICO"),
    ];
    let signed = SIGNATURES
        .iter()
        .find(|(signature, _)| source.starts_with(signature))
        .map(|&(_, name)| name);
    signed
        .or_else(|| media_brand(source))
        .or_else(|| is_bmp(source).then_some("BMP"))
        .or_else(|| is_svg(source).then_some("SVG"))
}

/// AVIF and HEIC are brands of one container (ISO/IEC 14496-12, `ftyp`).
fn media_brand(source: &[u8]) -> Option<&'static str> {
    if source.get(4..8)? != b"ftyp" {
        return None;
    }
    let length = u32::from_be_bytes(source.get(..4)?.try_into().ok()?) as usize;
    let listed = source.get(8..length.min(source.len()))?;
    let brands = || listed.chunks_exact(4);
    if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
        return Some("AVIF");
    }
    brands()
        .any(|brand| {
            matches!(
                brand,
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1"
            )
        })
        .then_some("HEIC")
}

/// `BM` alone begins many a text; the size of the second header tells.
fn is_bmp(source: &[u8]) -> bool {
    source.starts_with(b"BM")
        && matches!(
            source.get(14..18),
            Some(&[12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])
        )
}

/// An SVG: the root element `svg`, after nothing but what may stand before a root.
fn is_svg(source: &[u8]) -> bool {
    let head = &source[..source.len().min(SVG_PROLOGUE_BYTES_MAX)];
    let head = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    head.starts_with(b"<svg")
        || (["<?xml", "<!DOCTYPE svg", "<!--"]
            .iter()
            .any(|start| head.starts_with(start.as_bytes()))
            && head.windows(4).any(|window| window == b"<svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(source: &[u8]) -> Option<String> {
        match sniff(source) {
            Err(Error::Unsupported(name)) => Some(name),
            _ => None,
        }
    }

    #[test]
    fn formats_that_are_read() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Ok(Format::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n"), Ok(Format::Png));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(Format::Webp));
        assert_eq!(sniff(b"GIF89a"), Ok(Format::Gif));
    }

    #[test]
    fn formats_that_are_not_read_have_a_name() {
        assert_eq!(name(b"II\x2A\0\x08\0\0\0").as_deref(), Some("TIFF"));
        assert_eq!(
            name(b"\0\0\0\x1Cftypavif\0\0\0\0mif1miaf").as_deref(),
            Some("AVIF")
        );
        assert_eq!(
            name(b"\0\0\0\x18ftypmif1\0\0\0\0heic").as_deref(),
            Some("HEIC")
        );
        assert_eq!(
            name(b"<?xml version=\"1.0\"?>\n<svg/>").as_deref(),
            Some("SVG")
        );
        assert_eq!(name(b"%PDF-1.4").as_deref(), Some("PDF"));
    }

    #[test]
    fn what_is_no_image() {
        for source in [
            &b""[..],
            b"\n",
            b"<html><body><svg></svg></body></html>",
            b"BM is how a text may begin, too",
            b"PK\x03\x04",
            b"\x89PNG\n\x1A\n",
            b"RIFF\x10\0\0\0WAVEfmt ",
        ] {
            assert_eq!(sniff(source), Err(Error::NotAnImage), "{source:?}");
        }
    }
}
