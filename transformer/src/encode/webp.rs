//! Pixels to a WebP file, with or without loss. Alpha is always kept without loss, and left out where
//! every pixel is opaque. No metadata chunk is written.

use image_webp::{ColorType, WebPEncoder};

use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};

/// Sides are counted in 14 bits.
const SIDE_MAX: u32 = 16_383;

pub(super) fn encode_lossless(picture: &Picture) -> Result<Vec<u8>, Error> {
    check_side(picture, "WebP", SIDE_MAX)?;
    let (layout, samples) =
        opaque::without_alpha(picture).unwrap_or((picture.layout(), picture.samples().into()));
    let colour = match layout {
        Layout::Grey => ColorType::L8,
        Layout::GreyAlpha => ColorType::La8,
        Layout::Rgb => ColorType::Rgb8,
        Layout::Rgba => ColorType::Rgba8,
    };
    let mut out = Vec::with_capacity(samples.len() / 2);
    WebPEncoder::new(&mut out)
        .encode(&samples, picture.width(), picture.height(), colour)
        .map_err(|error| Error::BadOperation(format!("WebP: {error}")))?;
    Ok(out)
}

pub(super) fn encode_lossy(picture: &Picture, quality: u8) -> Result<Vec<u8>, Error> {
    use webp_lossy::{ColorType, EncoderParams, WebPEncoder};
    check_side(picture, "WebP", SIDE_MAX)?;
    let (layout, samples) =
        opaque::without_alpha(picture).unwrap_or((picture.layout(), picture.samples().into()));
    let colour = match layout {
        Layout::Grey => ColorType::L8,
        Layout::GreyAlpha => ColorType::La8,
        Layout::Rgb => ColorType::Rgb8,
        Layout::Rgba => ColorType::Rgba8,
    };
    let mut out = Vec::with_capacity(samples.len() / 8);
    let mut encoder = WebPEncoder::new(&mut out);
    let mut params = EncoderParams::default();
    params.use_lossy = true;
    params.lossy_quality = quality;
    encoder.set_params(params);
    encoder
        .encode(&samples, picture.width(), picture.height(), colour)
        .map_err(|error| Error::BadOperation(format!("WebP: {error}")))?;
    Ok(out)
}
