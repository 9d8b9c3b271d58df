//! AVIF files whose container says something else than the coded picture: refused, since by the container all
//! that a picture costs is reckoned.

#![expect(
    clippy::unwrap_used,
    reason = "a picture that cannot be made is the failure looked for"
)]

use transformer::Sources;
use transformer::encode::encode;
use transformer::error::{Error, Limit};
use transformer::options::{Format, Limits, Output, Truncated};
use transformer::picture::{Layout, Picture};

const LIMITS: Limits = Limits {
    source_pixels_max: 3000,
    output_pixels_max: 1 << 20,
    output_side_max: 8192,
    memory_bytes_max: 1 << 30,
    frames_max: 1,
    animation_pixels_max: 1,
    truncated: Truncated::Refuse,
};

/// 48 by 32 pixels.
fn file(layout: Layout) -> Vec<u8> {
    let samples = (0..48 * 32 * layout.channels()).map(|at| (at / 7) as u8);
    let picture = Picture::new(48, 32, layout, samples.collect()).unwrap();
    let output = Output {
        speed: Some(10),
        ..Output::new(Format::Avif)
    };
    encode(&picture, Format::Avif, &output).unwrap()
}

/// Where the contents of each box of a type begin.
fn boxes(file: &[u8], kind: [u8; 4]) -> Vec<usize> {
    let found = file.windows(4).enumerate();
    let found = found.filter(|(_, window)| *window == kind);
    found.map(|(at, _)| at + 4).collect()
}

fn made(file: &[u8]) -> Result<(u32, u32), Error> {
    let output = Output::new(Format::Png);
    let made = transformer::transform(Sources::alone(file), &[], &output, &LIMITS);
    made.map(|made| (made.width, made.height))
}

fn assert_malformed(file: &[u8]) {
    let refused = made(file);
    assert!(matches!(refused, Err(Error::Malformed(_))), "{refused:?}");
}

#[test]
fn another_size_than_the_coded_one() {
    let file = file(Layout::Rgb);
    assert_eq!(made(&file), Ok((48, 32)));
    let [size] = boxes(&file, *b"ispe")[..] else {
        panic!("sizes");
    };
    for height in [16, 33, 40] {
        let mut other = file.clone();
        other[size + 11] = height;
        assert_malformed(&other);
    }
}

#[test]
fn alpha_of_another_size() {
    let file = file(Layout::Rgba);
    assert_eq!(made(&file), Ok((48, 32)));
    let mut other = file.clone();
    // Both pictures share one property.
    let sizes = boxes(&file, *b"ispe");
    other[sizes[sizes.len() - 1] + 11] = 31;
    assert_malformed(&other);
}

#[test]
fn deeper_than_declared() {
    let file = file(Layout::Rgb);
    let [configuration] = boxes(&file, *b"av1C")[..] else {
        panic!("configurations");
    };
    let with = |bits: u8| {
        let mut other = file.clone();
        let byte = &mut other[configuration + 2];
        // High depth, twelve bits, grey, and both ways in which chroma shrinks.
        *byte = *byte & 0b1000_0011 | bits << 2;
        made(&other)
    };
    // More than there is may be claimed: it costs only the one who claims it.
    assert_eq!(with(0b11_000), Ok((48, 32)));
    let refused = with(0b00_111);
    assert!(matches!(refused, Err(Error::Malformed(_))), "{refused:?}");
}

#[test]
fn a_part_costs_as_much_as_the_whole() {
    let file = file(Layout::Rgb);
    let mut limits = LIMITS;
    limits.source_pixels_max = 48 * 32 - 1;
    let output = Output::new(Format::Png);
    let refused = transformer::transform(Sources::alone(&file), &[], &output, &limits);
    let limit = Limit::SourcePixels;
    assert!(matches!(refused, Err(Error::TooLarge { limit: passed, .. }) if passed == limit));
}
