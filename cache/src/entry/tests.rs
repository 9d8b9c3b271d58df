//! The format pinned byte for byte, and one test for each field that can go wrong.

use proptest::prelude::*;

use super::*;
use crate::key::{Key, Tag, Version};

const META: &[u8] = b"meta";
const BODY: &[u8] = b"the body of an entry";

fn name() -> Name {
    Name {
        key: Key(std::array::from_fn(|at| at as u8)),
        tag: Tag(0x1122_3344_5566_7788),
        version: Version(9),
    }
}

fn stored_at() -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789)
}

fn file() -> Vec<u8> {
    [BODY, META, &trailer(&name(), META, BODY, stored_at())].concat()
}

/// The file with its bytes from `at` in the trailer replaced, and the trailer's own checksum made right
/// again, as a program that writes another format would.
fn forged(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file();
    let trailer_at = file.len() - TRAILER_BYTES;
    file[trailer_at + at..trailer_at + at + bytes.len()].copy_from_slice(bytes);
    let checksum = trailer_checksum(META, &file[trailer_at..trailer_at + 80]);
    file[trailer_at + 80..].copy_from_slice(&checksum.to_le_bytes());
    file
}

#[test]
fn golden_bytes() {
    let expected = [
        "74686520626f6479206f6620616e20656e747279", // body
        "6d657461",                                 // meta
        "64726b6361636865",                         // magic
        "01000000",                                 // format
        "04000000",                                 // meta length
        "1400000000000000",                         // body length
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "8877665544332211", // tag
        "15cd853dfe9c9717", // stored at
        "33c495e56db41b4c", // checksum of the body
        "11ab329c24de6372", // checksum of the trailer
    ];
    let found: String = file()
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(
        found,
        expected.concat(),
        "a change of format needs a new FORMAT"
    );
}

#[test]
fn whole_file_is_the_entry() {
    let entry = parse(&name(), file()).unwrap();
    assert_eq!(
        entry,
        Entry {
            meta: META.into(),
            body: BODY.into(),
            checksum: checksum(BODY),
            stored_at: stored_at()
        }
    );
}

#[test]
fn empty_meta_and_body() {
    let file = trailer(&name(), b"", b"", UNIX_EPOCH).to_vec();
    assert_eq!(parse(&name(), file).unwrap().body, b"");
}

#[test]
fn magic() {
    assert_eq!(parse(&name(), forged(0, b"D")), Err(Damage::Magic));
}

#[test]
fn format() {
    assert_eq!(
        parse(&name(), forged(8, &2_u32.to_le_bytes())),
        Err(Damage::Format(2))
    );
}

#[test]
fn meta_length() {
    assert_eq!(
        parse(&name(), forged(12, &5_u32.to_le_bytes())),
        Err(Damage::Length)
    );
}

#[test]
fn body_length() {
    assert_eq!(
        parse(&name(), forged(16, &19_u64.to_le_bytes())),
        Err(Damage::Length)
    );
    assert_eq!(
        parse(&name(), forged(16, &u64::MAX.to_le_bytes())),
        Err(Damage::Length)
    );
}

#[test]
fn boundary_between_body_and_meta() {
    let mut file = forged(12, &5_u32.to_le_bytes());
    let trailer_at = file.len() - TRAILER_BYTES;
    file[trailer_at + 16] = 19;
    assert_eq!(parse(&name(), file), Err(Damage::Trailer));
}

#[test]
fn meta_over_its_limit() {
    let meta = vec![0; META_BYTES_MAX + 1];
    let file = [&meta[..], &trailer(&name(), &meta, b"", UNIX_EPOCH)].concat();
    assert_eq!(parse(&name(), file), Err(Damage::Length));
    let meta = vec![0; META_BYTES_MAX];
    let file = [&meta[..], &trailer(&name(), &meta, b"", UNIX_EPOCH)].concat();
    assert_eq!(parse(&name(), file).unwrap().meta, meta);
}

#[test]
fn key() {
    assert_eq!(parse(&name(), forged(24 + 31, &[0])), Err(Damage::Name));
}

#[test]
fn tag() {
    assert_eq!(parse(&name(), forged(56, &[0])), Err(Damage::Name));
}

#[test]
fn stored_at_without_its_checksum() {
    let mut file = file();
    let at = file.len() - TRAILER_BYTES + 64;
    file[at] ^= 1;
    assert_eq!(parse(&name(), file), Err(Damage::Trailer));
}

#[test]
fn body_checksum() {
    assert_eq!(parse(&name(), forged(72, &[0, 0])), Err(Damage::Body));
}

#[test]
fn trailer_checksum_itself() {
    let mut file = file();
    *file.last_mut().unwrap() ^= 0x80;
    assert_eq!(parse(&name(), file), Err(Damage::Trailer));
}

#[test]
fn meta() {
    let mut file = file();
    file[BODY.len()] ^= 1;
    assert_eq!(parse(&name(), file), Err(Damage::Trailer));
}

#[test]
fn every_bit_counts() {
    for bit in 0..file().len() * 8 {
        let mut file = file();
        file[bit / 8] ^= 1 << (bit % 8);
        assert!(parse(&name(), file).is_err(), "bit {bit}");
    }
}

#[test]
fn every_truncation_and_growth_is_seen() {
    for length in 0..file().len() {
        assert!(
            parse(&name(), file()[..length].to_vec()).is_err(),
            "{length} bytes"
        );
    }
    assert_eq!(
        parse(&name(), [&file()[..], b"\0"].concat()),
        Err(Damage::Magic)
    );
}

#[test]
fn file_of_zeros() {
    // What a crash of the machine leaves where a file's length reached the disk and its bytes did not.
    assert_eq!(parse(&name(), vec![0; 4096]), Err(Damage::Magic));
}

proptest! {
    #[test]
    fn entries_round_trip(meta in proptest::collection::vec(any::<u8>(), 0..64), body in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let file = [&body[..], &meta, &trailer(&name(), &meta, &body, stored_at())].concat();
        let entry = parse(&name(), file).unwrap();
        prop_assert_eq!((entry.meta, entry.body), (meta, body));
    }

    #[test]
    fn any_bytes_parse_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse(&name(), bytes).is_err());
    }
}

#[test]
fn the_checksum_is_xxh3() {
    // The value that xxHash's own documentation and tests give for no bytes at all.
    assert_eq!(checksum(b""), 0x2d06_8005_38d3_94c2);
}
