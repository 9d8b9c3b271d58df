//! JPEG XL, HEIC and JPEG 2000 as other encoders write them (libjxl, x265, `OpenJPEG`): one picture of four
//! quarters, red and green over blue and white.

mod limits;
mod mutants;

use limits::LIMITS;
use mutants::{Numbers, mutated};
use transformer::Sources;
use transformer::error::{Error, Limit};
use transformer::options::{Format, Limits, OnFailure, Operation, Output, Step, Truncated};
#[cfg(feature = "jxl")]
use transformer::rendition::ColourSpace;

const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];
const WHITE: [u8; 4] = [255; 4];
/// What loss may change of a level.
const LOSS: u8 = 20;

macro_rules! seed {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../tests/fuzz/seeds/", $name)).as_slice(),
        )
    };
}

type Seed = (&'static str, &'static [u8]);

/// Upright, as 64 by 48 pixels with alpha.
fn upright((name, source): Seed) -> Vec<[u8; 4]> {
    let steps = [Step {
        operations: vec![Operation::Orient],
        on_failure: OnFailure::Fail,
    }];
    let output = Output {
        compression: Some(0),
        ..Output::new(Format::Png)
    };
    let made = transformer::transform(Sources::alone(source), &steps, &output, &LIMITS);
    let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((made.width, made.height), upright_size(name), "{name}");
    let mut decoder = png::Decoder::new(std::io::Cursor::new(made.bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a PNG");
    let mut samples = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut samples).expect("pixels");
    let pixels = samples.chunks_exact(info.color_type.samples());
    pixels
        .map(|pixel| match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [red, green, blue] => [red, green, blue, 255],
            _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
        })
        .collect()
}

fn upright_size(name: &str) -> (u32, u32) {
    if name.contains("turned") {
        (48, 64)
    } else {
        (64, 48)
    }
}

/// The middles of the quarters, row by row.
fn quarters(seed: Seed) -> [[u8; 4]; 4] {
    let (width, height) = upright_size(seed.0);
    let pixels = upright(seed);
    let at = |column: u32, row: u32| pixels[(row * width + column) as usize];
    let (left, right) = (width / 4, width * 3 / 4);
    let (top, bottom) = (height / 4, height * 3 / 4);
    [
        at(left, top),
        at(right, top),
        at(left, bottom),
        at(right, bottom),
    ]
}

fn assert_shows(seed: Seed, wanted: [[u8; 4]; 4]) {
    let shown = quarters(seed);
    let far = shown.as_flattened().iter().zip(wanted.as_flattened());
    let far = far.map(|(is, wanted)| is.abs_diff(*wanted)).max();
    assert!(far <= Some(LOSS), "{}: {shown:?}", seed.0);
}

#[cfg(feature = "jxl")]
const JXL: [Seed; 4] = [
    seed!("jxl/vardct.jxl"),
    seed!("jxl/lossless.jxl"),
    seed!("jxl/progressive.jxl"),
    // Of an animation the first frame.
    seed!("jxl/animated.jxl"),
];

#[test]
#[cfg(feature = "jxl")]
fn jpeg_xl_of_every_kind() {
    for seed in JXL {
        assert_shows(seed, [RED, GREEN, BLUE, WHITE]);
        let info = transformer::inspect(seed.1).expect(seed.0);
        assert_eq!((info.format, info.has_profile), (Format::Jxl, false));
    }
    assert_shows(seed!("jxl/turned.jxl"), [BLUE, RED, WHITE, GREEN]);
    let clear = quarters(seed!("jxl/alpha.jxl"));
    assert_eq!([clear[0][3], clear[2][3]], [255, 0]);
    assert!(clear[3][3].abs_diff(128) <= 1, "{clear:?}");
    let grey = transformer::inspect(seed!("jxl/grey.jxl").1).map(|info| info.space);
    assert_eq!(grey, Ok(ColourSpace::Grey));
}

#[test]
#[cfg(feature = "jxl")]
fn jpeg_xl_in_other_colours_is_converted() {
    let seed = seed!("jxl/p3.jxl");
    assert!(transformer::inspect(seed.1).expect("a header").has_profile);
    // What is pure in Display P3 is more than sRGB has.
    assert_shows(seed, [RED, GREEN, BLUE, WHITE]);
}

#[test]
#[cfg(feature = "jxl")]
fn jpeg_xl_of_sixteen_bits() {
    let pixels = upright(seed!("jxl/deep.jxl"));
    let row: Vec<u8> = pixels[..64].iter().map(|pixel| pixel[0]).collect();
    assert!(row.is_sorted() && row[0] <= 1 && row[63] >= 254, "{row:?}");
}

