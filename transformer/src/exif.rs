//! The orientation out of an EXIF block: a TIFF header and its first directory, and nothing else.
//! Hostile offsets and counts end in `None`; nothing is allocated and nothing is followed further.

/// Tag 0x0112, Orientation (EXIF 2.32, section 4.6.4).
const ORIENTATION: u16 = 0x0112;
/// TIFF field type SHORT.
const SHORT: u16 = 3;
/// Bytes of one directory entry.
const ENTRY_BYTES: usize = 12;

/// How multi-byte numbers are laid out.
#[derive(Clone, Copy)]
enum Order {
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

/// The orientation, 1 to 8, that `exif` gives: a TIFF stream, with or without `Exif\0\0` before it.
pub(crate) fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let order = match tiff.get(..4)? {
        b"II\x2A\0" => Order::Little,
        b"MM\0\x2A" => Order::Big,
        _ => return None,
    };
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
