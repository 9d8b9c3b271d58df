//! A rendition that is ready to be answered with: the headers that follow from it alone are written once,
//! when it is made or read from the disk, and not for each answer. Never changes.

use std::time::{SystemTime, UNIX_EPOCH};

use cache::{Key, Tag};
use http::HeaderValue;

use super::Rendition;

/// What an entry takes beside its body: the key, the headers, and its places in two tables.
const OVERHEAD_BYTES: u64 = 512;

/// Bytes of a key that an `ETag` shows: 128 bits, so that no two renditions ever made share one.
const ETAG_KEY_BYTES: usize = 16;

/// A rendition with its headers.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The rendition.
    pub rendition: Rendition,
    /// What a purge of its source names.
    pub tag: Tag,
    /// `ETag`.
    pub etag: HeaderValue,
    /// `Last-Modified`: when it was made.
    pub last_modified: HeaderValue,
    /// `Content-Length` of the whole.
    pub length: HeaderValue,
    /// When it was made, in seconds since 1970: all that HTTP can say.
    pub made_at_s: u64,
}

impl Kept {
    /// Write the headers of `rendition`. Without an `etag` of its key its bytes make one.
    pub(crate) fn new(rendition: Rendition, tag: Tag, etag: Option<HeaderValue>) -> Self {
        Self {
            tag,
            etag: etag.unwrap_or_else(|| etag_of_bytes(rendition.checksum)),
            last_modified: printable(&httpdate::fmt_http_date(rendition.made_at)),
            length: HeaderValue::from(rendition.body.len()),
            made_at_s: seconds(rendition.made_at),
            rendition,
        }
    }

    /// What it weighs in memory.
    pub(crate) fn bytes(&self) -> u64 {
        self.rendition.body.len() as u64 + OVERHEAD_BYTES
    }
}

/// The `ETag` of what a key stands for. A key says everything that the bytes depend on, and the same input
/// makes the same bytes in every process: so this is a strong validator, and it is known before there is
/// anything to answer with.
pub(crate) fn etag_of_key(key: &Key) -> HeaderValue {
    printable(&quoted(&key.0[..ETAG_KEY_BYTES]))
}

/// The `ETag` of bytes that no key tells everything about: of uploads, of sources without a version.
fn etag_of_bytes(checksum: u64) -> HeaderValue {
    printable(&quoted(&checksum.to_be_bytes()))
}

/// Seconds since 1970; a clock before that counts as 1970.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn quoted(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len() + 2);
    text.push('"');
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text.push('"');
    text
}

/// Every value here is made of printable ASCII.
fn printable(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_in_one_bit_have_different_etags() {
        let key = Key([0x5a; 32]);
        let mut other = key;
        other.0[15] ^= 1;
        assert_eq!(etag_of_key(&key), format!("\"{}\"", "5a".repeat(16)));
        assert_ne!(etag_of_key(&key), etag_of_key(&other));
        assert_eq!(etag_of_bytes(1), "\"0000000000000001\"");
    }
}
