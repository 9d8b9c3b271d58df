//! Pixels to a PNG file, without loss, or with a palette. An alpha channel that is opaque everywhere is left out; no
//! chunks but header, data and end are written. Never interlaced: the encoder cannot.

mod content;
mod indexed;

use std::borrow::Cow;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter};

use super::opaque;
use crate::error::Error;
use crate::picture::{Layout, Picture, Sample};
use content::Content;

pub(super) use indexed::encode as encode_indexed;

/// zlib's own default effort.
const COMPRESSION_DEFAULT: u8 = 6;

/// A file of the picture; `compression` is an effort from 0 (none) to 9.
pub(super) fn encode(picture: &Picture, compression: Option<u8>) -> Result<Vec<u8>, Error> {
    let (layout, samples) =
        opaque::without_alpha(picture).unwrap_or((picture.layout(), picture.samples().into()));
    let pixels = Pixels {
        size: (picture.width(), picture.height()),
        layout,
        depth: BitDepth::Eight,
        bytes: &samples,
    };
    let how = method(effort(compression), || content::of(layout, &samples));
    write(&pixels, how).map_err(|error| refused(&error))
}

/// The same with 16 bits a sample. Takes the picture, since its bytes are put in the file's order in place.
pub(super) fn encode_deep(
    picture: Picture<u16>,
    compression: Option<u8>,
) -> Result<Vec<u8>, Error> {
    let size = (picture.width(), picture.height());
    let stripped = match opaque::without_alpha(&picture) {
        Some((layout, Cow::Owned(samples))) => Some((layout, samples)),
        _ => None,
    };
    let (layout, mut samples) =
        stripped.unwrap_or_else(|| (picture.layout(), picture.into_samples()));
    let how = method_deep(effort(compression));
    for sample in &mut samples {
        *sample = sample.big_endian();
    }
    let pixels = Pixels {
        size,
        layout,
        depth: BitDepth::Sixteen,
        bytes: bytemuck::cast_slice(&samples),
    };
    write(&pixels, how).map_err(|error| refused(&error))
}

fn effort(compression: Option<u8>) -> u8 {
    compression.unwrap_or(COMPRESSION_DEFAULT).min(9)
}

fn refused(error: &EncodingError) -> Error {
    Error::BadOperation(format!("PNG: {error}"))
}

/// What is to be written.
struct Pixels<'a> {
    size: (u32, u32),
    layout: Layout,
    depth: BitDepth,
    bytes: &'a [u8],
}

fn write(pixels: &Pixels<'_>, (deflate, filter): Method) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::with_capacity(pixels.bytes.len() / 2);
    let mut encoder = Encoder::new(&mut out, pixels.size.0, pixels.size.1);
    encoder.set_depth(pixels.depth);
    encoder.set_color(match pixels.layout {
        Layout::Grey => ColorType::Grayscale,
        Layout::GreyAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgb => ColorType::Rgb,
        Layout::Rgba => ColorType::Rgba,
    });
    encoder.set_deflate_compression(deflate);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.bytes)?;
    writer.finish()?;
    Ok(out)
}

type Method = (DeflateCompression, Filter);

/// By effort, miniz's level of about the bytes that zlib has at that effort.
const LEVELS: [u8; 10] = [0, 0, 1, 1, 2, 3, 3, 5, 6, 9];

/// How to compress. In photographs nothing repeats, so that a search for repetitions (the levels) costs
/// ten times the time of a good prefix code alone and saves nothing; in drawings it halves the file.
/// `ENCODERS.md` has the figures.
fn method(compression: u8, content: impl FnOnce() -> Content) -> Method {
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

/// How to compress 16 bits a sample. Their lower halves are noise whatever the picture shows, for which the fixed
/// codes of the fast way are too long.
fn method_deep(compression: u8) -> Method {
    match compression {
        0 => (DeflateCompression::NoCompression, Filter::NoFilter),
        1..=3 => (DeflateCompression::Level(1), Filter::Paeth),
        _ => (
            DeflateCompression::Level(LEVELS[usize::from(compression)]),
            Filter::Adaptive,
        ),
    }
}
