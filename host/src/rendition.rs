//! A finished picture as the host holds it: in a flight, on its way into the cache, out of it.

pub(crate) mod kept;

use std::time::SystemTime;

use bytes::Bytes;
use request::operation::Format;

/// What the bytes of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// A picture, or the text that stands in for one.
    Picture(Format),
    /// What `/info` says of one.
    Json,
}

/// The byte that stands for JSON in the cache, which is the number of no format.
const JSON_CODE: u8 = 6;

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

impl Rendition {
    /// Width and height of a picture.
    pub(crate) const fn size(&self) -> Option<(u32, u32)> {
        match self.media {
            Media::Picture(_) => Some((self.width, self.height)),
            Media::Json => None,
        }
    }
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
            Self::Picture(format) => format.media_type(),
            Self::Json => "application/json",
        }
    }

    /// The byte that stands for it in the cache; a number once given is never given again.
    const fn code(self) -> u8 {
        match self {
            Self::Picture(format) => format.number(),
            Self::Json => JSON_CODE,
        }
    }

    fn of(code: u8) -> Option<Self> {
        if code == JSON_CODE {
            return Some(Self::Json);
        }
        let format = Format::ALL
            .into_iter()
            .find(|format| format.number() == code);
        format.map(Self::Picture)
    }
}
