//! Pixels to a WebP file, with or without loss. Alpha is always kept without loss, and left out where
//! every pixel is opaque. No metadata chunk is written.

mod container;

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
    let (layout, samples) = opaque::colours(picture);
    let picture = lossy(size, (layout, &samples), quality)?;
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

/// The payload of a lossy picture's chunk. The encoder handles broken macroblocks badly: it gets whole
/// ones, the edge repeated, and the true size is written over the one it states.
fn lossy(size: (u32, u32), pixels: (Layout, &[u8]), quality: u8) -> Result<Vec<u8>, Error> {
    let (layout, samples) = pixels;
    let (width, height) = (size.0 as usize, size.1 as usize);
    let channels = layout.channels();
    let whole = (width.next_multiple_of(16), height.next_multiple_of(16));
    let mut padded = Vec::with_capacity(whole.0 * whole.1 * channels);
    for y in 0..whole.1 {
        let row = &samples[y.min(height - 1) * width * channels..][..width * channels];
        padded.extend_from_slice(row);
        (width..whole.0).for_each(|_| padded.extend_from_slice(&row[row.len() - channels..]));
    }
    let colour = if channels == 1 {
        webp_lossy::ColorType::L8
    } else {
        webp_lossy::ColorType::Rgb8
    };
    let mut params = webp_lossy::EncoderParams::default();
    params.use_lossy = true;
    params.lossy_quality = quality;
    let mut file = Vec::new();
    let mut encoder = webp_lossy::WebPEncoder::new(&mut file);
    encoder.set_params(params);
    encoder
        .encode(&padded, whole.0 as u32, whole.1 as u32, colour)
        .map_err(|error| refused(&error))?;
    let chunk = container::chunk(&file, *b"VP8 ").ok_or_else(|| refused(&"no lossy stream"))?;
    let mut chunk = chunk.to_vec();
    // RFC 6386, 9.1: the sides stand after a tag and a start code of three bytes each.
    if let Some(sides) = chunk.get_mut(6..10) {
        sides[..2].copy_from_slice(&(size.0 as u16).to_le_bytes());
        sides[2..].copy_from_slice(&(size.1 as u16).to_le_bytes());
    }
    Ok(chunk)
}
