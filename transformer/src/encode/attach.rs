//! An encoded file and an EXIF block in, the file with the block inside out. Pixels are not looked at. A format
//! without a place for EXIF comes out as it went in.

use super::webp;
use crate::options::Format;

/// What a segment of JPEG holds at most, its length included.
const SEGMENT_BYTES_MAX: usize = 65_535;
/// What EXIF begins with in JPEG.
const NAME: &[u8] = b"Exif\0\0";

/// Put `exif`, a TIFF stream, into a file that an encoder here has made.
pub(super) fn exif(file: Vec<u8>, (format, size): (Format, (u32, u32)), exif: &[u8]) -> Vec<u8> {
    match format {
        Format::Jpeg => in_jpeg(file, exif),
        Format::Png => in_png(file, exif),
        Format::Webp => webp::with_exif(&file, size, exif),
        _ => file,
    }
}

/// Behind the start of the image, and before everything else: where readers look.
fn in_jpeg(file: Vec<u8>, exif: &[u8]) -> Vec<u8> {
    const START_BYTES: usize = 2;
    let length = 2 + NAME.len() + exif.len();
    if length > SEGMENT_BYTES_MAX {
        return file;
    }
    let mut segment = vec![0xFF, 0xE1];
    segment.extend((length as u16).to_be_bytes());
    segment.extend_from_slice(NAME);
    segment.extend_from_slice(exif);
    inserted(file, START_BYTES, &segment)
}

/// Behind the header.
fn in_png(file: Vec<u8>, exif: &[u8]) -> Vec<u8> {
    /// A signature; a length, a name, 13 bytes and a checksum.
    const HEADER_BYTES: usize = 8 + 12 + 13;
    let mut chunk = (exif.len() as u32).to_be_bytes().to_vec();
    chunk.extend(*b"eXIf");
    chunk.extend_from_slice(exif);
    let checksum = checksum(&chunk[4..]);
    chunk.extend(checksum.to_be_bytes());
    inserted(file, HEADER_BYTES, &chunk)
}

fn inserted(mut file: Vec<u8>, at: usize, piece: &[u8]) -> Vec<u8> {
    if at <= file.len() {
        file.splice(at..at, piece.iter().copied());
    }
    file
}

/// The CRC of PNG (third edition, annex D), bit by bit: what is kept has a few hundred bytes.
fn checksum(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            sum >> 1 ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_an_empty_end_chunk() {
        assert_eq!(checksum(b"IEND"), 0xAE42_6082);
    }
}
