//! A finished picture as the host holds it: in a flight, on its way into the cache, out of it.

use std::time::SystemTime;

use bytes::Bytes;
use request::operation::Format;

/// Encoded bytes, what they are, and how they are told apart.
#[derive(Debug, Clone)]
pub struct Rendition {
    /// The encoded picture.
    pub body: Bytes,
    /// Its format.
    pub format: Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Checksum of `body`: the same bytes have the same ETag in every process.
    pub checksum: u64,
    /// When it was made.
    pub made_at: SystemTime,
}

/// Bytes of what the cache keeps beside the body.
const META_BYTES: usize = 9;

impl Rendition {
    /// What the cache keeps beside the body: format, width and height.
    pub fn meta(&self) -> [u8; META_BYTES] {
        let mut meta = [0; META_BYTES];
        meta[0] = format_code(self.format);
        meta[1..5].copy_from_slice(&self.width.to_le_bytes());
        meta[5..9].copy_from_slice(&self.height.to_le_bytes());
        meta
    }

    /// A rendition out of the cache; `None` where `meta` was not written by `meta()`.
    pub fn from_cache(entry: cache::Entry) -> Option<Self> {
        let meta: [u8; META_BYTES] = entry.meta.as_slice().try_into().ok()?;
        let number = |at: usize| u32::from_le_bytes([meta[at], meta[at + 1], meta[at + 2], meta[at + 3]]);
        Some(Self {
            format: format_of(meta[0])?,
            width: number(1),
            height: number(5),
            checksum: entry.checksum,
            made_at: entry.stored_at,
            body: entry.body.into(),
        })
    }

    /// The format's media type.
    pub const fn content_type(&self) -> &'static str {
        match self.format {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
            Format::Avif => "image/avif",
            Format::Gif => "image/gif",
        }
    }
}

const fn format_code(format: Format) -> u8 {
    match format {
        Format::Jpeg => 1,
        Format::Png => 2,
        Format::Webp => 3,
        Format::Avif => 4,
        Format::Gif => 5,
    }
}

const fn format_of(code: u8) -> Option<Format> {
    Some(match code {
        1 => Format::Jpeg,
        2 => Format::Png,
        3 => Format::Webp,
        4 => Format::Avif,
        5 => Format::Gif,
        _ => return None,
    })
}
