//! One object of the second level: an entry and its key become bytes, and back again. What comes back is
//! distrusted: of another key, of another length or with another checksum it is nothing.
//!
//! | bytes | little-endian |
//! |---:|---|
//! | 8 | `drkstore` |
//! | 4 | format: 1 |
//! | 4 | length of the meta |
//! | 8 | length of the body |
//! | 32 | the key |
//! | 8 | when it was made, in milliseconds since 1970 |
//! | 8 | checksum of the body |
//! | 8 | checksum of the 72 bytes above and the meta |
//! | | meta, body |

use std::time::{Duration, SystemTime};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use cache::{Entry, Key, META_BYTES_MAX};

const MAGIC: &[u8; 8] = b"drkstore";
const FORMAT: u32 = 1;
/// What the second checksum is taken of, beside the meta.
const CHECKED_BYTES: usize = 72;
const HEAD_BYTES: usize = CHECKED_BYTES + 8;

/// An entry as an object.
pub(super) fn encode(key: &Key, entry: &Entry) -> Bytes {
    let made_at = entry
        .stored_at
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    let mut object = BytesMut::with_capacity(HEAD_BYTES + entry.meta.len() + entry.body.len());
    object.put_slice(MAGIC);
    object.put_u32_le(FORMAT);
    object.put_u32_le(entry.meta.len() as u32);
    object.put_u64_le(entry.body.len() as u64);
    object.put_slice(&key.0);
    object.put_u64_le(u64::try_from(made_at.as_millis()).unwrap_or(u64::MAX));
    object.put_u64_le(entry.checksum);
    object.put_u64_le(checksum(&object, &entry.meta));
    object.put_slice(&entry.meta);
    object.put_slice(&entry.body);
    object.freeze()
}

/// The entry in an object of this key.
pub(super) fn decode(object: &[u8], key: &Key) -> Option<Entry> {
    let (checked, mut rest) = object.split_at_checked(CHECKED_BYTES)?;
    let mut head = checked.strip_prefix(MAGIC)?;
    if head.get_u32_le() != FORMAT {
        return None;
    }
    let meta_bytes = usize::try_from(head.get_u32_le()).ok()?;
    let body_bytes = head.get_u64_le();
    let (of, mut head) = head.split_at_checked(key.0.len())?;
    let made_at = Duration::from_millis(head.get_u64_le());
    let body_checksum = head.get_u64_le();
    let meta_checksum = rest.try_get_u64_le().ok()?;
    let (meta, body) = rest.split_at_checked(meta_bytes)?;
    let whole = of == key.0.as_slice()
        && meta_bytes <= META_BYTES_MAX
        && body.len() as u64 == body_bytes
        && meta_checksum == checksum(checked, meta)
        && body_checksum == cache::checksum(body);
    whole.then(|| Entry {
        meta: meta.to_vec(),
        body: body.to_vec(),
        checksum: body_checksum,
        stored_at: SystemTime::UNIX_EPOCH + made_at,
    })
}

fn checksum(checked: &[u8], meta: &[u8]) -> u64 {
    cache::checksum(&[checked, meta].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key([9; 32]);

    fn entry() -> Entry {
        Entry {
            meta: b"meta".to_vec(),
            body: b"a picture".to_vec(),
            checksum: cache::checksum(b"a picture"),
            stored_at: SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123),
        }
    }

    #[test]
    fn an_entry_comes_back_as_it_was() {
        assert_eq!(decode(&encode(&KEY, &entry()), &KEY), Some(entry()));
    }

    #[test]
    fn the_format_is_what_it_was() {
        // Whoever changes this raises FORMAT: other pods read these objects.
        let object = encode(&KEY, &entry());
        assert_eq!(&object[..12], b"drkstore\x01\0\0\0");
        assert_eq!(object.len(), 80 + 4 + 9);
        assert_eq!(cache::checksum(&object), 0xf46d_e6ff_e671_4858);
    }

    #[test]
    fn every_bit_counts_and_so_does_every_length() {
        let object = encode(&KEY, &entry());
        for byte in 0..object.len() {
            let mut flipped = object.to_vec();
            flipped[byte] ^= 1;
            assert_eq!(decode(&flipped, &KEY), None, "{byte}");
            assert_eq!(decode(&object[..byte], &KEY), None, "{byte}");
        }
        let mut longer = object.to_vec();
        longer.push(0);
        assert_eq!(decode(&longer, &KEY), None);
        assert_eq!(decode(&object, &Key([8; 32])), None, "it is another's");
    }
}
