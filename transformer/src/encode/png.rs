//! Pixels to a PNG file, without loss. An alpha channel that is opaque everywhere is left out; no
//! chunks but header, data and end are written. Never interlaced: the encoder cannot.

use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter};

use super::opaque;
use crate::error::Error;
use crate::picture::{Layout, Picture};

/// zlib's own default effort.
const COMPRESSION_DEFAULT: u8 = 6;

pub(super) fn encode(picture: &Picture, compression: Option<u8>) -> Result<Vec<u8>, Error> {
    let compression = compression.unwrap_or(COMPRESSION_DEFAULT).min(9);
    match opaque::without_alpha(picture) {
        Some((layout, samples)) => write(picture, layout, &samples, compression),
        None => write(picture, picture.layout(), picture.samples(), compression),
    }
    .map_err(|error| Error::BadOperation(format!("PNG: {error}")))
}

fn write(
    picture: &Picture,
    layout: Layout,
    samples: &[u8],
    compression: u8,
) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::with_capacity(samples.len() / 2);
    let mut encoder = Encoder::new(&mut out, picture.width(), picture.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(match layout {
        Layout::Grey => ColorType::Grayscale,
        Layout::GreyAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgb => ColorType::Rgb,
        Layout::Rgba => ColorType::Rgba,
    });
    encoder.set_deflate_compression(match compression {
        0 => DeflateCompression::NoCompression,
        1 => DeflateCompression::FdeflateUltraFast,
        level => DeflateCompression::Level(level),
    });
    encoder.set_filter(if compression == 0 {
        Filter::NoFilter
    } else {
        Filter::Adaptive
    });
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(out)
}
