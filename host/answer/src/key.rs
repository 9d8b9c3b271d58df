//! What a rendition is kept by, in whatever it is kept: a digest of everything that its bytes depend on.
//! The same in every host, so that two hosts never keep two pictures under one key.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use twox_hash::XxHash3_64;

/// SHA-256.
pub type Digest = [u8; 32];

/// Bytes of a key that an `ETag` shows: 128 bits, so that no two renditions ever made share one.
const ETAG_KEY_BYTES: usize = 16;

/// What differs between two states of one source: the digest of its bytes, or for a file what changes
/// when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version {
    checksum: u64,
    length: u64,
}

impl Version {
    /// Of a source with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            checksum: checksum(bytes),
            length: bytes.len() as u64,
        }
    }

    /// For keys.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.checksum.to_le_bytes());
        bytes[8..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }
}

/// `XXH3`, 64 bits: the checksum that the disk cache writes beside a rendition too.
pub fn checksum(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Of a source by its name; `name` are its canonical bytes.
pub fn of_source(name: &[u8]) -> Digest {
    Sha256::digest(name).into()
}

/// Of a source as one client may see it: `told` is what its origin hears about the client.
pub fn seen_by(source: Digest, told: &HeaderMap) -> Digest {
    if told.is_empty() {
        return source;
    }
    let mut hash = Sha256::new();
    hash.update(source);
    headers(&mut hash, told);
    hash.finalize().into()
}

/// Of the original of a Lambda@Edge URL. It may lead where `url=` may not, so what is kept of the one is nothing
/// to the other.
pub fn of_base(name: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    framed(&mut hash, b"lambda-edge");
    framed(&mut hash, name);
    hash.finalize().into()
}

/// Of what is wished for, whatever versions its sources have: the transformer, the source and each overlay for
/// this client, and the request's canonical bytes, which name as many overlays.
pub fn of_wish(
    transformer: &Digest,
    source: Digest,
    request: &[u8],
    overlays: impl IntoIterator<Item = Digest>,
) -> Digest {
    let mut hash = Sha256::new();
    hash.update(transformer);
    hash.update(source);
    framed(&mut hash, request);
    for overlay in overlays {
        hash.update(overlay);
    }
    hash.finalize().into()
}

/// Of a wish whose source and overlays have these versions: the rendition itself.
pub fn of_rendition(
    wish: Digest,
    source: Version,
    overlays: impl IntoIterator<Item = Version>,
) -> Digest {
    let mut hash = Sha256::new();
    hash.update(wish);
    hash.update(source.to_bytes());
    for overlay in overlays {
        hash.update(overlay.to_bytes());
    }
    hash.finalize().into()
}

fn headers(hash: &mut Sha256, headers: &HeaderMap) {
    for (name, value) in headers {
        framed(hash, name.as_str().as_bytes());
        framed(hash, value.as_bytes());
    }
}

/// A length in front keeps two parts from imitating each other.
fn framed(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// The `ETag` of what a key stands for. A key says everything that the bytes depend on, and the same input
/// makes the same bytes in every process: so this is a strong validator, and it is known before there is
/// anything to answer with.
pub fn etag(key: &Digest) -> HeaderValue {
    quoted(&key[..ETAG_KEY_BYTES])
}

/// The `ETag` of bytes that no key tells everything about: of uploads, of sources without a version.
pub fn etag_of_bytes(checksum: u64) -> HeaderValue {
    quoted(&checksum.to_be_bytes())
}

fn quoted(bytes: &[u8]) -> HeaderValue {
    let mut text = String::with_capacity(2 * bytes.len() + 2);
    text.push('"');
    push_hex(bytes, &mut text);
    text.push('"');
    // Hexadecimal in quotes is always a header's value.
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    push_hex(bytes, &mut text);
    text
}

fn push_hex(bytes: &[u8], text: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_in_one_bit_have_different_etags() {
        let key = [0x5a; 32];
        let mut other = key;
        other[15] ^= 1;
        assert_eq!(etag(&key), format!("\"{}\"", "5a".repeat(16)));
        assert_ne!(etag(&key), etag(&other));
        assert_eq!(etag_of_bytes(1), "\"0000000000000001\"");
    }

    #[test]
    fn versions_differ_by_content_and_by_length() {
        assert_eq!(Version::of(b"one"), Version::of(b"one"));
        assert_ne!(Version::of(b"one"), Version::of(b"two"));
        assert_ne!(Version::of(b""), Version::of(b"\0"));
    }

    #[test]
    fn every_part_of_a_wish_counts() {
        let mut told = HeaderMap::new();
        told.insert("x-tenant", HeaderValue::from_static("1"));
        let (one, two) = ([1; 32], [2; 32]);
        let wish = of_wish(&one, one, b"a", []);
        for other in [
            of_wish(&two, one, b"a", []),
            of_wish(&one, two, b"a", []),
            of_wish(&one, one, b"b", []),
            of_wish(&one, one, b"a", [one]),
            of_wish(&one, one, b"a", [two]),
        ] {
            assert_ne!(wish, other);
        }
        assert_eq!(seen_by(one, &HeaderMap::new()), one);
        assert_ne!(seen_by(one, &told), one);
        assert_ne!(of_base(b"a"), of_source(b"a"));
        let [a, b] = [b"a", b"b"].map(|bytes| Version::of(bytes));
        let rendition = of_rendition(wish, a, []);
        assert_ne!(rendition, of_rendition(wish, b, []));
        assert_ne!(rendition, of_rendition(wish, a, [a]));
        assert_ne!(of_rendition(wish, a, [a]), of_rendition(wish, a, [b]));
    }
}
