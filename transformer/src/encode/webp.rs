//! Pixels to a WebP file, with or without loss. Alpha is always kept without loss, and left out where
//! every pixel is opaque. No metadata chunk is written.

mod container;
mod lossy;

use std::borrow::Cow;

use image_webp::{ColorType, WebPEncoder};

use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};

/// Sides are counted in 14 bits.
const SIDE_MAX: u32 = 16_383;

/// A file that gives back every sample.
pub(super) fn encode_lossless(picture: &Picture) -> Result<Vec<u8>, Error> {
    check_side(picture, "WebP", SIDE_MAX)?;
    let (layout, samples) = opaque::without_alpha(picture)
        .unwrap_or((picture.layout(), Cow::Borrowed(picture.samples())));
    lossless((picture.width(), picture.height()), layout, &samples)
}

/// A smaller file that gives back nearly the colours, and exactly the alpha.
pub(super) fn encode_lossy(picture: &Picture, quality: u8) -> Result<Vec<u8>, Error> {
    check_side(picture, "WebP", SIDE_MAX)?;
    let size = (picture.width(), picture.height());
    let alpha = alpha(picture)?;
    let sides = (size.0 as usize, size.1 as usize);
    let picture = lossy::encode(sides, (picture.layout(), picture.samples()), quality)
        .ok_or_else(|| refused(&"too many macroblocks for a file with loss"))?;
    Ok(container::file(size, alpha.as_deref(), &picture))
}

fn lossless((width, height): (u32, u32), layout: Layout, samples: &[u8]) -> Result<Vec<u8>, Error> {
    let colour = match layout {
        Layout::Grey => ColorType::L8,
        Layout::GreyAlpha => ColorType::La8,
        Layout::Rgb => ColorType::Rgb8,
        Layout::Rgba => ColorType::Rgba8,
    };
    let mut out = Vec::with_capacity(samples.len() / 2);
    WebPEncoder::new(&mut out)
        .encode(samples, width, height, colour)
        .map_err(|error| refused(&error))?;
    Ok(out)
}

/// The payload of an alpha chunk, if alpha matters: a byte that says "lossless, unfiltered", then the
/// lossless stream of the alpha as grey, without the header that repeats its size.
fn alpha(picture: &Picture) -> Result<Option<Vec<u8>>, Error> {
    const LOSSLESS: u8 = 1;
    /// A signature byte, two sides of 14 bits, a flag and a version of 3 bits.
    const HEADER_BYTES: usize = 5;
    let Some(alpha) = opaque::alpha(picture) else {
        return Ok(None);
    };
    let file = lossless((picture.width(), picture.height()), Layout::Grey, &alpha)?;
    let stream = container::chunk(&file, *b"VP8L").and_then(|chunk| chunk.get(HEADER_BYTES..));
    let stream = stream.ok_or_else(|| refused(&"no lossless stream"))?;
    Ok(Some([&[LOSSLESS], stream].concat()))
}

fn refused(error: &dyn core::fmt::Display) -> Error {
    Error::BadOperation(format!("WebP: {error}"))
}
