//! Pixels to an AVIF file: one still AV1 picture, and a second for alpha where alpha matters. Uses one
//! thread and reads no clock, so that it runs where there is neither.

use ravif::{BitDepth, Encoder, Img, RGB8, RGBA8};

use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};

/// AV1 counts sides in 16 bits.
const SIDE_MAX: u32 = 65_535;
/// `wit/transform.wit`'s default.
const QUALITY_DEFAULT: u8 = 60;
/// Without a speed asked for: for thumbnails the one that takes little more time than the fastest and
/// 3 to 12 % fewer bytes (`ENCODERS.md`), for larger pictures the fastest.
const SPEED_SMALL: u8 = 9;
const SPEED_LARGE: u8 = 10;
/// Up to which a picture is small: about 800 by 600, over which speed 9 takes seconds.
const SMALL_PIXELS_MAX: u64 = 500_000;

pub(super) fn encode(
    picture: &Picture,
    quality: Option<u8>,
    speed: Option<u8>,
) -> Result<Vec<u8>, Error> {
    check_side(picture, "AVIF", SIDE_MAX)?;
    let quality = f32::from(quality.unwrap_or(QUALITY_DEFAULT));
    let encoder = Encoder::new()
        .with_quality(quality)
        .with_alpha_quality(quality)
        .with_speed(speed.unwrap_or_else(|| default_speed(picture)).clamp(1, 10))
        .with_bit_depth(BitDepth::Eight)
        .with_num_threads(Some(1));
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let file = match opaque::without_alpha(picture) {
        Some((layout, samples)) => {
            encoder.encode_rgb(Img::new(&colours(layout, &samples)[..], width, height))
        }
        None => encoder.encode_rgba(Img::new(&colours_with_alpha(picture)[..], width, height)),
    };
    file.map(|image| image.avif_file)
        .map_err(|error| Error::BadOperation(format!("AVIF: {error}")))
}

fn default_speed(picture: &Picture) -> u8 {
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    if pixels > SMALL_PIXELS_MAX {
        SPEED_LARGE
    } else {
        SPEED_SMALL
    }
}

fn colours(layout: Layout, samples: &[u8]) -> Vec<RGB8> {
    match layout {
        Layout::Grey => samples
            .iter()
            .map(|&grey| RGB8::new(grey, grey, grey))
            .collect(),
        _ => samples
            .as_chunks()
            .0
            .iter()
            .map(|&[r, g, b]| RGB8::new(r, g, b))
            .collect(),
    }
}

fn colours_with_alpha(picture: &Picture) -> Vec<RGBA8> {
    let samples = picture.samples();
    match picture.layout() {
        Layout::GreyAlpha => samples
            .as_chunks()
            .0
            .iter()
            .map(|&[v, a]| RGBA8::new(v, v, v, a))
            .collect(),
        _ => samples
            .as_chunks()
            .0
            .iter()
            .map(|&[r, g, b, a]| RGBA8::new(r, g, b, a))
            .collect(),
    }
}
