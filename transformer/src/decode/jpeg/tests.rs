use std::fs;
use std::path::Path;

use super::*;
use crate::geometry::Rect;
use crate::header;
use crate::options::{Format, Profile, Truncated};
use crate::steps;

fn chosen(full: (u32, u32), target: (u32, u32)) -> (u32, u32) {
    let of = |(width, height)| Size { width, height };
    let scale = reduction(of(full), of(target));
    (scale.side(full.0), scale.side(full.1))
}

#[test]
fn both_axes_keep_the_margin() {
    assert_eq!(chosen((4032, 3024), (400, 300)), (1008, 756));
    assert_eq!(chosen((3464, 2314), (400, 267)), (866, 579));
    // A cut to a square needs the short axis: the long one alone would allow an eighth.
    assert_eq!(chosen((8000, 1000), (500, 62)), (1000, 125));
    assert_eq!(chosen((8000, 1000), (500, 63)), (2000, 250));
    assert_eq!(chosen((1000, 1000), (334, 100)), (1000, 1000));
    assert_eq!(chosen((1000, 1000), (333, 333)), (500, 500));
    assert_eq!(chosen((1000, 1000), (143, 143)), (500, 500));
    assert_eq!(chosen((1000, 1000), (142, 142)), (250, 250));
    assert_eq!(chosen((1000, 1000), (62, 62)), (125, 125));
}

#[test]
fn colours_need_a_margin_of_a_half_on_both_axes() {
    let halves = |full, scale, target| {
        let of = |(width, height)| Size { width, height };
        halves_colours(of(full), scale, of(target))
    };
    assert!(halves((600, 600), Scale::Full, (400, 400)));
    assert!(!halves((599, 600), Scale::Full, (400, 400)));
    assert!(!halves((600, 599), Scale::Full, (400, 400)));
    assert!(halves((2400, 2400), Scale::Quarter, (400, 400)));
    assert!(!halves((2396, 2400), Scale::Quarter, (400, 400)));
}

#[test]
fn colours_at_half_the_size_look_the_same() {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pictures");
    // As measured, less about 1 dB. The sunflower is yellow on green: all its edges are in the colours.
    for (name, least) in [
        ("parrots.jpg", 45.0),
        ("sunflower_p3.jpg", 31.0),
        ("rocket.jpg", 40.0),
    ] {
        let source = fs::read(pictures.join(name)).unwrap();
        let frame = jpeg::Header::read(&source).unwrap();
        let full = Size {
            width: frame.width(),
            height: frame.height(),
        };
        let half = Size {
            width: full.width / 3,
            height: full.height / 3,
        };
        let keep = Rect {
            left: 0,
            top: 0,
            size: half,
        };
        let window = window(full, PlannedScale { whole: half, keep });
        let decoder = || jpeg::Decoder::new(&source, &frame, Scale::Half);
        let whole = decoder().resampled(&window).unwrap();
        let halved = decoder().half_colours().resampled(&window).unwrap();
        assert_ne!(whole.samples, halved.samples, "{name}");
        let differences = whole.samples.iter().zip(&halved.samples);
        let squares: u64 = differences
            .map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2))
            .sum();
        let mean = squares as f64 / whole.samples.len() as f64;
        let alike = 10.0 * (255.0 * 255.0 / mean).log10();
        assert!(alike > least, "{name}: {alike:.1} dB");
    }
}

/// Brightness and both colour differences of two by two pixels of a picture, the last ones of an odd edge counted
/// twice.
fn apart(picture: &Picture) -> [Vec<f64>; 3] {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.samples().as_chunks::<3>().0;
    let weighted = |pixel: &[u8; 3], weights: [f64; 3], plus: f64| {
        let pairs = pixel.iter().zip(weights);
        pairs
            .map(|(sample, weight)| f64::from(*sample) * weight)
            .sum::<f64>()
            + plus
    };
    let luma = pixels
        .iter()
        .map(|pixel| weighted(pixel, [0.299, 0.587, 0.114], 0.0));
    let half = |weights: [f64; 3]| {
        let places = (0..height.div_ceil(2))
            .flat_map(|y| (0..width.div_ceil(2)).map(move |x| (x * 2, y * 2)));
        let four = |(x, y): (usize, usize)| {
            let at = |x: usize, y: usize| {
                let pixel = pixels[y.min(height - 1) * width + x.min(width - 1)];
                weighted(&pixel, weights, 128.0)
            };
            (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4.0
        };
        places.map(four).collect()
    };
    [
        luma.collect(),
        half([-0.168_736, -0.331_264, 0.5]),
        half([0.5, -0.418_688, -0.081_312]),
    ]
}

/// Root of the mean squared difference.
fn off(got: &[u8], wanted: &[f64]) -> f64 {
    assert_eq!(got.len(), wanted.len());
    let squares = got
        .iter()
        .zip(wanted)
        .map(|(a, b)| (f64::from(*a) - b).powi(2));
    (squares.sum::<f64>() / got.len() as f64).sqrt()
}

#[test]
fn planes_are_those_of_the_picture_whichever_way_up() {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pictures");
    let source = fs::read(pictures.join("parrots.jpg")).unwrap();
    let header = header::read(Format::Jpeg, &source, 0, u64::MAX).unwrap();
    let how = How {
        truncated: Truncated::Refuse,
        profile: Profile::Ignore,
        page: 0,
    };
    // Odd sides, and a part whose place and size are odd too.
    let whole = Size {
        width: (header.size.width / 3) | 1,
        height: (header.size.height / 3) | 1,
    };
    let part = Rect {
        left: 17,
        top: 9,
        size: Size {
            width: 101,
            height: 77,
        },
    };
    for keep in [Rect::whole(whole), part] {
        let scale = PlannedScale { whole, keep };
        let upright = scaled(&source, &header, scale, how).unwrap();
        for value in 1..=8 {
            let orientation = Orientation::from_exif(value);
            let planes = planar(&source, &header, (scale, orientation), how)
                .unwrap()
                .unwrap();
            let picture = steps::turn(upright.clone(), orientation).unwrap();
            assert_eq!(planes.size(), (picture.width(), picture.height()));
            let wanted = apart(&picture);
            let off: Vec<f64> = planes
                .samples()
                .into_iter()
                .zip(&wanted)
                .map(|(got, wanted)| off(got, wanted))
                .collect();
            // Colours are not the same where a filter of 2 by 2 makes way for a better one; half a sample to the
            // side they would be off by three times that.
            assert!(
                off[0] < 1.0 && off[1] < 1.5 && off[2] < 1.5,
                "{value}: {off:?}"
            );
        }
    }
}

#[test]
fn pictures_without_colour_differences_have_no_planes() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pictures");
    let source = fs::read(corpus.join("camera_gray.jpg")).unwrap();
    let header = header::read(Format::Jpeg, &source, 0, u64::MAX).unwrap();
    let how = How {
        truncated: Truncated::Refuse,
        profile: Profile::Ignore,
        page: 0,
    };
    let half = Size {
        width: header.size.width / 2,
        height: header.size.height / 2,
    };
    let scale = PlannedScale {
        whole: half,
        keep: Rect::whole(half),
    };
    let planes = planar(&source, &header, (scale, Orientation::UPRIGHT), how);
    assert_eq!(planes.unwrap(), None);
}
