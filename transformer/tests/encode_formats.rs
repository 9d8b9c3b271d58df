//! Every format that is written, read back by a decoder that is not ours: right size, right channels,
//! close enough to what went in, and exactly what went in where there is no loss.

#![expect(
    clippy::unwrap_used,
    reason = "a picture that cannot be read back is the failure looked for"
)]

use std::io::Cursor;

use image_webp::WebPDecoder;
use transformer::encode::encode;
use transformer::error::Error;
use transformer::options::{Format, Metadata, Output, Profile};
use transformer::picture::{Layout, Picture};

const OUTPUT: Output = Output {
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
const LAYOUTS: [Layout; 4] = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
/// Whole and broken blocks of 8 and 16, single pixels, single rows and columns.
const SIZES: [(u32, u32); 12] = [
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
fn picture(width: u32, height: u32, layout: Layout) -> Picture {
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
fn rgb(picture: &Picture, on_black: Option<()>) -> Vec<u8> {
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

fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / sum.max(1e-9)).log10()
}

struct Decoded {
    width: u32,
    height: u32,
    channels: usize,
    samples: Vec<u8>,
}

fn read_jpeg(bytes: &[u8]) -> Decoded {
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

fn read_png(bytes: &[u8]) -> Decoded {
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

fn read_webp(bytes: &[u8]) -> Decoded {
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

/// The sizes that an AVIF file states for its pictures, colour first.
fn avif_sizes(bytes: &[u8]) -> Vec<(u32, u32)> {
    assert_eq!(&bytes[4..12], b"ftypavif");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    bytes
        .windows(4)
        .enumerate()
        .filter(|(_, name)| name == b"ispe")
        .map(|(at, _)| (number(at + 8), number(at + 12)))
        .collect()
}

#[test]
fn jpeg_of_every_size_and_layout_is_near() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            for (quality, interlace, psnr_min) in
                [(60, false, 29.0), (80, true, 31.0), (95, false, 38.0)]
            {
                let picture = picture(width, height, layout);
                let output = Output {
                    quality: Some(quality),
                    interlace,
                    ..OUTPUT
                };
                let decoded = read_jpeg(&encode(&picture, Format::Jpeg, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                let grey = layout.channels() < 3;
                assert_eq!(decoded.channels, if grey { 1 } else { 3 });
                let mut wanted = rgb(&picture, Some(()));
                if grey {
                    wanted = wanted.into_iter().step_by(3).collect();
                }
                let psnr = psnr(&decoded.samples, &wanted);
                assert!(
                    psnr > psnr_min,
                    "{psnr} {width}x{height} {layout:?} q{quality}"
                );
                let large = width * height > 1000;
                assert!(!large || psnr < 60.0, "{psnr}: is the measure broken?");
            }
        }
    }
}

#[test]
fn jpeg_interlace_is_progressive() {
    let picture = picture(64, 48, Layout::Rgb);
    let sof = |interlace| {
        let bytes = encode(
            &picture,
            Format::Jpeg,
            &Output {
                interlace,
                ..OUTPUT
            },
        )
        .unwrap();
        let has = |marker: u8| bytes.windows(2).any(|pair| pair == [0xFF, marker]);
        (has(0xC0), has(0xC2))
    };
    assert_eq!(sof(false), (true, false));
    assert_eq!(sof(true), (false, true));
}

#[test]
fn png_is_exact_at_every_effort() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            for compression in [None, Some(0), Some(1), Some(6), Some(9), Some(200)] {
                let output = Output {
                    compression,
                    ..OUTPUT
                };
                let decoded = read_png(&encode(&picture, Format::Png, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                assert_eq!(decoded.channels, layout.channels());
                assert_eq!(
                    decoded.samples,
                    picture.samples(),
                    "{width}x{height} {layout:?}"
                );
            }
        }
    }
}

#[test]
fn png_effort_costs_or_saves_bytes() {
    let picture = picture(130, 99, Layout::Rgb);
    let bytes = |compression| {
        encode(
            &picture,
            Format::Png,
            &Output {
                compression: Some(compression),
                ..OUTPUT
            },
        )
        .unwrap()
        .len()
    };
    assert!(bytes(0) > picture.samples().len());
    let sizes = [0, 1, 6, 9].map(bytes);
    assert!(sizes[1] < sizes[0] && sizes[2] < sizes[1], "{sizes:?}");
    // Efforts near the top differ by chance on a picture this small.
    assert!(sizes[3] * 100 < sizes[2] * 101, "{sizes:?}");
}

#[test]
fn opaque_alpha_is_not_written() {
    let mut picture = picture(33, 20, Layout::Rgba);
    for pixel in picture.samples_mut().chunks_exact_mut(4) {
        pixel[3] = 255;
    }
    let wanted = rgb(&picture, None);
    let png = read_png(&encode(&picture, Format::Png, &OUTPUT).unwrap());
    assert_eq!((png.channels, &png.samples), (3, &wanted));
    let lossless = Output {
        lossless: true,
        ..OUTPUT
    };
    let webp = read_webp(&encode(&picture, Format::Webp, &lossless).unwrap());
    assert_eq!((webp.channels, &webp.samples), (3, &wanted));
    assert_eq!(
        read_webp(&encode(&picture, Format::Webp, &OUTPUT).unwrap()).channels,
        3
    );
    assert_eq!(
        avif_sizes(&encode(&picture, Format::Avif, &OUTPUT).unwrap()).len(),
        1
    );
}

#[test]
fn lossless_webp_is_exact() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let output = Output {
                lossless: true,
                ..OUTPUT
            };
            let decoded = read_webp(&encode(&picture, Format::Webp, &output).unwrap());
            assert_eq!((decoded.width, decoded.height), (width, height));
            let seen: Vec<u8> = decoded
                .samples
                .chunks_exact(decoded.channels)
                .flat_map(|pixel| pixel[..3].to_vec())
                .collect();
            assert_eq!(seen, rgb(&picture, None));
            check_alpha(&decoded, &picture);
        }
    }
}

