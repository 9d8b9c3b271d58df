//! 16 bits a sample from the source to the output: how near the pixels are to those of floating point, what keeps
//! them and what does not.

#![expect(
    clippy::unwrap_used,
    reason = "a picture that cannot be read is the failure looked for"
)]

mod limits;

use std::collections::BTreeSet;
use std::f64::consts::PI;

use limits::LIMITS;
use png::{BitDepth, ColorType};
use transformer::Sources;
use transformer::error::Error;
use transformer::options::{
    Area, Enlarge, Extend, Fit, Format, Gravity, Limits, OnFailure, Operation, Output, Resize, Rgb,
    Step, Turn,
};

/// Levels of 65,536 between us and floating point: the weights and the rows between are rounded.
const APART_MAX: f64 = 4.0;

/// Pixels with their size, channels and depth.
#[derive(Debug, PartialEq)]
struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    bits: u32,
    samples: Vec<u16>,
}

impl Pixels {
    /// 16 bits, each sample by its column, row and channel.
    fn deep(
        (width, height): (usize, usize),
        channels: usize,
        sample: impl Fn(usize, usize, usize) -> u16,
    ) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = places.flat_map(|(x, y)| (0..channels).map(move |channel| (x, y, channel)));
        Self {
            width,
            height,
            channels,
            bits: 16,
            samples: samples.map(|(x, y, c)| sample(x, y, c)).collect(),
        }
    }

    /// The higher bytes alone.
    fn shallow(&self) -> Self {
        let samples = self.samples.iter().map(|sample| sample >> 8);
        Self {
            bits: 8,
            samples: samples.collect(),
            ..*self
        }
    }

    fn png(&self, profile: Option<&[u8]>) -> Vec<u8> {
        let mut info = png::Info::with_size(self.width as u32, self.height as u32);
        info.icc_profile = profile.map(Into::into);
        info.color_type = match self.channels {
            1 => ColorType::Grayscale,
            2 => ColorType::GrayscaleAlpha,
            3 => ColorType::Rgb,
            _ => ColorType::Rgba,
        };
        let samples = self.samples.iter();
        let bytes: Vec<u8> = if self.bits == 16 {
            info.bit_depth = BitDepth::Sixteen;
            samples.flat_map(|sample| sample.to_be_bytes()).collect()
        } else {
            info.bit_depth = BitDepth::Eight;
            samples.map(|&sample| sample as u8).collect()
        };
        let mut file = Vec::new();
        let encoder = png::Encoder::with_info(&mut file, info).unwrap();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&bytes).unwrap();
        writer.finish().unwrap();
        file
    }

    fn read(png: &[u8]) -> Self {
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let bits = info.bit_depth as u32;
        let samples = if bits == 16 {
            let pairs = bytes.as_chunks::<2>().0.iter();
            pairs.map(|&pair| u16::from_be_bytes(pair)).collect()
        } else {
            bytes.iter().map(|&byte| byte.into()).collect()
        };
        Self {
            width: info.width as usize,
            height: info.height as usize,
            channels: info.color_type.samples(),
            bits,
            samples,
        }
    }

    fn at(&self, x: usize, y: usize, channel: usize) -> f64 {
        self.samples[(y * self.width + x) * self.channels + channel].into()
    }

    fn levels(&self) -> usize {
        self.samples.iter().collect::<BTreeSet<_>>().len()
    }
}

/// Waves that use all levels.
fn waves(size: (usize, usize), channels: usize) -> Pixels {
    Pixels::deep(size, channels, |x, y, channel| {
        let angle = x as f64 / 17.0 + y as f64 / 23.0 + channel as f64;
        (32_767.5 + 32_767.5 * angle.sin()) as u16
    })
}

fn resize(width: u32) -> Operation {
    Operation::Resize(Resize {
        width: Some(width),
        height: None,
        fit: Fit::Inside,
        enlarge: Enlarge::Never,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    })
}

fn render(
    source: &[u8],
    operations: &[Operation],
    output: &Output,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let step = Step {
        operations: operations.to_vec(),
        on_failure: OnFailure::Fail,
    };
    transformer::transform(Sources::alone(source), &[step], output, limits).map(|made| made.bytes)
}

fn made(source: &[u8], operations: &[Operation]) -> Pixels {
    let output = Output::new(Format::Png);
    Pixels::read(&render(source, operations, &output, &LIMITS).unwrap())
}

/// For each of `wanted` samples along an axis of `available` the weights of those that it is made of: Lanczos
/// with three lobes.
fn weights(available: usize, wanted: usize) -> Vec<Vec<(usize, f64)>> {
    let ratio = available as f64 / wanted as f64;
    let scale = ratio.max(1.0);
    let sinc = |x: f64| {
        if x == 0.0 {
            1.0
        } else {
            (PI * x).sin() / (PI * x)
        }
    };
    let row = |to: usize| {
        let centre = (to as f64 + 0.5) * ratio;
        let taps = (0..available).map(|from| {
            let x = (from as f64 + 0.5 - centre) / scale;
            let inside = x.abs() < 3.0;
            (from, if inside { sinc(x) * sinc(x / 3.0) } else { 0.0 })
        });
        let taps: Vec<_> = taps.filter(|(_, weight)| *weight != 0.0).collect();
        let sum: f64 = taps.iter().map(|(_, weight)| weight).sum();
        taps.iter()
            .map(|(from, weight)| (*from, weight / sum))
            .collect()
    };
    (0..wanted).map(row).collect()
}

