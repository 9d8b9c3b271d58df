//! Coded chunks in, a WebP file out (RFC 9649, section 2): RIFF with one chunk, or with the extended
//! header where there is alpha. Knows nothing of what the chunks hold.

/// Among the extended header's flags: it is animated.
pub(super) const ANIMATION_FLAG: u8 = 1 << 1;
/// There is EXIF.
pub(super) const EXIF_FLAG: u8 = 1 << 3;
/// Some of it is transparent.
pub(super) const ALPHA_FLAG: u8 = 1 << 4;

/// What stands before the first chunk: two names, and between them the length.
const RIFF_BYTES: usize = 12;

/// A file of a lossy picture and, where there is one, its alpha chunk.
pub(super) fn file(size: (u32, u32), alpha: Option<&[u8]>, picture: &[u8]) -> Vec<u8> {
    let alpha_bytes = alpha.map_or(0, <[u8]>::len);
    let mut out = begun(picture.len() + alpha_bytes + 64);
    if let Some(alpha) = alpha {
        write_chunk(*b"VP8X", &extended_header(ALPHA_FLAG, size), &mut out);
        write_chunk(*b"ALPH", alpha, &mut out);
    }
    write_chunk(*b"VP8 ", picture, &mut out);
    ended(out)
}

/// The start of a file of about `bytes`.
pub(super) fn begun(bytes: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes);
    out.extend(*b"RIFF\0\0\0\0WEBP");
    out
}

/// The file with its length in it.
pub(super) fn ended(mut out: Vec<u8>) -> Vec<u8> {
    let bytes = out.len() as u32 - 8;
    out[4..8].copy_from_slice(&bytes.to_le_bytes());
    out
}

/// What `VP8X` holds.
pub(super) fn extended_header(flags: u8, size: (u32, u32)) -> [u8; 10] {
    let ([w0, w1, w2, _], [h0, h1, h2, _]) =
        ((size.0 - 1).to_le_bytes(), (size.1 - 1).to_le_bytes());
    [flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]
}

/// A still file of a size, with an EXIF chunk at its end.
pub(in crate::encode) fn with_exif(file: &[u8], size: (u32, u32), exif: &[u8]) -> Vec<u8> {
    let mut out = begun(file.len() + exif.len() + 64);
    let known = chunk(file, *b"VP8X").and_then(|header| header.first());
    let has_alpha = chunk(file, *b"VP8L").is_some_and(lossless_has_alpha);
    let flags = known
        .copied()
        .unwrap_or(if has_alpha { ALPHA_FLAG } else { 0 });
    write_chunk(
        *b"VP8X",
        &extended_header(flags | EXIF_FLAG, size),
        &mut out,
    );
    let old_header = if known.is_some() { 8 + 10 } else { 0 };
    out.extend_from_slice(file.get(RIFF_BYTES + old_header..).unwrap_or_default());
    write_chunk(*b"EXIF", exif, &mut out);
    ended(out)
}

/// Whether a lossless stream says that it has alpha: a bit after a signature and two sides of 14 bits.
fn lossless_has_alpha(stream: &[u8]) -> bool {
    stream.get(4).is_some_and(|byte| byte >> 4 & 1 == 1)
}

/// The first chunk of a name in a file.
pub(super) fn chunk(file: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let mut rest = file.get(RIFF_BYTES..)?;
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

pub(super) fn write_chunk(name: [u8; 4], bytes: &[u8], out: &mut Vec<u8>) {
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
