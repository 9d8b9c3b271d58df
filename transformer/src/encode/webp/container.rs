//! Coded chunks in, a WebP file out (RFC 9649, section 2): RIFF with one chunk, or with the extended
//! header where there is alpha. Knows nothing of what the chunks hold.

/// Alpha present, among the extended header's flags.
const ALPHA_FLAG: u8 = 1 << 4;

/// A file of a lossy picture and, where there is one, its alpha chunk.
pub(super) fn file(size: (u32, u32), alpha: Option<&[u8]>, picture: &[u8]) -> Vec<u8> {
    let alpha_bytes = alpha.map_or(0, <[u8]>::len);
    let mut out = Vec::with_capacity(picture.len() + alpha_bytes + 64);
    out.extend(*b"RIFF\0\0\0\0WEBP");
    if let Some(alpha) = alpha {
        let (width, height) = (size.0 - 1, size.1 - 1);
        let mut header = vec![ALPHA_FLAG, 0, 0, 0];
        header.extend(&width.to_le_bytes()[..3]);
        header.extend(&height.to_le_bytes()[..3]);
        write_chunk(*b"VP8X", &header, &mut out);
        write_chunk(*b"ALPH", alpha, &mut out);
    }
    write_chunk(*b"VP8 ", picture, &mut out);
    let bytes = out.len() as u32 - 8;
    out[4..8].copy_from_slice(&bytes.to_le_bytes());
    out
}

/// The first chunk of a name in a file.
pub(super) fn chunk(file: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let mut rest = file.get(12..)?;
    loop {
        let (header, after) = rest.split_first_chunk::<8>()?;
        let [.., a, b, c, d] = *header;
        let bytes = u32::from_le_bytes([a, b, c, d]) as usize;
        if header[..4] == name {
            return after.get(..bytes);
        }
        rest = after.get(bytes.next_multiple_of(2)..)?;
    }
}

fn write_chunk(name: [u8; 4], bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(name);
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
    if bytes.len() % 2 == 1 {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_found_again() {
        let file = file((3, 70_000), Some(&[1, 2, 3]), &[4, 5]);
        assert_eq!(file.len() % 2, 0);
        assert_eq!(
            u32::from_le_bytes([file[4], file[5], file[6], file[7]]) as usize,
            file.len() - 8
        );
        assert_eq!(
            chunk(&file, *b"VP8X"),
            Some(&[16, 0, 0, 0, 2, 0, 0, 0x6F, 0x11, 1][..])
        );
        assert_eq!(chunk(&file, *b"ALPH"), Some(&[1, 2, 3][..]));
        assert_eq!(chunk(&file, *b"VP8 "), Some(&[4, 5][..]));
        assert_eq!(chunk(&file, *b"EXIF"), None);
    }

    #[test]
    fn opaque_is_one_chunk() {
        let file = file((3, 4), None, &[4, 5]);
        assert_eq!(file[12..], *b"VP8 \x02\0\0\0\x04\x05");
    }
}