/// The picture in another size, in floating point.
fn resampled(picture: &Pixels, (width, height): (usize, usize)) -> Vec<f64> {
    let (columns, rows) = (
        weights(picture.width, width),
        weights(picture.height, height),
    );
    let mut samples = Vec::new();
    for row in &rows {
        for column in &columns {
            for channel in 0..picture.channels {
                let sum: f64 = row
                    .iter()
                    .flat_map(|&(y, down)| {
                        column.iter().map(move |&(x, across)| (x, y, down * across))
                    })
                    .map(|(x, y, weight)| weight * picture.at(x, y, channel))
                    .sum();
                samples.push(sum.clamp(0.0, 65_535.0));
            }
        }
    }
    samples
}

#[test]
fn a_smaller_picture_is_that_of_floating_point() {
    for channels in [1, 3] {
        let source = waves((320, 200), channels);
        let small = made(&source.png(None), &[resize(160)]);
        assert_eq!((small.width, small.height, small.bits), (160, 100, 16));
        assert!(small.levels() > 5000, "{} levels", small.levels());
        let expected = resampled(&source, (160, 100));
        let apart = small.samples.iter().zip(&expected);
        let apart = apart.map(|(&is, should)| (f64::from(is) - should).abs());
        let worst = apart.fold(0.0, f64::max);
        assert!(worst <= APART_MAX, "{channels} channels: {worst:.1} levels");
    }
}

#[test]
fn alpha_has_16_bits_and_lends_no_colour() {
    for channels in [2, 4] {
        let source = Pixels::deep((512, 8), channels, |x, y, channel| {
            match (channel + 1 == channels, y % 2 == 0) {
                (true, true) => (x * 128) as u16,
                (true, false) => 0,
                (false, true) => 40_000,
                (false, false) => u16::MAX,
            }
        });
        let small = made(&source.png(None), &[resize(128)]);
        assert_eq!((small.channels, small.bits), (channels, 16));
        let alphas: BTreeSet<u16> = small
            .samples
            .chunks(channels)
            .map(|at| at[channels - 1])
            .collect();
        assert!(alphas.len() > 256 / 2, "{} levels of alpha", alphas.len());
        assert!(alphas.iter().any(|alpha| alpha % 257 != 0));
        for pixel in small
            .samples
            .chunks(channels)
            .filter(|at| at[channels - 1] > 2000)
        {
            for colour in &pixel[..channels - 1] {
                // Divided by a small alpha a level of rounding is many.
                assert!(colour.abs_diff(40_000) < 64, "{pixel:?}");
            }
        }
    }
}

#[test]
fn places_and_colours_keep_every_bit() {
    let source = waves((40, 30), 3);
    let png = source.png(None);
    assert_eq!(made(&png, &[]), source);
    let turned = made(&png, &[Operation::Rotate(Turn::Quarter)]);
    assert_eq!((turned.width, turned.height), (30, 40));
    assert!((turned.at(29, 0, 1) - source.at(0, 0, 1)).abs() < f64::EPSILON);
    let area = Area {
        left: 3,
        top: 5,
        width: Some(20),
        height: Some(10),
    };
    let cut = made(&png, &[Operation::Extract(area)]);
    assert!((cut.at(4, 2, 2) - source.at(7, 7, 2)).abs() < f64::EPSILON);
    let grey = made(&png, &[Operation::Greyscale]);
    assert_eq!((grey.channels, grey.bits), (1, 16));
    let luma = 0.299 * source.at(9, 9, 0) + 0.587 * source.at(9, 9, 1) + 0.114 * source.at(9, 9, 2);
    assert!((grey.at(9, 9, 0) - luma).abs() <= 1.0);
}

#[test]
fn a_colour_stands_behind_and_around() {
    let colour = Rgb {
        red: 255,
        green: 128,
        blue: 0,
    };
    let source = Pixels::deep((20, 10), 4, |x, _, channel| match channel {
        3 if x < 10 => 0,
        3 => 0x8000,
        _ => 1001,
    });
    let flat = made(&source.png(None), &[Operation::Flatten(colour)]);
    assert_eq!(flat.samples[..3], [u16::MAX, 128 * 257, 0]);
    let half = |under: f64| (1001.0 * 32_768.0 + under * 32_767.0) / 65_535.0;
    assert!((flat.at(15, 5, 1) - half(128.0 * 257.0)).abs() <= 0.5);
    let framed = Operation::Resize(Resize {
        width: Some(20),
        height: Some(20),
        fit: Fit::Pad,
        enlarge: Enlarge::Never,
        gravity: Gravity::Centre,
        extend: Extend::Colour(colour),
    });
    let padded = made(&waves((20, 10), 3).png(None), &[framed]);
    assert_eq!((padded.height, padded.bits), (20, 16));
    assert_eq!(padded.samples[..3], [u16::MAX, 128 * 257, 0]);
}

