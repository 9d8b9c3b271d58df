//! What the encoder believes a decoder will see, beside what a decoder that is not ours does see.

use image_webp::vp8::Vp8Decoder;

use super::*;
use crate::picture::Layout;
use transform::Block;

/// Whole and broken macroblocks, single pixels, rows and columns.
const SIZES: [(usize, usize); 9] = [
    (1, 1),
    (1, 40),
    (40, 1),
    (15, 17),
    (16, 16),
    (17, 15),
    (33, 64),
    (100, 67),
    (130, 99),
];

fn noise(count: usize, mask: u32) -> Vec<u8> {
    let mut state = 7u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24 & mask) as u8
    };
    (0..count).map(next).collect()
}

/// Pictures of all sorts: each by name, with three samples a pixel.
fn pictures((width, height): (usize, usize)) -> [(&'static str, Vec<u8>); 5] {
    let pixels = |of: &dyn Fn(usize, usize) -> [u8; 3]| -> Vec<u8> {
        (0..width * height)
            .flat_map(|at| of(at % width, at / width))
            .collect()
    };
    [
        ("noise", noise(width * height * 3, 255)),
        ("a little noise", noise(width * height * 3, 15)),
        ("flat", vec![77; width * height * 3]),
        (
            "gradient",
            pixels(&|x, y| [(x * 3) as u8, (y * 2) as u8, (x + y) as u8]),
        ),
        (
            "checks",
            pixels(&|x, y| {
                if (x / 5 + y / 7) % 2 == 0 {
                    [255, 0, 0]
                } else {
                    [0, 255, 255]
                }
            }),
        ),
    ]
}

/// Encode without a loop filter, which works on whole decoded pictures only; the frame, and the planes
/// that the encoder took to be decoded.
fn with_planes(size: (usize, usize), samples: &[u8], quality: u8) -> (Vec<u8>, [Vec<u8>; 3]) {
    let planes = Planes::new(size, Layout::Rgb, samples);
    let mut segments = Segments::new(&planes, quality);
    segments.filter_levels = [0; 4];
    let mut frame = Frame::new(&planes, &segments);
    let (columns, rows) = (planes.columns, planes.rows);
    let mut decoded = [16, 8, 8].map(|side| vec![0; side * side * columns * rows]);
    for y in 0..rows {
        for x in 0..columns {
            let coded = frame.code(&planes, (x, y));
            place(&mut decoded[0], &coded.luma_samples, (x, y), columns);
            place(&mut decoded[1], &coded.chroma_samples[0], (x, y), columns);
            place(&mut decoded[2], &coded.chroma_samples[1], (x, y), columns);
        }
        frame.end_row();
    }
    (frame.finish(size).unwrap(), decoded)
}

fn place(plane: &mut [u8], blocks: &[Block], (x, y): (usize, usize), columns: usize) {
    let across = if blocks.len() == 16 { 4 } else { 2 };
    let side = across * 4;
    for (at, block) in blocks.iter().enumerate() {
        for (row, samples) in block.chunks_exact(4).enumerate() {
            let line = y * side + at / across * 4 + row;
            let from = line * columns * side + x * side + at % across * 4;
            plane[from..from + 4].copy_from_slice(samples);
        }
    }
}

#[test]
fn a_decoder_sees_what_was_meant() {
    for size in SIZES {
        for (name, samples) in pictures(size) {
            for quality in [1, 30, 75, 96, 100] {
                let (frame, meant) = with_planes(size, &samples, quality);
                let seen = Vp8Decoder::decode_frame(&frame[..]).unwrap();
                let seen = [seen.ybuf, seen.ubuf, seen.vbuf];
                assert!(seen == meant, "{name} {size:?} at {quality}");
            }
        }
    }
}

#[test]
fn few_modes_are_enough() {
    // Each restriction by itself, as for pictures whose modes would not fit.
    let size = (64, 48);
    for (name, samples) in pictures(size) {
        for spent in [MODES_RATE_MAX, MODES_RATE_MAX - WHOLE_RATE_MAX * 8] {
            let planes = Planes::new(size, Layout::Rgb, &samples);
            let segments = Segments::new(&planes, 75);
            let mut frame = Frame::new(&planes, &segments);
            frame.modes_rate = spent;
            let mut coded = Vec::new();
            for y in 0..planes.rows {
                for x in 0..planes.columns {
                    coded.push(frame.code(&planes, (x, y)).luma);
                }
                frame.end_row();
            }
            assert!(
                coded.iter().all(|luma| matches!(luma, Luma::Whole(_))),
                "{name}"
            );
            let frame = frame.finish(size).unwrap();
            assert_eq!(Vp8Decoder::decode_frame(&frame[..]).unwrap().width, 64);
        }
    }
}

#[test]
fn more_quality_is_nearer_and_longer() {
    let size = (130, 99);
    let (_, samples) = pictures(size)[1].clone();
    let planes = Planes::new(size, Layout::Rgb, &samples);
    let source: Vec<Block> = (0..planes.rows * planes.columns)
        .flat_map(|at| planes.luma((at % planes.columns, at / planes.columns)))
        .collect();
    let mut last = (0, u64::MAX);
    for quality in [5, 40, 70, 90, 100] {
        let segments = Segments::new(&planes, quality);
        let mut frame = Frame::new(&planes, &segments);
        let mut seen = Vec::new();
        for y in 0..planes.rows {
            for x in 0..planes.columns {
                seen.extend(frame.code(&planes, (x, y)).luma_samples);
            }
            frame.end_row();
        }
        let bytes = frame.finish(size).unwrap().len();
        let pairs = source.as_flattened().iter().zip(seen.as_flattened());
        let error: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
        assert!(bytes > last.0 && error < last.1, "quality {quality}");
        last = (bytes, error);
    }
}
