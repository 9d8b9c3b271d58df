//! Pixels to a TIFF file (TIFF 6.0, little-endian): strips, deflated after each sample has become its
//! difference from the one on its left. Alpha is straight. Numbers of 32 bits, so at most 4 GB.

use super::{check_side, opaque};
use crate::error::Error;
use crate::metadata::Kept;
use crate::picture::{Layout, Picture, Sample};
use crate::tags::{self, Entry};

/// What is deflated at a time, before it is: small enough for readers that want few rows.
const STRIP_BYTES: usize = 64 << 10;
/// More costs much time and saves little.
const DEFLATE_LEVEL: u8 = 6;
/// Sides are counted in 32 bits; this is what readers can be trusted with.
const SIDE_MAX: u32 = 1 << 20;
/// Bytes before the strips.
const HEADER_BYTES: usize = 8;

/// A file of the picture, with the tags that are kept.
pub(super) fn encode<S: Sample>(
    picture: &Picture<S>,
    kept: Option<&Kept>,
) -> Result<Vec<u8>, Error> {
    check_side(picture, "TIFF", SIDE_MAX)?;
    let (layout, samples) =
        opaque::without_alpha(picture).unwrap_or((picture.layout(), picture.samples().into()));
    let channels = layout.channels();
    let stride = picture.width() as usize * channels;
    let rows = (STRIP_BYTES / (stride * size_of::<S>())).max(1);
    let mut file = b"II\x2A\0\0\0\0\0".to_vec();
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for strip in samples.chunks(rows * stride) {
        let deflated = deflated(strip, stride, channels);
        offsets.push(file.len() as u32);
        lengths.push(deflated.len() as u32);
        file.extend(deflated);
        // Everything that is pointed at stands at even offsets.
        file.resize(file.len().next_multiple_of(2), 0);
    }
    let has_alpha = layout.has_alpha();
    let is_grey = matches!(layout, Layout::Grey | Layout::GreyAlpha);
    let mut entries = vec![
        Entry::long(256, picture.width()),
        Entry::long(257, picture.height()),
        Entry::shorts(258, &vec![S::BITS as u16; channels]),
        // Deflate.
        Entry::shorts(259, &[8]),
        // Black is zero, or red, green and blue.
        Entry::shorts(262, &[if is_grey { 1 } else { 2 }]),
        Entry::longs(273, &offsets),
        Entry::shorts(277, &[channels as u16]),
        Entry::long(278, rows as u32),
        Entry::longs(279, &lengths),
        // 72 dots per inch: the format wants to be told some number.
        Entry::rational(282, 72),
        Entry::rational(283, 72),
        // Samples of a pixel side by side.
        Entry::shorts(284, &[1]),
        Entry::shorts(296, &[2]),
        // Differences along rows.
        Entry::shorts(317, &[2]),
    ];
    if has_alpha {
        // Straight.
        entries.push(Entry::shorts(338, &[2]));
    }
    let at = file.len();
    file[4..HEADER_BYTES].copy_from_slice(&(at as u32).to_le_bytes());
    let exif = kept.map_or(&[][..], |kept| &kept.exif);
    entries.extend(kept.into_iter().flat_map(|kept| kept.main.iter().cloned()));
    tags::write(entries, exif, &mut file);
    if u32::try_from(file.len()).is_err() {
        return Err(Error::BadOperation("TIFF holds at most 4 GB".to_owned()));
    }
    Ok(file)
}

fn deflated<S: Sample>(strip: &[S], stride: usize, channels: usize) -> Vec<u8> {
    let mut differences = strip.to_vec();
    for row in differences.chunks_exact_mut(stride) {
        for at in (channels..row.len()).rev() {
            let difference = row[at].into().wrapping_sub(row[at - channels].into());
            row[at] = S::low(difference);
        }
    }
    for sample in &mut differences {
        *sample = sample.little_endian();
    }
    let bytes = bytemuck::cast_slice(&differences);
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, DEFLATE_LEVEL)
}