/// Half of the light of black and white, and not the half between their levels.
#[test]
fn linear_light() {
    let source = Pixels::deep((64, 64), 1, |x, _, _| if x % 2 == 0 { 0 } else { u16::MAX });
    let output = Output {
        linear: true,
        ..Output::new(Format::Png)
    };
    let small = render(&source.png(None), &[resize(32)], &output, &LIMITS).unwrap();
    let small = Pixels::read(&small);
    assert_eq!(small.bits, 16);
    // 1.055 * 0.5 ^ (1 / 2.4) - 0.055.
    let middle = 0.735_357 * 65_535.0;
    assert!(
        (small.at(16, 16, 0) - middle).abs() < 300.0,
        "{}",
        small.at(16, 16, 0)
    );
}

#[test]
fn profiles_of_grey_and_colours() {
    // Linear light.
    let profile = moxcms::ColorProfile::new_gray_with_gamma(1.0)
        .encode()
        .unwrap();
    let source = Pixels::deep((256, 1), 1, |x, _, _| (x * 257 + 100) as u16);
    let shown = made(&source.png(Some(&profile)), &[]);
    assert_eq!((shown.bits, shown.levels()), (16, 256));
    for x in 0..256 {
        let light = source.at(x, 0, 0) / 65_535.0;
        let level = if light <= 0.003_130_8 {
            12.92 * light
        } else {
            1.055 * light.powf(1.0 / 2.4) - 0.055
        };
        assert!((shown.at(x, 0, 0) - 65_535.0 * level).abs() <= 2.0, "{x}");
    }
    // sRGB's own changes nothing.
    let profile = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let source = waves((64, 4), 3);
    assert_eq!(made(&source.png(Some(&profile)), &[]), source);
}

/// What is not kept is narrowed as it always was: to the higher byte, before anything is done.
#[test]
fn outputs_and_actions_of_8_bits_get_8_bits() {
    let source = waves((64, 40), 3);
    let (deep, shallow) = (source.png(None), source.shallow().png(None));
    let same = |operations: &[Operation], output: &Output| {
        let [one, other] = [&deep, &shallow].map(|png| render(png, operations, output, &LIMITS));
        assert_eq!(one.unwrap(), other.unwrap(), "{operations:?} {output:?}");
    };
    for format in [Format::Jpeg, Format::Webp, Format::Gif] {
        same(&[resize(32)], &Output::new(format));
    }
    let palette = Output {
        palette: true,
        ..Output::new(Format::Png)
    };
    same(&[resize(32)], &palette);
    let png = Output::new(Format::Png);
    same(&[resize(32), Operation::Blur(2.0)], &png);
    same(&[Operation::Zoom(2)], &png);
    let smart = Resize {
        width: Some(20),
        height: Some(20),
        fit: Fit::Cover,
        enlarge: Enlarge::Never,
        gravity: Gravity::Smart,
        extend: Extend::Copy,
    };
    same(&[Operation::Resize(smart)], &png);
}

#[test]
fn what_is_too_large_with_16_bits_is_made_with_8_and_then_refused() {
    let source = waves((400, 300), 3).png(None);
    let with = |memory_bytes_max: u64| {
        let limits = Limits {
            memory_bytes_max,
            ..LIMITS
        };
        let made = render(&source, &[resize(200)], &Output::new(Format::Png), &limits);
        made.map(|png| Pixels::read(&png).bits)
    };
    // The picture, a band of the new height and the result, three samples a pixel; and the source.
    let samples = 3 * (400 * 300 + 400 * 150 + 200 * 150);
    let bytes = |each: u64| each * samples + source.len() as u64;
    assert_eq!(with(bytes(2)), Ok(16));
    assert_eq!(with(bytes(2) - 1), Ok(8));
    assert_eq!(with(bytes(1)), Ok(8));
    assert!(matches!(with(bytes(1) - 1), Err(Error::TooLarge { .. })));
}

/// Rows that are missing are grey, and opaque.
#[test]
fn a_source_that_breaks_off() {
    let source = Pixels::deep((64, 64), 4, |x, y, channel| {
        (((x * 7919 + y * 104_729 + channel * 31) * 2_654_435_761) >> 16) as u16
    });
    let png = source.png(None);
    let shown = made(&png[..png.len() / 2], &[]);
    assert_eq!(shown.bits, 16);
    assert_eq!(shown.samples[..400], source.samples[..400]);
    assert_eq!(
        shown.samples[64 * 64 * 4 - 4..],
        [0x8080, 0x8080, 0x8080, u16::MAX]
    );
}
