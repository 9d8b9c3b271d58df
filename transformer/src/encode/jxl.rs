//! Pixels to a JPEG XL codestream (ISO/IEC 18181), without loss.

use zune_core::bit_depth::BitDepth;
use zune_core::colorspace::ColorSpace;
use zune_core::options::EncoderOptions;
use zune_jpegxl::JxlSimpleEncoder;

use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture, Sample};

/// What any decoder of the format's level 5 takes.
const SIDE_MAX: u32 = 1 << 18;
/// The encoder's own lower limit.
const SIDE_MIN: u32 = 2;

/// A file of the picture.
pub(super) fn encode<S: Sample>(picture: &Picture<S>) -> Result<Vec<u8>, Error> {
    check_side(picture, "JPEG XL", SIDE_MAX)?;
    let (width, height) = (picture.width(), picture.height());
    if width.min(height) < SIDE_MIN {
        return Err(Error::BadOperation(format!(
            "JPEG XL is written with at least {SIDE_MIN} pixels a side"
        )));
    }
    let (layout, samples) =
        opaque::without_alpha(picture).unwrap_or((picture.layout(), picture.samples().into()));
    let colours = match layout {
        Layout::Grey => ColorSpace::Luma,
        Layout::GreyAlpha => ColorSpace::LumaA,
        Layout::Rgb => ColorSpace::RGB,
        Layout::Rgba => ColorSpace::RGBA,
    };
    let depth = match S::BITS {
        u16::BITS => BitDepth::Sixteen,
        _ => BitDepth::Eight,
    };
    let options =
        EncoderOptions::new(width as usize, height as usize, colours, depth).set_num_threads(1);
    let mut out = Vec::new();
    JxlSimpleEncoder::new(bytemuck::cast_slice(&samples), options)
        .encode(&mut out)
        .map_err(|error| Error::BadOperation(format!("JPEG XL: {error:?}")))?;
    Ok(out)
}
