//! A picture of every size and layout, and what other decoders make of a file.

use std::io::Cursor;

use image_webp::WebPDecoder;
use transformer::options::{Metadata, Output, Profile};
use transformer::picture::{Layout, Picture};

pub(crate) const OUTPUT: Output = Output {
    format: None,
    quality: None,
    compression: None,
    speed: None,
    interlace: false,
    lossless: false,
    page: None,
    palette: false,
    profile: Profile::Ignore,
    metadata: Metadata::None,
    linear: false,
};
pub(crate) const LAYOUTS: [Layout; 4] =
    [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
/// Whole and broken blocks of 8 and 16, single pixels, single rows and columns.
pub(crate) const SIZES: [(u32, u32); 12] = [
    (1, 1),
    (1, 37),
    (41, 1),
    (2, 3),
    (7, 9),
    (8, 8),
    (15, 17),
    (16, 16),
    (17, 33),
    (64, 48),
    (101, 67),
    (130, 99),
];

/// Slow waves, an edge and a little grain: something of what a photograph has, the same on every run.
pub(crate) fn picture(width: u32, height: u32, layout: Layout) -> Picture {
    let mut samples = Vec::new();
    let mut state = 1u32;
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (state >> 29) as f32;
            let (fx, fy) = (x as f32, y as f32);
            let edge = if (x + 2 * y) % 90 > 45 { 60.0 } else { 0.0 };
            let wave = |phase: f32| {
                (90.0 + 45.0 * (fx / 23.0 + phase).sin() * (fy / 31.0).cos() + edge + grain) as u8
            };
            let alpha = (254 - (x * 3 + y * 5) % 255) as u8;
            let pixel = [wave(0.0), wave(0.9), wave(2.1)];
            match layout {
                Layout::Grey => samples.push(pixel[0]),
                Layout::GreyAlpha => samples.extend([pixel[0], alpha]),
                Layout::Rgb => samples.extend(pixel),
                Layout::Rgba => samples.extend([pixel[0], pixel[1], pixel[2], alpha]),
            }
        }
    }
    Picture::new(width, height, layout, samples).unwrap()
}

/// Three samples a pixel; alpha is dropped, or multiplied in (`on_black`).
pub(crate) fn rgb(picture: &Picture, on_black: Option<()>) -> Vec<u8> {
    let layout = picture.layout();
    let mut out = Vec::new();
    for pixel in picture.samples().chunks_exact(layout.channels()) {
        let alpha = match (on_black, layout.has_alpha()) {
            (Some(()), true) => u32::from(*pixel.last().unwrap()),
            _ => 255,
        };
        let colours = if layout.channels() < 3 {
            [pixel[0]; 3]
        } else {
            [pixel[0], pixel[1], pixel[2]]
        };
        out.extend(colours.map(|sample| (u32::from(sample) * alpha / 255) as u8));
    }
    out
}

pub(crate) fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / sum.max(1e-9)).log10()
}

pub(crate) struct Decoded {
    pub width: u32,
    pub height: u32,
    pub channels: usize,
    pub samples: Vec<u8>,
}

pub(crate) fn read_jpeg(bytes: &[u8]) -> Decoded {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let samples = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let channels = info.pixel_format.pixel_bytes();
    Decoded {
        width: info.width.into(),
        height: info.height.into(),
        channels,
        samples,
    }
}

pub(crate) fn read_png(bytes: &[u8]) -> Decoded {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    Decoded {
        width: info.width,
        height: info.height,
        channels: info.color_type.samples(),
        samples,
    }
}

pub(crate) fn read_webp(bytes: &[u8]) -> Decoded {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).unwrap();
    let mut samples = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut samples).unwrap();
    let (width, height) = decoder.dimensions();
    Decoded {
        width,
        height,
        channels: if decoder.has_alpha() { 4 } else { 3 },
        samples,
    }
}

/// Alpha is written without loss, whatever happens to the colours.
pub(crate) fn check_alpha(decoded: &Decoded, picture: &Picture) {
    let layout = picture.layout();
    let transparent = layout.has_alpha();
    assert_eq!(decoded.channels, if transparent { 4 } else { 3 });
    if transparent {
        let seen = decoded.samples.iter().skip(3).step_by(4);
        let wanted = picture
            .samples()
            .iter()
            .skip(layout.channels() - 1)
            .step_by(layout.channels());
        assert!(seen.eq(wanted));
    }
}

/// The sizes that an AVIF file states for its pictures, colour first.
pub(crate) fn avif_sizes(bytes: &[u8]) -> Vec<(u32, u32)> {
    assert_eq!(&bytes[4..12], b"ftypavif");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    bytes
        .windows(4)
        .enumerate()
        .filter(|(_, name)| name == b"ispe")
        .map(|(at, _)| (number(at + 8), number(at + 12)))
        .collect()
}
