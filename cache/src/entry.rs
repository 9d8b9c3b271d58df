//! The format of an entry's file: body, then meta, then a trailer of 88 bytes that vouches for both.
//! The trailer stands last so that one read fills one buffer, of which the body is the front: nothing
//! is copied. Bytes come in and an `Entry` goes out, or what is wrong with them; must never do IO.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use twox_hash::XxHash3_64;

use crate::key::Name;

/// What was stored under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the caller keeps beside the body; opaque here.
    pub meta: Vec<u8>,
    /// The bytes.
    pub body: Vec<u8>,
    /// `checksum(&body)`, checked on every read: equal bytes, equal checksum, in every process.
    pub checksum: u64,
    /// When it was stored, by the clock of the machine that stored it.
    pub stored_at: SystemTime,
}

/// Why a file is not the entry that its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Shorter than a trailer.
    #[error("the file is truncated")]
    Truncated,
    /// Longer than when it was stored.
    #[error("the file has grown")]
    Grown,
    /// The trailer does not begin with our magic.
    #[error("the trailer is not where it should be")]
    Magic,
    /// Another format.
    #[error("the entry is of format {0}")]
    Format(u32),
    /// The trailer or the meta has changed.
    #[error("the trailer's checksum differs")]
    Trailer,
    /// The lengths do not add up to the file's.
    #[error("the lengths differ from the file's")]
    Length,
    /// Another entry's file.
    #[error("the file belongs to another name")]
    Name,
    /// The body has changed.
    #[error("the body's checksum differs")]
    Body,
}

/// Tells our files from all others.
const MAGIC: [u8; 8] = *b"drkcache";

/// Changes whenever the bytes below change; the golden test fails otherwise.
const FORMAT: u32 = 1;

/// Magic 8, format 4, meta length 4, body length 8, key 32, tag 8, stored at 8, body checksum 8,
/// checksum of meta and all these 8.
pub(crate) const TRAILER_BYTES: usize = 88;

/// Meta is for a few numbers, not for content: what is allocated for it stays small.
pub const META_BYTES_MAX: usize = 4096;

/// The checksum that `Entry::checksum` holds: xxh3, 64 bits.
pub fn checksum(body: &[u8]) -> u64 {
    XxHash3_64::oneshot(body)
}

/// The trailer for a body and its meta, to be written after them.
pub(crate) fn trailer(
    name: &Name,
    meta: &[u8],
    body: &[u8],
    stored_at: SystemTime,
) -> [u8; TRAILER_BYTES] {
    let mut trailer = [0; TRAILER_BYTES];
    trailer[..8].copy_from_slice(&MAGIC);
    trailer[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    trailer[12..16].copy_from_slice(&(meta.len() as u32).to_le_bytes());
    trailer[16..24].copy_from_slice(&(body.len() as u64).to_le_bytes());
    trailer[24..56].copy_from_slice(&name.key.0);
    trailer[56..64].copy_from_slice(&name.tag.0.to_le_bytes());
    trailer[64..72].copy_from_slice(&nanoseconds(stored_at).to_le_bytes());
    trailer[72..80].copy_from_slice(&checksum(body).to_le_bytes());
    let checksum = trailer_checksum(meta, &trailer[..80]);
    trailer[80..].copy_from_slice(&checksum.to_le_bytes());
    trailer
}

/// The body's checksum as a trailer states it.
pub(crate) fn stored_checksum(trailer: &[u8; TRAILER_BYTES]) -> u64 {
    u64_at(trailer, 72)
}

/// Takes a whole file apart; `Err` unless every byte of it is what `trailer` vouched for.
pub(crate) fn parse(name: &Name, mut file: Vec<u8>) -> Result<Entry, Damage> {
    let trailer_at = file
        .len()
        .checked_sub(TRAILER_BYTES)
        .ok_or(Damage::Truncated)?;
    let (content, trailer) = file.split_at(trailer_at);
    if trailer[..8] != MAGIC {
        return Err(Damage::Magic);
    }
    let format = u32_at(trailer, 8);
    if format != FORMAT {
        return Err(Damage::Format(format));
    }
    let meta_bytes = u64::from(u32_at(trailer, 12));
    let body_bytes = u64_at(trailer, 16);
    if body_bytes.checked_add(meta_bytes) != Some(content.len() as u64)
        || meta_bytes > META_BYTES_MAX as u64
    {
        return Err(Damage::Length);
    }
    let (body, meta) = content.split_at(body_bytes as usize);
    if trailer_checksum(meta, &trailer[..80]) != u64_at(trailer, 80) {
        return Err(Damage::Trailer);
    }
    if trailer[24..56] != name.key.0 || u64_at(trailer, 56) != name.tag.0 {
        return Err(Damage::Name);
    }
    let checksum = checksum(body);
    if checksum != u64_at(trailer, 72) {
        return Err(Damage::Body);
    }
    let stored_at = UNIX_EPOCH + Duration::from_nanos(u64_at(trailer, 64));
    let meta = meta.to_vec();
    file.truncate(body_bytes as usize);
    Ok(Entry {
        meta,
        body: file,
        checksum,
        stored_at,
    })
}

/// Nanoseconds since 1970, which last until 2554; a clock before 1970 counts as 1970.
pub(crate) fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

fn trailer_checksum(meta: &[u8], fields: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(XxHash3_64::oneshot(meta), fields)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4]
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8]
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests;
