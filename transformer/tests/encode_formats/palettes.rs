//! Few colours: PNG with a palette, and GIF.

use std::io::Cursor;

use transformer::encode::encode;
use transformer::options::{Format, Output};
use transformer::picture::{Layout, Picture};

use super::harness::{Decoded, LAYOUTS, OUTPUT, SIZES, picture, psnr, rgb};

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
