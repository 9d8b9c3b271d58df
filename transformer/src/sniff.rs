//! Which format bytes are in, by their first bytes alone: a name or a media type can lie.
//! A format that is known but not read here is told by its name; everything else is no image.

use crate::error::Error;
use crate::options::Format;

/// How far an SVG's root element is looked for, past a declaration, a document type and comments.
/// The URL dialect's reference server looks at the first kilobyte or so.
const SVG_HEAD_BYTES_MAX: usize = 1024;
/// How far, where there is nothing but declarations and comments: licences are some kilobytes, entities more.
const SVG_PROLOGUE_BYTES_MAX: usize = 64 << 10;

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
    if let Some(format) = other(source) {
        return if IS_READ.contains(&format) {
            Ok(format)
        } else {
            Err(Error::Unsupported(format.name().to_owned()))
        };
    }
    match unread(source) {
        Some(name) => Err(Error::Unsupported(name.to_owned())),
        None => Err(Error::NotAnImage),
    }
}

/// Of the formats that not every page is made of, those that are read by this build.
const IS_READ: &[Format] = &[
    Format::Tiff,
    Format::Bmp,
    Format::Ico,
    #[cfg(feature = "avif")]
    Format::Avif,
    #[cfg(feature = "heic")]
    Format::Heif,
    #[cfg(feature = "jp2")]
    Format::Jp2,
    #[cfg(feature = "jxl")]
    Format::Jxl,
    #[cfg(feature = "pdf")]
    Format::Pdf,
    #[cfg(feature = "svg")]
    Format::Svg,
];

/// The format of `source`, whether or not it is read.
fn other(source: &[u8]) -> Option<Format> {
    // Signatures as registered with IANA or given by each format's specification.
    const SIGNATURES: [(&[u8], Format); 11] = [
        (b"II\x2A\x00", Format::Tiff),
        (b"MM\x00\x2A", Format::Tiff),
        (b"II\x2B\x00", Format::Tiff),
        (b"MM\x00\x2B", Format::Tiff),
        (b"\x00\x00\x00\x0CjP  \r\n\x87\n", Format::Jp2),
        (b"\xFF\x4F\xFF\x51", Format::Jp2),
        (b"\x00\x00\x00\x0CJXL \r\n\x87\n", Format::Jxl),
        (b"\xFF\x0A", Format::Jxl),
        (b"%PDF-", Format::Pdf),
        (b"\x00\x00\x01\x00", Format::Ico),
        (b"\x00\x00\x02\x00", Format::Ico),
    ];
    let signed = SIGNATURES
        .iter()
        .find(|(signature, _)| source.starts_with(signature))
        .map(|&(_, format)| format);
    signed
        .or_else(|| media_brand(source))
        .or_else(|| is_bmp(source).then_some(Format::Bmp))
        .or_else(|| (is_svg(source) || is_deflated_svg(source)).then_some(Format::Svg))
}

/// The name of a known format that no build reads.
fn unread(source: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 3] = [
        (b"8BPS\x00", "PSD"),
        (b"\x76\x2F\x31\x01", "OpenEXR"),
        (b"qoif", "QOI"),
    ];
    let mut signatures = SIGNATURES.iter();
    signatures
        .find(|(signature, _)| source.starts_with(signature))
        .map(|&(_, name)| name)
}

/// AVIF and HEIC are brands of one container (ISO/IEC 14496-12, `ftyp`).
fn media_brand(source: &[u8]) -> Option<Format> {
    if source.get(4..8)? != b"ftyp" {
        return None;
    }
    let length = u32::from_be_bytes(source.get(..4)?.try_into().ok()?) as usize;
    let listed = source.get(8..length.min(source.len()))?;
    let brands = || listed.chunks_exact(4);
    if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
        return Some(Format::Avif);
    }
    brands()
        .any(|brand| {
            matches!(
                brand,
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1"
            )
        })
        .then_some(Format::Heif)
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
    let start = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    let start = &start[..start.len().min(SVG_PROLOGUE_BYTES_MAX)];
    let head = start[..start.len().min(SVG_HEAD_BYTES_MAX)].trim_ascii_start();
    after_prologue(start).starts_with(b"<svg")
        || (["<?xml", "<!DOCTYPE svg", "<!--"]
            .iter()
            .any(|start| head.starts_with(start.as_bytes()))
            && head.windows(4).any(|window| window == b"<svg"))
}

