//! Tags out of an EXIF block: a TIFF header, its first directory, and EXIF's own, and nothing else.
//! Hostile offsets and counts end in `None`; nothing is allocated and nothing is followed further.

/// Tag 0x0112, Orientation (EXIF 2.32, section 4.6.4).
const ORIENTATION: u16 = 0x0112;
/// TIFF field type SHORT.
const SHORT: u16 = 3;
/// Bytes of one directory entry.
const ENTRY_BYTES: usize = 12;

/// How multi-byte numbers are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        })
    }
}

/// A TIFF stream: the block without what JPEG puts in front of it.
#[derive(Clone, Copy)]
pub(crate) struct Stream<'a> {
    tiff: &'a [u8],
    order: Order,
}

/// A tag as it is stored.
pub(crate) struct Stored<'a> {
    pub tag: u16,
    /// The number of the type of its values.
    pub kind: u16,
    /// How many they are.
    pub count: u32,
    /// Four bytes: the values, or where they stand.
    place: &'a [u8],
    stream: Stream<'a>,
}

impl<'a> Stream<'a> {
    /// `None` for what does not begin as a TIFF stream does, with or without `Exif\0\0` before it.
    pub(crate) fn new(exif: &'a [u8]) -> Option<Self> {
        let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let order = match tiff.get(..4)? {
            b"II\x2A\0" => Order::Little,
            b"MM\0\x2A" => Order::Big,
            _ => return None,
        };
        Some(Self { tiff, order })
    }

    /// How its numbers are laid out.
    pub(crate) const fn order(self) -> Order {
        self.order
    }

    /// The tags of the first directory.
    pub(crate) fn main(self) -> impl Iterator<Item = Stored<'a>> {
        let at = self.order.u32(self.tiff, 4);
        self.directory(at)
    }

    /// The tags of the directory at a place, as far as they are there.
    pub(crate) fn directory(self, at: Option<u32>) -> impl Iterator<Item = Stored<'a>> {
        let at = at.map(|at| at as usize);
        let count = at.and_then(|at| self.order.u16(self.tiff, at)).unwrap_or(0);
        (0..usize::from(count)).map_while(move |number| {
            let entry = at?.checked_add(2)?.checked_add(number * ENTRY_BYTES)?;
            Some(Stored {
                tag: self.order.u16(self.tiff, entry)?,
                kind: self.order.u16(self.tiff, entry + 2)?,
                count: self.order.u32(self.tiff, entry + 4)?,
                place: self.tiff.get(entry + 8..entry + ENTRY_BYTES)?,
                stream: self,
            })
        })
    }
}

impl<'a> Stored<'a> {
    /// Its values, of `bytes` together.
    pub(crate) fn values(&self, bytes: usize) -> Option<&'a [u8]> {
        if bytes <= self.place.len() {
            return self.place.get(..bytes);
        }
        let at = self.number()? as usize;
        self.stream.tiff.get(at..at.checked_add(bytes)?)
    }

    /// Its place as a number.
    pub(crate) fn number(&self) -> Option<u32> {
        self.stream.order.u32(self.place, 0)
    }
}

/// The orientation, 1 to 8, that `exif` gives: a TIFF stream, with or without `Exif\0\0` before it.
pub(crate) fn orientation(exif: &[u8]) -> Option<u8> {
    let Stream { tiff, order } = Stream::new(exif)?;
    let directory = order.u32(tiff, 4)? as usize;
    let count = order.u16(tiff, directory)?;
    // At most 65,535 entries of 12 bytes: the count itself is the bound.
    let mut entry = directory.checked_add(2)?;
    for _ in 0..count {
        if order.u16(tiff, entry)? == ORIENTATION {
            let value = order.u16(tiff, entry.checked_add(8)?)?;
            let valid = order.u16(tiff, entry + 2)? == SHORT && (1..=8).contains(&value);
            return valid.then_some(value as u8);
        }
        entry = entry.checked_add(ENTRY_BYTES)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(order: &[u8], entry: &[u8]) -> Vec<u8> {
        let mut block = order.to_vec();
        block.extend_from_slice(entry);
        block
    }

    #[test]
    fn both_byte_orders_and_the_prefix() {
        let little = block(
            b"II\x2A\0\x08\0\0\0\x01\0",
            b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
        );
        let big = block(
            b"MM\0\x2A\0\0\0\x08\0\x01",
            b"\x01\x12\0\x03\0\0\0\x01\0\x08\0\0",
        );
        assert_eq!(orientation(&little), Some(6));
        assert_eq!(orientation(&big), Some(8));
        assert_eq!(orientation(&block(b"Exif\0\0", &big)), Some(8));
    }

    #[test]
    fn hostile_blocks_have_none() {
        let zero = block(
            b"II\x2A\0\x08\0\0\0\x01\0",
            b"\x12\x01\x03\0\x01\0\0\0\0\0\0\0",
        );
        let nine = block(
            b"II\x2A\0\x08\0\0\0\x01\0",
            b"\x12\x01\x03\0\x01\0\0\0\x09\0\0\0",
        );
        let text = block(
            b"II\x2A\0\x08\0\0\0\x01\0",
            b"\x12\x01\x02\0\x01\0\0\0\x06\0\0\0",
        );
        let far = block(
            b"II\x2A\0\xFF\xFF\xFF\xFF\x01\0",
            b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
        );
        let cut = block(b"II\x2A\0\x08\0\0\0\xFF\xFF", b"\x12\x01\x03\0\x01");
        for hostile in [&zero, &nine, &text, &far, &cut, &Vec::new()] {
            assert_eq!(orientation(hostile), None, "{hostile:?}");
        }
    }
}