/// Alpha is written without loss, whatever happens to the colours.
fn check_alpha(decoded: &Decoded, picture: &Picture) {
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

#[test]
fn lossy_webp_of_every_size_and_layout_is_near() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            for (quality, psnr_min) in [(30, 24.0), (75, 28.0), (100, 30.0)] {
                let picture = picture(width, height, layout);
                let output = Output {
                    quality: Some(quality),
                    ..OUTPUT
                };
                let decoded = read_webp(&encode(&picture, Format::Webp, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                check_alpha(&decoded, &picture);
                let alpha_min = 200; // colours under little alpha may be anything
                let pairs: (Vec<u8>, Vec<u8>) = decoded
                    .samples
                    .chunks_exact(decoded.channels)
                    .zip(rgb(&picture, None).chunks_exact(3))
                    .filter(|(seen, _)| seen.len() == 3 || seen[3] >= alpha_min)
                    .flat_map(|(seen, wanted)| {
                        [
                            (seen[0], wanted[0]),
                            (seen[1], wanted[1]),
                            (seen[2], wanted[2]),
                        ]
                    })
                    .unzip();
                let psnr = psnr(&pairs.0, &pairs.1);
                assert!(
                    psnr > psnr_min,
                    "{psnr} {width}x{height} {layout:?} q{quality}"
                );
            }
        }
    }
}

#[test]
fn avif_states_the_size_and_alpha() {
    for (width, height) in [(1, 1), (1, 37), (17, 33), (64, 48)] {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let sizes = avif_sizes(&encode(&picture, Format::Avif, &OUTPUT).unwrap());
            let transparent = layout.has_alpha() && width * height > 1;
            let wanted = vec![
                (width, height);
                if transparent || layout.has_alpha() {
                    2
                } else {
                    1
                }
            ];
            // Boxes with equal content may be shared between colour and alpha.
            assert!(sizes == wanted || sizes == wanted[..1], "{sizes:?}");
        }
    }
}