/// What is left after declarations, comments and a document type, which may have brackets in it; nothing where
/// one of them does not end.
fn after_prologue(mut text: &[u8]) -> &[u8] {
    let after = |text: &'_ [u8], end: &[u8]| {
        let mut windows = text.windows(end.len());
        windows
            .position(|window| window == end)
            .map(|at| at + end.len())
    };
    loop {
        text = text.trim_ascii_start();
        let end = if text.starts_with(b"<?") {
            after(text, b"?>")
        } else if text.starts_with(b"<!--") {
            after(text, b"-->")
        } else if text.starts_with(b"<!DOCTYPE") {
            let subset = text.iter().position(|byte| matches!(byte, b'[' | b'>'));
            match subset.map(|at| (at, text[at])) {
                Some((at, b'[')) => after(&text[at..], b"]>").map(|end| at + end),
                other => other.map(|(at, _)| at + 1),
            }
        } else {
            return text;
        };
        text = end.map_or(&[][..], |end| &text[end..]);
    }
}

/// The deflated stream of a gzip member (RFC 1952, 2.3).
pub(crate) fn deflated(source: &[u8]) -> Option<&[u8]> {
    const HAS_CHECKSUM: u8 = 2;
    const HAS_EXTRA: u8 = 4;
    const HAS_NAME: u8 = 8;
    const HAS_COMMENT: u8 = 16;
    let &[0x1F, 0x8B, 8, flags, _, _, _, _, _, _, ref rest @ ..] = source else {
        return None;
    };
    let mut stream = rest;
    if flags & HAS_EXTRA != 0 {
        let (length, after) = stream.split_first_chunk()?;
        stream = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [HAS_NAME, HAS_COMMENT] {
        if flags & text != 0 {
            let end = stream.iter().position(|&byte| byte == 0)?;
            stream = &stream[end + 1..];
        }
    }
    stream.get(if flags & HAS_CHECKSUM == 0 { 0 } else { 2 }..)
}

/// A gzip member whose beginning, inflated, is an SVG's.
fn is_deflated_svg(source: &[u8]) -> bool {
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
    let Some(stream) = deflated(source) else {
        return false;
    };
    let mut head = vec![0; SVG_PROLOGUE_BYTES_MAX];
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut inflater = Box::new(DecompressorOxide::new());
    let (_, _, bytes) = decompress(&mut inflater, stream, &mut head, 0, flags);
    is_svg(&head[..bytes])
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
    fn formats_by_their_bytes() {
        let known = |source: &[u8]| other(source);
        assert_eq!(known(b"II\x2A\0\x08\0\0\0"), Some(Format::Tiff));
        let avif = b"\0\0\0\x1Cftypavif\0\0\0\0mif1miaf";
        assert_eq!(known(avif), Some(Format::Avif));
        let heic = b"\0\0\0\x18ftypmif1\0\0\0\0heic";
        assert_eq!(known(heic), Some(Format::Heif));
        assert_eq!(known(b"<?xml version=\"1.0\"?>\n<svg/>"), Some(Format::Svg));
        assert_eq!(known(b"\0\0\x01\0\x01\0"), Some(Format::Ico));
        assert_eq!(known(b"%PDF-1.4"), Some(Format::Pdf));
        assert_eq!(known(b"\xFF\x4F\xFF\x51\0"), Some(Format::Jp2));
        assert_eq!(known(b"\xFF\x0A\0"), Some(Format::Jxl));
    }

    #[test]
    fn drawings_behind_long_prologues() {
        let comment = format!("<!--{}-->", "licence ".repeat(500));
        let types = "<!DOCTYPE svg PUBLIC \"-//W3C\" \"u\" [<!ENTITY a \"b>\">\n]>";
        let drawing = format!("<?xml version=\"1.0\"?>\n{comment}{types}\n<svg/>");
        assert_eq!(other(drawing.as_bytes()), Some(Format::Svg));
        let page = format!("<?xml version=\"1.0\"?>\n{comment}<html><svg/></html>");
        assert_eq!(other(page.as_bytes()), None);
        let endless = format!("<?xml version=\"1.0\"?>\n{}<svg/>", "<!--".repeat(500));
        assert_eq!(other(endless.as_bytes()), None);
    }

    #[test]
    fn a_drawing_deflated() {
        let deflated = miniz_oxide::deflate::compress_to_vec(b"<svg xmlns=\"\"/>", 6);
        let member = |flags: u8, more: &[u8]| {
            let head = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3];
            [&head[..], more, &deflated[..]].concat()
        };
        for source in [
            member(0, b""),
            member(8, b"a.svg\0"),
            member(4, b"\x02\0ab"),
        ] {
            assert_eq!(other(&source), Some(Format::Svg), "{source:?}");
        }
        assert_eq!(other(&member(8, b"a.svg")), None);
        assert_eq!(other(b"\x1F\x8B\x08\0\0\0\0\0\0\x03"), None);
    }

    #[test]
    fn formats_that_are_not_read_have_a_name() {
        assert_eq!(name(b"8BPS\0\x01").as_deref(), Some("PSD"));
        assert_eq!(name(b"qoif\0\0\0\x01").as_deref(), Some("QOI"));
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
