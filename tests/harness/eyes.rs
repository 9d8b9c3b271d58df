//! Looking at pictures: what format bytes are, how large, and how much two pictures differ. The
//! decoders are not the transformer's, so that both do not share a mistake.

use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};

/// The media type that the first bytes show, or `none`.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => "image/png",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            _,
            _,
            _,
            _,
            b'f',
            b't',
            b'y',
            b'p',
            b'a',
            b'v',
            b'i',
            b'f' | b's',
            ..,
        ] => "image/avif",
        _ => "none",
    }
}

/// Width and height: of AVIF from its `ispe` box, of the rest by decoding every pixel.
#[track_caller]
pub fn size(bytes: &[u8]) -> (u32, u32) {
    if media_type(bytes) != "image/avif" {
        return decode(bytes).dimensions();
    }
    let at = bytes
        .windows(4)
        .position(|window| window == b"ispe")
        .expect("an AVIF says its size");
    // The box's name, its version and flags, then two big-endian numbers.
    let number = |from: usize| u32::from_be_bytes(bytes[from..from + 4].try_into().unwrap());
    (number(at + 8), number(at + 12))
}

/// The whole picture.
#[track_caller]
pub fn decode(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap_or_else(|error| panic!("{}: {error}", media_type(bytes)))
}

/// The picture as a file of this format; JPEG at quality 95, the rest without loss.
pub fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    match format {
        ImageFormat::Jpeg => {
            let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 95);
            picture.to_rgb8().write_with_encoder(encoder).unwrap();
        }
        _ => picture.write_to(&mut out, format).unwrap(),
    }
    out.into_inner()
}

/// How alike two pictures of one size are, in dB: over 30 the same picture, under 15 another one.
#[track_caller]
pub fn psnr(one: &DynamicImage, other: &DynamicImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (one, other): (RgbImage, RgbImage) = (one.to_rgb8(), other.to_rgb8());
    let squares: f64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0_f64.powi(2) / (squares / one.as_raw().len() as f64).max(1e-9)).log10()
}

/// Four flat quarters, so that every turn and mirror shows: red, green above blue, white.
pub fn quarters(width: u32, height: u32) -> DynamicImage {
    let colour = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [230, 30, 30],
        (false, true) => [30, 200, 30],
        (true, false) => [30, 30, 230],
        (false, false) => [240, 240, 240],
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(colour(x, y))
    }))
}

/// The names of the four quarters' colours in reading order: `r g b w`.
#[track_caller]
pub fn read_quarters(picture: &DynamicImage) -> String {
    let (width, height) = picture.dimensions();
    let name = |x: u32, y: u32| {
        let [red, green, blue, _] = picture.get_pixel(x, y).0;
        match (red > 128, green > 128, blue > 128) {
            (true, true, true) => 'w',
            (true, false, false) => 'r',
            (false, true, false) => 'g',
            (false, false, true) => 'b',
            _ => '?',
        }
    };
    let (left, right, top, bottom) = (width / 4, width * 3 / 4, height / 4, height * 3 / 4);
    [
        name(left, top),
        name(right, top),
        name(left, bottom),
        name(right, bottom),
    ]
    .iter()
    .collect()
}