#[test]
fn more_quality_is_more_bytes() {
    let picture = picture(130, 99, Layout::Rgb);
    for format in [Format::Jpeg, Format::Webp, Format::Avif] {
        let bytes = |quality| {
            encode(&picture, format, &Output { quality, ..OUTPUT })
                .unwrap()
                .len()
        };
        assert!(
            bytes(Some(20)) < bytes(Some(55)) && bytes(Some(55)) < bytes(Some(90)),
            "{format:?}"
        );
        let default = if format == Format::Avif { 60 } else { 75 };
        assert_eq!(bytes(None), bytes(Some(default)), "{format:?}");
        assert_eq!(bytes(Some(0)), bytes(Some(1)), "{format:?}");
        assert_eq!(bytes(Some(255)), bytes(Some(100)), "{format:?}");
    }
}

#[test]
fn same_input_same_bytes() {
    let picture = picture(101, 67, Layout::Rgba);
    for format in [
        Format::Jpeg,
        Format::Png,
        Format::Webp,
        Format::Avif,
        Format::Gif,
        Format::Tiff,
        Format::Jxl,
        Format::Thumbhash,
    ] {
        let bytes = || encode(&picture, format, &OUTPUT).unwrap();
        assert_eq!(bytes(), bytes(), "{format:?}");
    }
}

#[test]
fn sides_up_to_the_limit_obeyed() {
    let webp = picture(16_383, 1, Layout::Grey);
    for lossless in [false, true] {
        let bytes = encode(&webp, Format::Webp, &Output { lossless, ..OUTPUT }).unwrap();
        assert_eq!(read_webp(&bytes).width, 16_383);
    }
    let jpeg = picture(1, 65_535, Layout::Rgb);
    assert_eq!(
        read_jpeg(&encode(&jpeg, Format::Jpeg, &OUTPUT).unwrap()).height,
        65_535
    );
    let png = picture(70_000, 1, Layout::Grey);
    assert_eq!(
        read_png(&encode(&png, Format::Png, &OUTPUT).unwrap()).width,
        70_000
    );
}

#[test]
fn sides_over_the_limit_violated() {
    let refusal = |picture: &Picture, format, lossless| match encode(
        picture,
        format,
        &Output { lossless, ..OUTPUT },
    ) {
        Err(Error::BadOperation(message)) => message,
        other => panic!("{other:?}"),
    };
    let webp = picture(1, 16_384, Layout::Grey);
    for lossless in [false, true] {
        let message = refusal(&webp, Format::Webp, lossless);
        assert!(
            message.contains("WebP") && message.contains("16383"),
            "{message}"
        );
    }
    let jpeg = picture(65_536, 1, Layout::Grey);
    let message = refusal(&jpeg, Format::Jpeg, false);
    assert!(
        message.contains("JPEG") && message.contains("65535"),
        "{message}"
    );
}

#[test]
fn formats_that_are_only_read_cannot_be_written() {
    let picture = picture(2, 2, Layout::Rgb);
    for format in [Format::Svg, Format::Pdf, Format::Heif, Format::Bmp] {
        assert_eq!(
            encode(&picture, format, &OUTPUT),
            Err(Error::Unwritable(format))
        );
    }
}

/// Indices and palette of a PNG as it is stored.
fn read_indexed(bytes: &[u8]) -> (Decoded, png::BitDepth) {
    let reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let info = reader.info();
    assert_eq!(info.color_type, png::ColorType::Indexed);
    let depth = info.bit_depth;
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    let shown = Decoded {
        width: info.width,
        height: info.height,
        channels: info.color_type.samples(),
        samples,
    };
    (shown, depth)
}

