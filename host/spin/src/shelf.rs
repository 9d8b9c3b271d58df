//! Finished renditions in the key-value store of the host, where one is granted. It never fails a request:
//! what cannot be read is a miss, what cannot be kept is made again.

use answer::key::{self, Digest};
use bytes::Bytes;

use crate::bindings::keyvalue::{self, Bucket};
use crate::pipeline::Rendition;

/// What an entry begins with; another layout gets another number.
const MAGIC: &[u8; 4] = b"dkr1";
/// The end of the year 9999, behind which HTTP has no date.
const MADE_AT_S_MAX: u64 = 253_402_300_799;
/// Magic, time of making, checksum, and the length of the media type.
const HEAD_BYTES: usize = 4 + 8 + 8 + 1;
/// What renditions can be.
const MEDIA_TYPES: [&str; 9] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/gif",
    "image/tiff",
    "image/jxl",
    "text/plain",
    "application/json",
];

/// An open store.
pub(crate) struct Shelf {
    bucket: Bucket,
    entry_bytes_max: u64,
}

impl Shelf {
    /// The store of this label, if the manifest grants it.
    pub(crate) fn open(label: &str, entry_bytes_max: u64) -> Option<Self> {
        if label.is_empty() || entry_bytes_max == 0 {
            return None;
        }
        let bucket = keyvalue::open(label).ok()?;
        Some(Self {
            bucket,
            entry_bytes_max,
        })
    }

    /// The rendition kept by `key`, if it is whole.
    pub(crate) fn get(&self, key: &Digest) -> Option<Rendition> {
        read(self.bucket.get(&name(key)).ok()??)
    }

    /// Keep a rendition; whether it was kept.
    pub(crate) fn put(&self, key: &Digest, rendition: &Rendition) -> bool {
        let entry = write(rendition);
        entry.len() as u64 <= self.entry_bytes_max && self.bucket.set(&name(key), &entry).is_ok()
    }
}

fn name(key: &Digest) -> String {
    format!("rendition/{}", key::hex(key))
}

fn write(rendition: &Rendition) -> Vec<u8> {
    let media = rendition.content_type.as_bytes();
    let mut entry = Vec::with_capacity(HEAD_BYTES + media.len() + rendition.body.len());
    entry.extend_from_slice(MAGIC);
    entry.extend_from_slice(&rendition.made_at_s.to_le_bytes());
    entry.extend_from_slice(&key::checksum(&rendition.body).to_le_bytes());
    entry.push(media.len() as u8); // media types are short
    entry.extend_from_slice(media);
    for side in [rendition.size.0, rendition.size.1] {
        entry.extend_from_slice(&side.to_le_bytes());
    }
    entry.extend_from_slice(&rendition.body);
    entry
}

/// What was written by `write`; a store that many write to is not believed.
fn read(entry: Vec<u8>) -> Option<Rendition> {
    let number = |at: usize| Some(u64::from_le_bytes(entry.get(at..at + 8)?.try_into().ok()?));
    let side = |at: usize| Some(u32::from_le_bytes(entry.get(at..at + 4)?.try_into().ok()?));
    entry.strip_prefix(MAGIC.as_slice())?;
    let (made_at_s, checksum) = (number(4)?, number(12)?);
    if made_at_s > MADE_AT_S_MAX {
        return None;
    }
    let media_bytes = usize::from(*entry.get(20)?);
    let after = HEAD_BYTES + media_bytes;
    let content_type = known(entry.get(HEAD_BYTES..after)?)?;
    let size = (side(after)?, side(after + 4)?);
    entry.get(after + 8..)?;
    let body = Bytes::from(entry).slice(after + 8..);
    (key::checksum(&body) == checksum).then_some(Rendition {
        body,
        content_type,
        size,
        made_at_s,
    })
}

/// The media type that is written like this, if renditions have it.
fn known(media: &[u8]) -> Option<&'static str> {
    MEDIA_TYPES
        .into_iter()
        .find(|known| known.as_bytes() == media)
}
