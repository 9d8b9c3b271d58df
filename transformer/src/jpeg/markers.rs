//! Markers and segments: bytes and a position come in, the next marker or a segment's payload goes
//! out. Tolerates junk between segments as libjpeg does; never reads past the end.

use super::error::Error;

/// Start of image.
pub(super) const SOI: u8 = 0xD8;
/// End of image.
pub(super) const EOI: u8 = 0xD9;
/// Start of scan.
pub(super) const SOS: u8 = 0xDA;
/// Define quantisation tables.
pub(super) const DQT: u8 = 0xDB;
/// Define Huffman tables.
pub(super) const DHT: u8 = 0xC4;
/// Define the restart interval.
pub(super) const DRI: u8 = 0xDD;
/// The first of eight restart markers.
pub(super) const RST0: u8 = 0xD0;
/// The last of eight restart markers.
pub(super) const RST7: u8 = 0xD7;
/// For temporary use in arithmetic coding; stands alone.
const TEM: u8 = 0x01;

/// A marker and where the bytes after it begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) code: u8,
    pub(super) after: usize,
}

impl Marker {
    /// Whether nothing belongs to the marker but itself.
    pub(super) fn stands_alone(self) -> bool {
        matches!(self.code, RST0..=RST7 | SOI | EOI | TEM)
    }
}

/// The next marker at or after `from`: 0xFF bytes followed by one that is neither 0x00 nor 0xFF.
/// What lies before it is skipped.
pub(super) fn next(source: &[u8], from: usize) -> Option<Marker> {
    let mut at = from;
    loop {
        at = find_ff(source, at)?;
        while source.get(at).is_some_and(|&byte| byte == 0xFF) {
            at += 1;
        }
        let code = *source.get(at)?;
        at += 1;
        if code != 0 {
            return Some(Marker { code, after: at });
        }
    }
}

/// The payload of the segment whose length field stands at `at`.
pub(super) fn payload(source: &[u8], at: usize) -> Result<&[u8], Error> {
    let rest = source.get(at..).unwrap_or_default();
    let (length, _) = rest.split_first_chunk::<2>().ok_or(Error::Truncated)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return Err(Error::Malformed("segment length"));
    }
    rest.get(2..length).ok_or(Error::Truncated)
}

/// Where the first 0xFF at or after `from` stands. Eight bytes a step, because scans that a scale
/// does not need are passed over by this search.
fn find_ff(source: &[u8], from: usize) -> Option<usize> {
    let rest = source.get(from..)?;
    let (words, _) = rest.as_chunks::<8>();
    let clean = words
        .iter()
        .take_while(|word| !has_ff(u64::from_le_bytes(**word)))
        .count();
    let start = clean * 8;
    let found = rest.get(start..)?.iter().position(|&byte| byte == 0xFF)?;
    Some(from + start + found)
}

/// Whether one of the eight bytes is 0xFF. May only err for words that do hold one.
#[inline(always)]
pub(super) const fn has_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!word).wrapping_sub(ONES) & word & (ONES << 7) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_and_fill_bytes_are_passed_over() {
        let bytes = [1, 2, 0xFF, 0x00, 9, 9, 9, 9, 9, 9, 9, 0xFF, 0xFF, 0xC0, 7];
        assert_eq!(
            next(&bytes, 0),
            Some(Marker {
                code: 0xC0,
                after: 14
            })
        );
        assert_eq!(next(&bytes, 14), None);
        assert_eq!(next(&[0xFF, 0xFF], 0), None);
        assert_eq!(next(&bytes, 99), None);
    }

    #[test]
    fn every_place_of_ff_in_a_word_is_seen() {
        for place in 0..8 {
            let mut bytes = [0xFE_u8; 8];
            assert!(!has_ff(u64::from_le_bytes(bytes)));
            bytes[place] = 0xFF;
            assert!(has_ff(u64::from_le_bytes(bytes)));
        }
    }

    #[test]
    fn a_segment_must_be_whole() {
        assert_eq!(payload(&[0, 4, 1, 2, 3], 0), Ok(&[1, 2][..]));
        assert_eq!(payload(&[0, 2], 0), Ok(&[][..]));
        assert_eq!(payload(&[0, 1], 0), Err(Error::Malformed("segment length")));
        assert_eq!(payload(&[0, 5, 1], 0), Err(Error::Truncated));
        assert_eq!(payload(&[0], 0), Err(Error::Truncated));
        assert_eq!(payload(&[], 7), Err(Error::Truncated));
    }
}
