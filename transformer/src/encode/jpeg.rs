//! Pixels to a JPEG file: baseline, or progressive when asked. Alpha is laid on black; grey stays one
//! component. No metadata but the JFIF header is written.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};

/// Frame headers count sides in 16 bits.
const SIDE_MAX: u32 = 65_535;
/// From this quality on colour keeps its full resolution, as libvips does.
const QUALITY_FULL_CHROMA: u8 = 90;

pub(super) fn encode(picture: &Picture, quality: u8, interlace: bool) -> Result<Vec<u8>, Error> {
    check_side(picture, "JPEG", SIDE_MAX)?;
    let (layout, samples) = opaque::on_black(picture);
    let colour = if layout == Layout::Grey {
        ColorType::Luma
    } else {
        ColorType::Rgb
    };
    let mut out = Vec::with_capacity(samples.len() / 8);
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_progressive(interlace);
    encoder.set_sampling_factor(if quality < QUALITY_FULL_CHROMA {
        SamplingFactor::F_2_2
    } else {
        SamplingFactor::F_1_1
    });
    encoder
        .encode(
            &samples,
            picture.width() as u16,
            picture.height() as u16,
            colour,
        )
        .map_err(|error| Error::BadOperation(format!("JPEG: {error}")))?;
    Ok(out)
}
