//! A finished picture as the host holds it: in a flight, on its way into the cache, out of it.

pub(crate) mod kept;

use std::time::SystemTime;

use bytes::Bytes;
use request::operation::Format;

/// What the bytes of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// A picture.
    Picture(Format),
    /// What `/info` says of one.
    Json,
}

/// Encoded bytes, what they are, and how they are told apart.
#[derive(Debug, Clone)]
pub(crate) struct Rendition {
    /// The encoded picture.
    pub body: Bytes,
    /// What they are.
    pub media: Media,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Checksum of `body`: the same bytes have the same `ETag` in every process.
    pub checksum: u64,
    /// When it was made.
    pub made_at: SystemTime,
}

/// Bytes of what the cache keeps beside the body.
const META_BYTES: usize = 9;

impl Rendition {
    /// What the cache keeps beside the body: media, width and height.
    pub(crate) fn meta(&self) -> [u8; META_BYTES] {
        let mut meta = [0; META_BYTES];
        meta[0] = self.media.code();
        meta[1..5].copy_from_slice(&self.width.to_le_bytes());
        meta[5..9].copy_from_slice(&self.height.to_le_bytes());
        meta
    }

    /// As a cache holds it.
    pub(crate) fn to_entry(&self) -> cache::Entry {
        cache::Entry {
            meta: self.meta().to_vec(),
            body: self.body.to_vec(),
            checksum: self.checksum,
            stored_at: self.made_at,
        }
    }

    /// A rendition out of the cache; `None` where `meta` was not written by `meta()`.
    pub(crate) fn from_cache(entry: cache::Entry) -> Option<Self> {
        let meta: [u8; META_BYTES] = entry.meta.as_slice().try_into().ok()?;
        let number =
            |at: usize| u32::from_le_bytes([meta[at], meta[at + 1], meta[at + 2], meta[at + 3]]);
        Some(Self {
            media: Media::of(meta[0])?,
            width: number(1),
            height: number(5),
            checksum: entry.checksum,
            made_at: entry.stored_at,
            body: entry.body.into(),
        })
    }
}

impl Media {
    /// The media type (RFC 9110, 8.3.1).
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Picture(Format::Jpeg) => "image/jpeg",
            Self::Picture(Format::Png) => "image/png",
            Self::Picture(Format::Webp) => "image/webp",
            Self::Picture(Format::Avif) => "image/avif",
            Self::Picture(Format::Gif) => "image/gif",
            Self::Json => "application/json",
        }
    }

    /// The byte that stands for it in the cache; a number once given is never given again.
    const fn code(self) -> u8 {
        match self {
            Self::Picture(Format::Jpeg) => 1,
            Self::Picture(Format::Png) => 2,
            Self::Picture(Format::Webp) => 3,
            Self::Picture(Format::Avif) => 4,
            Self::Picture(Format::Gif) => 5,
            Self::Json => 6,
        }
    }

    const fn of(code: u8) -> Option<Self> {
        Some(match code {
            1 => Self::Picture(Format::Jpeg),
            2 => Self::Picture(Format::Png),
            3 => Self::Picture(Format::Webp),
            4 => Self::Picture(Format::Avif),
            5 => Self::Picture(Format::Gif),
            6 => Self::Json,
            _ => return None,
        })
    }
}
