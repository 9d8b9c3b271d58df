//! Names: a key, a tag and a version come in; a file's path goes out, and back again.
//! Must never touch a file: this is text alone.

use std::fmt;

/// What an entry is found by: a digest that the caller computes. Different entries, different keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub [u8; 32]);

/// What entries are removed together by, for example the digest of the source they were made from.
/// Tags that collide are removed together: no more than work done twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tag(pub u64);

/// Tells apart all files ever written for one key, so that unlinking an old one can never hit a
/// newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u64);

/// Everything a file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) key: Key,
    pub(crate) tag: Tag,
    pub(crate) version: Version,
}

/// What a file name found on disk turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    Entry(Name),
    /// Left by a write that never ended.
    Temporary(Name),
    /// Nobody's of ours: left alone.
    Foreign,
}

/// The folder of all entries; its name changes with the layout of names, so that two layouts never mix.
pub(crate) const ENTRIES: &str = "entries-1";

/// A directory costs a block (4 KiB) even when empty, so 64 take a quarter of the smallest sensible
/// budget (1 MiB), and a million entries leave 16,000 in each: two levels of a hashed directory.
pub(crate) const SHARDS: u8 = 64;

const TEMPORARY: &str = ".tmp";

/// 64 digits of the key, 16 of the tag, 16 of the version, two hyphens.
const NAME_LENGTH: usize = 64 + 1 + 16 + 1 + 16;

impl Key {
    /// Which folder the key's files stand in.
    pub(crate) const fn shard(&self) -> u8 {
        self.0[0] % SHARDS
    }
}

/// A shard's path below the cache directory.
pub(crate) fn shard_path(shard: u8) -> String {
    format!("{ENTRIES}/{shard:02x}")
}

impl Name {
    /// The entry's path below the cache directory.
    pub(crate) fn path(&self) -> String {
        let mut path = String::with_capacity(ENTRIES.len() + 4 + NAME_LENGTH + TEMPORARY.len());
        path.push_str(ENTRIES);
        path.push('/');
        push_hex(&mut path, &[self.key.shard()]);
        path.push('/');
        self.push_file_name(&mut path);
        path
    }

    /// The last part of the path.
    pub(crate) fn file_name(&self) -> String {
        let mut text = String::with_capacity(NAME_LENGTH);
        self.push_file_name(&mut text);
        text
    }

    /// The path it is written at before it is whole: the same folder, so that the rename is atomic.
    pub(crate) fn temporary_path(&self) -> String {
        self.path() + TEMPORARY
    }

    fn push_file_name(&self, text: &mut String) {
        push_hex(text, &self.key.0);
        text.push('-');
        push_hex(text, &self.tag.0.to_be_bytes());
        text.push('-');
        push_hex(text, &self.version.0.to_be_bytes());
    }

    /// Reads back the last part of a path.
    pub(crate) fn parse(file_name: &[u8]) -> Parsed {
        match file_name.strip_suffix(TEMPORARY.as_bytes()) {
            Some(stem) => parse_stem(stem).map_or(Parsed::Foreign, Parsed::Temporary),
            None => parse_stem(file_name).map_or(Parsed::Foreign, Parsed::Entry),
        }
    }
}

fn parse_stem(stem: &[u8]) -> Option<Name> {
    if stem.len() != NAME_LENGTH || stem[64] != b'-' || stem[81] != b'-' {
        return None;
    }
    Some(Name {
        key: Key(hex(&stem[..64])?),
        tag: Tag(u64::from_be_bytes(hex(&stem[65..81])?)),
        version: Version(u64::from_be_bytes(hex(&stem[82..])?)),
    })
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Lower case only: one entry has one name.
fn hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

const fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        push_hex(&mut text, &self.0);
        f.write_str(&text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name() -> Name {
        let mut key = [0xab; 32];
        key[0] = 0x7f;
        Name {
            key: Key(key),
            tag: Tag(0x0123_4567_89ab_cdef),
            version: Version(1),
        }
    }

    #[test]
    fn the_path_is_fixed() {
        let expected = format!(
            "entries-1/3f/7f{}-0123456789abcdef-0000000000000001",
            "ab".repeat(31)
        );
        assert_eq!(name().path(), expected);
        assert_eq!(name().temporary_path(), expected + ".tmp");
        assert_eq!(shard_path(name().key.shard()), "entries-1/3f");
    }

    #[test]
    fn names_that_are_not_ours() {
        let path = name().path();
        let ours = path.rsplit('/').next().unwrap();
        assert_eq!(Name::parse(ours.as_bytes()), Parsed::Entry(name()));
        let others = [
            String::new(),
            "lost+found".into(),
            ours.to_uppercase(),
            format!("{ours}0"),
            ours.replace('-', "_"),
            ours.replace('7', "g"),
        ];
        for other in others {
            assert_eq!(Name::parse(other.as_bytes()), Parsed::Foreign, "{other}");
        }
    }

    proptest! {
        #[test]
        fn names_round_trip(key: [u8; 32], tag: u64, version: u64) {
            let name = Name { key: Key(key), tag: Tag(tag), version: Version(version) };
            let file_name = |path: String| path.rsplit('/').next().unwrap().to_owned();
            prop_assert_eq!(Name::parse(file_name(name.path()).as_bytes()), Parsed::Entry(name));
            prop_assert_eq!(Name::parse(file_name(name.temporary_path()).as_bytes()), Parsed::Temporary(name));
        }

        #[test]
        fn any_bytes_parse_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            prop_assert_eq!(Name::parse(&bytes), Parsed::Foreign);
        }
    }
}
