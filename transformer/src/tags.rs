//! Tags to a directory of TIFF: what a TIFF file ends with here, and what EXIF is made of. Little-endian.

/// How the values of a tag are stored (TIFF 6.0, section 2), as far as it is written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 8 bits.
    Byte,
    /// Text, with a zero at its end.
    Ascii,
    /// 16 bits.
    Short,
    /// 32 bits.
    Long,
    /// Two of 32 bits: above and below the line.
    Rational,
    /// Bytes of which only the tag knows the meaning.
    Undefined,
    /// A rational with signs.
    SignedRational,
}

/// A tag and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub tag: u16,
    pub kind: Kind,
    /// The values, little-endian.
    pub bytes: Vec<u8>,
}

/// Where a directory of EXIF's own tags stands.
const EXIF_POINTER: u16 = 0x8769;

impl Kind {
    /// Every one.
    pub(crate) const ALL: [Self; 7] = [
        Self::Byte,
        Self::Ascii,
        Self::Short,
        Self::Long,
        Self::Rational,
        Self::Undefined,
        Self::SignedRational,
    ];

    /// As it is written.
    pub(crate) const fn number(self) -> u16 {
        match self {
            Self::Byte => 1,
            Self::Ascii => 2,
            Self::Short => 3,
            Self::Long => 4,
            Self::Rational => 5,
            Self::Undefined => 7,
            Self::SignedRational => 10,
        }
    }

    /// Bytes of one value.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Byte | Self::Ascii | Self::Undefined => 1,
            Self::Short => 2,
            Self::Long => 4,
            Self::Rational | Self::SignedRational => 8,
        }
    }

    /// Bytes of the numbers that a value is made of, whose order counts.
    pub(crate) const fn word_bytes(self) -> usize {
        match self {
            Self::Rational | Self::SignedRational => 4,
            other => other.bytes(),
        }
    }
}

impl Entry {
    pub(crate) fn shorts(tag: u16, values: &[u16]) -> Self {
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self {
            tag,
            kind: Kind::Short,
            bytes,
        }
    }

    pub(crate) fn longs(tag: u16, values: &[u32]) -> Self {
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self {
            tag,
            kind: Kind::Long,
            bytes,
        }
    }

    pub(crate) fn long(tag: u16, value: u32) -> Self {
        Self::longs(tag, &[value])
    }

    pub(crate) fn rational(tag: u16, whole: u32) -> Self {
        Self {
            kind: Kind::Rational,
            ..Self::longs(tag, &[whole, 1])
        }
    }
}

/// Write a directory at the end of `out`, which begins with the header of a TIFF stream, and after it, if there
/// are any, the entries of EXIF's.
pub(crate) fn write(mut entries: Vec<Entry>, exif: &[Entry], out: &mut Vec<u8>) {
    if !exif.is_empty() {
        entries.push(Entry::long(EXIF_POINTER, 0));
    }
    entries.sort_by_key(|entry| entry.tag);
    entries.dedup_by_key(|entry| entry.tag);
    let pointer = entries.iter().position(|entry| entry.tag == EXIF_POINTER);
    let start = out.len();
    write_one(&entries, out);
    if let Some(pointer) = pointer.filter(|_| !exif.is_empty()) {
        let at = start + 2 + pointer * 12 + 8;
        let place = (out.len() as u32).to_le_bytes();
        out[at..at + 4].copy_from_slice(&place);
        let mut exif = exif.to_vec();
        exif.sort_by_key(|entry| entry.tag);
        write_one(&exif, out);
    }
}

fn write_one(entries: &[Entry], out: &mut Vec<u8>) {
    let mut values = out.len() + 2 + entries.len() * 12 + 4;
    let mut behind = Vec::new();
    out.extend((entries.len() as u16).to_le_bytes());
    for Entry { tag, kind, bytes } in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.number().to_le_bytes());
        out.extend(((bytes.len() / kind.bytes()) as u32).to_le_bytes());
        if bytes.len() <= 4 {
            let mut inside = [0; 4];
            inside[..bytes.len()].copy_from_slice(bytes);
            out.extend(inside);
            continue;
        }
        out.extend((values as u32).to_le_bytes());
        behind.extend_from_slice(bytes);
        if bytes.len() % 2 == 1 {
            behind.push(0);
        }
        values += bytes.len().next_multiple_of(2);
    }
    out.extend([0; 4]);
    out.extend(behind);
}
