//! Pixels to a PNG file, without loss, or with a palette. An alpha channel that is opaque everywhere is left out; no
//! chunks but header, data and end are written. Never interlaced: the encoder cannot.

mod content;
mod indexed;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter};

use super::opaque;
use crate::error::Error;
use crate::picture::{Layout, Picture};
use content::Content;

pub(super) use indexed::encode as encode_indexed;

/// zlib's own default effort.
const COMPRESSION_DEFAULT: u8 = 6;

/// A file of the picture; `compression` is an effort from 0 (none) to 9.
pub(super) fn encode(picture: &Picture, compression: Option<u8>) -> Result<Vec<u8>, Error> {
    let compression = effort(compression);
    match opaque::without_alpha(picture) {
        Some((layout, samples)) => write(picture, (layout, &samples), compression),
        None => write(picture, (picture.layout(), picture.samples()), compression),
    }
    .map_err(|error| refused(&error))
}

fn effort(compression: Option<u8>) -> u8 {
    compression.unwrap_or(COMPRESSION_DEFAULT).min(9)
}

fn refused(error: &EncodingError) -> Error {
    Error::BadOperation(format!("PNG: {error}"))
}

fn write(
    picture: &Picture,
    pixels: (Layout, &[u8]),
    compression: u8,
) -> Result<Vec<u8>, EncodingError> {
    let (layout, samples) = pixels;
    let mut out = Vec::with_capacity(samples.len() / 2);
    let mut encoder = Encoder::new(&mut out, picture.width(), picture.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(match layout {
        Layout::Grey => ColorType::Grayscale,
        Layout::GreyAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgb => ColorType::Rgb,
        Layout::Rgba => ColorType::Rgba,
    });
    let (deflate, filter) = method(compression, || content::of(layout, samples));
    encoder.set_deflate_compression(deflate);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(out)
}

/// How to compress. In photographs nothing repeats, so that a search for repetitions (the levels) costs
/// ten times the time of a good prefix code alone and saves nothing; in drawings it halves the file.
/// `ENCODERS.md` has the figures.
fn method(compression: u8, content: impl FnOnce() -> Content) -> (DeflateCompression, Filter) {
    /// By effort, miniz's level of about the bytes that zlib has at that effort.
    const LEVELS: [u8; 10] = [0, 0, 1, 1, 2, 3, 3, 5, 6, 9];
    match compression {
        0 => return (DeflateCompression::NoCompression, Filter::NoFilter),
        1 => return (DeflateCompression::FdeflateUltraFast, Filter::Paeth),
        _ => {}
    }
    let level = DeflateCompression::Level(LEVELS[usize::from(compression)]);
    match (content(), compression) {
        (Content::Photograph, ..COMPRESSION_DEFAULT) => {
            (DeflateCompression::FdeflateUltraFast, Filter::Paeth)
        }
        (Content::Photograph, _) => (DeflateCompression::FdeflateUltraFast, Filter::Adaptive),
        (Content::Drawing, _) => (level, Filter::Adaptive),
        (Content::FewColours, _) => (level, Filter::NoFilter),
    }
}