#[test]
#[cfg(feature = "heic")]
fn heic_of_every_kind() {
    for seed in [seed!("heic/plain.heic"), seed!("heic/444.heic")] {
        assert_shows(seed, [RED, GREEN, BLUE, WHITE]);
    }
    assert_shows(seed!("heic/turned.heic"), [BLUE, RED, WHITE, GREEN]);
    let clear = quarters(seed!("heic/alpha.heic"));
    assert!(clear[0][3] > 240 && clear[2][3] < 15, "{clear:?}");
    let grey = quarters(seed!("heic/grey.heic"));
    assert!(
        grey[0][0].abs_diff(76) <= LOSS && grey[3][0] > 240,
        "{grey:?}"
    );
}

/// 4,294,967,295 pixels a side: what that would take is more than can be counted.
#[test]
#[cfg(feature = "heic")]
fn a_heic_without_end_is_refused_by_its_size() {
    let (name, source) = seed!("heic/endless.heic");
    let output = Output::new(Format::Png);
    let refused = transformer::transform(Sources::alone(source), &[], &output, &LIMITS);
    let is_too_large = matches!(
        refused,
        Err(Error::TooLarge {
            limit: Limit::SourcePixels,
            ..
        })
    );
    assert!(is_too_large, "{name}: {refused:?}");
}

#[test]
#[cfg(feature = "jp2")]
fn jpeg_2000_of_every_kind() {
    for seed in [
        seed!("jp2/plain.jp2"),
        seed!("jp2/plain.j2k"),
        seed!("jp2/tiles.jp2"),
    ] {
        assert_shows(seed, [RED, GREEN, BLUE, WHITE]);
    }
    let clear = quarters(seed!("jp2/alpha.jp2"));
    assert_eq!([clear[0][3], clear[2][3]], [255, 0]);
    let grey = quarters(seed!("jp2/grey.jp2"));
    assert!(
        grey[0][0].abs_diff(76) <= LOSS && grey[3][0] > 240,
        "{grey:?}"
    );
    let deep = upright(seed!("jp2/deep.jp2"));
    assert!(deep[0][0] <= 1 && deep[63][0] >= 254);
}

#[test]
fn what_is_cut_off_is_refused_where_that_is_asked_for() {
    let limits = Limits {
        truncated: Truncated::Refuse,
        ..LIMITS
    };
    let seeds = [
        #[cfg(feature = "jxl")]
        seed!("jxl/vardct.jxl"),
        #[cfg(feature = "jxl")]
        seed!("jxl/alpha.jxl"),
        #[cfg(feature = "heic")]
        seed!("heic/plain.heic"),
    ];
    for (name, source) in seeds {
        for length in 12..source.len() - 1 {
            let cut = Sources::alone(&source[..length]);
            let output = Output::new(Format::Png);
            let refused = transformer::transform(cut, &[], &output, &limits);
            assert!(
                matches!(refused, Err(Error::Malformed(_) | Error::NotAnImage)),
                "{name} cut to {length}"
            );
        }
    }
}

#[test]
fn no_mutation_panics() {
    /// Of each seed.
    const ROUNDS: usize = 400;
    let seeds = [
        #[cfg(feature = "jxl")]
        seed!("jxl/vardct.jxl"),
        #[cfg(feature = "jxl")]
        seed!("jxl/progressive.jxl"),
        #[cfg(feature = "jxl")]
        seed!("jxl/alpha.jxl"),
        #[cfg(feature = "jxl")]
        seed!("jxl/deep.jxl"),
        #[cfg(feature = "jxl")]
        seed!("jxl/animated.jxl"),
        #[cfg(feature = "heic")]
        seed!("heic/plain.heic"),
        #[cfg(feature = "heic")]
        seed!("heic/alpha.heic"),
        #[cfg(feature = "heic")]
        seed!("heic/444.heic"),
        #[cfg(feature = "jp2")]
        seed!("jp2/plain.jp2"),
        #[cfg(feature = "jp2")]
        seed!("jp2/tiles.jp2"),
        #[cfg(feature = "jp2")]
        seed!("jp2/alpha.jp2"),
    ];
    for (index, (name, seed)) in seeds.into_iter().enumerate() {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ index as u64);
        for round in 0..ROUNDS {
            let source = mutated(seed, &mut numbers);
            let caught = std::panic::catch_unwind(|| {
                let output = Output::new(Format::Png);
                let _either =
                    transformer::transform(Sources::alone(&source), &[], &output, &LIMITS);
            });
            assert!(caught.is_ok(), "{name}, round {round}");
        }
    }
}