#[test]
fn palettes_of_every_size_and_layout_are_near() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            for compression in [None, Some(1), Some(9)] {
                let output = Output {
                    palette: true,
                    compression,
                    ..OUTPUT
                };
                let file = encode(&picture, Format::Png, &output).unwrap();
                let (decoded, _) = read_indexed(&file);
                assert_eq!((decoded.width, decoded.height), (width, height));
                let seen: Vec<u8> = decoded
                    .samples
                    .chunks_exact(decoded.channels)
                    .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
                    .collect();
                // Where alpha runs through all its levels beside the colours, 256 are few.
                let psnr_min = if layout.has_alpha() { 19.0 } else { 33.0 };
                let wanted = rgb(&picture, None);
                if !layout.has_alpha() || width * height > 1000 {
                    let psnr = psnr(&seen, &wanted);
                    assert!(psnr > psnr_min, "{psnr} {width}x{height} {layout:?}");
                }
            }
        }
    }
}

#[test]
fn a_palette_takes_as_few_bits_as_it_can() {
    for (colours, depth) in [
        (1u32, png::BitDepth::One),
        (2, png::BitDepth::One),
        (3, png::BitDepth::Two),
        (16, png::BitDepth::Four),
        (17, png::BitDepth::Eight),
        (256, png::BitDepth::Eight),
    ] {
        let samples: Vec<u8> = (0..37 * 11u32)
            .flat_map(|at| {
                let colour = at * 7 % colours;
                [colour as u8, 9, 77, if colour == 0 { 90 } else { 255 }]
            })
            .collect();
        let picture = Picture::new(37, 11, Layout::Rgba, samples.clone()).unwrap();
        let output = Output {
            palette: true,
            ..OUTPUT
        };
        let (decoded, seen) = read_indexed(&encode(&picture, Format::Png, &output).unwrap());
        assert_eq!(seen, depth, "{colours}");
        assert_eq!(
            (decoded.channels, &decoded.samples),
            (4, &samples),
            "{colours}"
        );
    }
}

#[test]
fn a_gif_keeps_few_colours_and_drops_half_transparency() {
    let picture = picture(40, 30, Layout::Rgba);
    let file = encode(&picture, Format::Gif, &OUTPUT).unwrap();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(&file[..]).unwrap();
    let frame = decoder.read_next_frame().unwrap().unwrap();
    assert_eq!((frame.width, frame.height), (40, 30));
    for (seen, was) in frame
        .buffer
        .chunks_exact(4)
        .zip(picture.samples().chunks_exact(4))
    {
        assert_eq!(seen[3], if was[3] < 128 { 0 } else { 255 });
    }
    assert!(decoder.read_next_frame().unwrap().is_none());
}

/// Whatever is wished, at sizes where blocks, strips and groups are whole and broken: a file, or a reason.
#[test]
fn no_wish_makes_an_encoder_fall() {
    let formats = [
        Format::Png,
        Format::Webp,
        Format::Gif,
        Format::Tiff,
        Format::Jxl,
        Format::Blurhash,
        Format::Thumbhash,
    ];
    let sizes = SIZES
        .into_iter()
        .chain([(255, 257), (256, 2), (2, 2), (3, 600), (513, 300)]);
    for (width, height) in sizes {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let wild = Picture::new(
                width,
                height,
                layout,
                picture
                    .samples()
                    .iter()
                    .map(|sample| sample.wrapping_mul(151))
                    .collect(),
            )
            .unwrap();
            for format in formats {
                for (lossless, palette, extreme) in
                    [(false, false, 0), (true, true, 255), (false, true, 1)]
                {
                    let output = Output {
                        lossless,
                        palette,
                        quality: Some(extreme),
                        compression: Some(extreme),
                        speed: Some(extreme),
                        interlace: palette,
                        ..OUTPUT
                    };
                    for picture in [&picture, &wild] {
                        let file = encode(picture, format, &output);
                        let is_thin = width.min(height) == 1;
                        let said = format!("{format:?} {width}x{height} {layout:?}: {file:?}");
                        assert_eq!(
                            file.is_ok(),
                            !(format == Format::Jxl && is_thin),
                            "{}",
                            &said[..90.min(said.len())]
                        );
                    }
                }
            }
        }
    }
}
