//! The pieces that files are made of: chunks of PNG, chunks of RIFF, segments of JPEG. Bytes in, one piece after the
//! other out; only lengths are walked, and what the pieces hold is left to who asks for them.

/// Bytes of PNG's signature.
const PNG_SIGNATURE_BYTES: usize = 8;
/// `RIFF`, a length, and what it is of.
const RIFF_HEADER_BYTES: usize = 12;

/// The chunks of a PNG, up to one whose data is not all there: name and data.
pub(crate) fn png(source: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = source.get(PNG_SIGNATURE_BYTES..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, named) = rest.split_first_chunk::<4>()?;
        let (name, data) = named.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let data = data.get(..length)?;
        // A checksum follows.
        rest = rest.get(12usize.checked_add(length)?..).unwrap_or_default();
        Some((name, data))
    })
}

/// A chunk of a RIFF file.
pub(crate) struct RiffChunk<'a> {
    pub name: &'a [u8; 4],
    /// As much as is there.
    pub data: &'a [u8],
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// The chunks of a RIFF file, the last of which may break off. They are padded to even lengths.
pub(crate) fn riff(source: &[u8]) -> impl Iterator<Item = RiffChunk<'_>> {
    let mut rest = source.get(RIFF_HEADER_BYTES..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (length, data) = after.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        rest = data
            .get(length.checked_add(length & 1)?..)
            .unwrap_or_default();
        Some(RiffChunk {
            name,
            data: &data[..length.min(data.len())],
            is_whole: length <= data.len(),
        })
    })
}

/// The segments of a JPEG before its first scan or its end: marker, and as much of the data as is there. Bytes
/// between segments are stepped over, as every widely used decoder does.
pub(crate) fn jpeg(source: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = source.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let at = rest.iter().position(|&byte| byte == 0xFF)?;
            rest = &rest[at + 1..];
            match *rest.first()? {
                // A stuffed zero, a fill byte, or a marker without a segment.
                0x00 | 0xFF | 0x01 | 0xD0..=0xD8 => {}
                0xD9 | 0xDA => return None,
                marker => {
                    let length = usize::from(u16::from_be_bytes([*rest.get(1)?, *rest.get(2)?]));
                    let end = (1 + length.max(2)).min(rest.len());
                    let data = &rest[3..end];
                    rest = &rest[end..];
                    return Some((marker, data));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn png_chunks_end_where_one_is_not_whole() {
        let file = b"\x89PNG\r\n\x1A\n\0\0\0\x02abcd..1234\0\0\0\0efgh1234\0\0\0\x05ijkl....";
        let chunks: Vec<_> = png(file).collect();
        assert_eq!(chunks, [(b"abcd", &b".."[..]), (b"efgh", b"")]);
        let endless = b"\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFabcd";
        assert_eq!(png(endless).count() + png(b"\x89PNG").count(), 0);
    }

    #[test]
    fn riff_chunks_are_padded_and_the_last_may_break_off() {
        let file = b"RIFF....WEBPabcd\x03\0\0\0...\0efgh\x04\0\0\0..";
        let chunks = riff(file).map(|chunk| (chunk.name, chunk.data, chunk.is_whole));
        let chunks: Vec<_> = chunks.collect();
        assert_eq!(
            chunks,
            [(b"abcd", &b"..."[..], true), (b"efgh", b"..", false)]
        );
    }

    #[test]
    fn jpeg_segments_end_at_the_scan() {
        let file =
            b"\xFF\xD8junk\xFF\xFF\xE1\0\x04ab\xFF\xD0\xFF\xC0\0\x02\xFF\xDA\0\x02\xFF\xE2\0\x02";
        let segments: Vec<_> = jpeg(file).collect();
        assert_eq!(segments, [(0xE1, &b"ab"[..]), (0xC0, b"")]);
        let cut: Vec<_> = jpeg(b"\xFF\xD8\xFF\xE1\0\x09ab").collect();
        assert_eq!(cut, [(0xE1, &b"ab"[..])]);
        // A length that is too small counts itself all the same.
        assert_eq!(jpeg(b"\xFF\xD8\xFF\xE1\0\0\xFF\xE2\0\x02").count(), 2);
    }
}
