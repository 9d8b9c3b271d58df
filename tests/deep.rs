//! 16 bits a sample from upload to rendition, where the format holds them: looked at with decoders that nobody
//! here wrote, colours against Little CMS.

use std::collections::BTreeSet;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba};
use tests::ciede2000::{Lab, difference};
use tests::viewers::{djxl, tagged};
use tests::{Answer, Edge, eyes, littlecms};

type Deep = image::ImageBuffer<Rgb<u16>, Vec<u16>>;

/// More levels than 8 bits have, in a picture that is smooth: any filter gives the colours at the middle of what
/// it looks at.
fn slopes(width: u32, height: u32) -> Deep {
    Deep::from_fn(width, height, |x, y| {
        let across = f64::from(x) / f64::from(width - 1);
        let down = f64::from(y) / f64::from(height - 1);
        let level = |part: f64| (part * 65_535.0).round() as u16;
        Rgb([level(across), level(down), level(across.midpoint(down))])
    })
}

fn file(picture: &Deep, format: ImageFormat) -> Vec<u8> {
    eyes::encode(&DynamicImage::ImageRgb16(picture.clone()), format)
}

/// The answer's samples, which have to have 16 bits.
#[track_caller]
fn deep(picture: DynamicImage) -> Deep {
    match picture {
        DynamicImage::ImageRgb16(picture) => picture,
        other => panic!("{:?}", other.color()),
    }
}

#[track_caller]
fn levels(picture: &Deep) -> usize {
    picture
        .pixels()
        .map(|at| at.0[0])
        .collect::<BTreeSet<_>>()
        .len()
}

/// Halved, every pixel but those at the edges is the mean of the four that it stands for.
#[track_caller]
fn assert_halved(small: &Deep, source: &Deep) {
    assert_eq!(small.width() * 2, source.width());
    assert!(levels(small) > 256, "{} levels", levels(small));
    for (x, y, pixel) in small.enumerate_pixels() {
        if x < 3 || y < 3 || x + 3 >= small.width() || y + 3 >= small.height() {
            continue;
        }
        for channel in 0..3 {
            let of = |dx, dy| f64::from(source.get_pixel(2 * x + dx, 2 * y + dy).0[channel]);
            let mean = (of(0, 0) + of(0, 1) + of(1, 0) + of(1, 1)) / 4.0;
            let is = f64::from(pixel.0[channel]);
            assert!((is - mean).abs() <= 2.0, "{x} {y}: {is} for {mean}");
        }
    }
}

#[test]
fn png_tiff_and_jpeg_xl_keep_16_bits_through_resizing() {
    let edge = Edge::shared();
    let source = slopes(1200, 60);
    let resized = |format: ImageFormat, wanted: &str| -> Answer {
        let target = format!("/resize?width=600&type={wanted}");
        edge.post(&target, &file(&source, format))
    };
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        for wanted in ["png", "tiff"] {
            let answer = resized(format, wanted);
            assert_halved(&deep(eyes::decode(answer.picture())), &source);
        }
        let jxl = resized(format, "jxl");
        assert_halved(&deep(djxl(&jxl.body)), &source);
    }
}

#[test]
fn what_has_8_bits_or_needs_them_stays_so() {
    let edge = Edge::shared();
    let source = slopes(300, 40);
    let png = file(&source, ImageFormat::Png);
    let higher = RgbImage::from_fn(300, 40, |x, y| {
        Rgb(source.get_pixel(x, y).0.map(|level| (level >> 8) as u8))
    });
    let shallow = eyes::encode(&DynamicImage::ImageRgb8(higher), ImageFormat::Png);
    for target in [
        "/resize?width=150&type=jpeg",
        "/resize?width=150&type=webp",
        "/resize?width=150&type=png&palette=true",
        "/smartcrop?width=20&height=20&type=png",
        "/blur?sigma=3&type=png",
    ] {
        let (one, other) = (edge.post(target, &png), edge.post(target, &shallow));
        assert_eq!(one.picture(), other.picture(), "{target}");
    }
    let answer = edge.post("/resize?width=150&type=png", &shallow);
    assert!(matches!(
        eyes::decode(answer.picture()),
        DynamicImage::ImageRgb8(_)
    ));
}

#[test]
fn alpha_of_16_bits() {
    let source = image::ImageBuffer::<Rgba<u16>, _>::from_fn(2000, 8, |x, y| {
        let seen = y % 2 == 0;
        Rgba([
            if seen { 40_000 } else { u16::MAX },
            9000,
            500,
            if seen { (x * 32) as u16 } else { 0 },
        ])
    });
    let png = eyes::encode(&DynamicImage::ImageRgba16(source), ImageFormat::Png);
    let answer = Edge::shared().post("/resize?width=1000&type=png", &png);
    let DynamicImage::ImageRgba16(small) = eyes::decode(answer.picture()) else {
        panic!("not 16 bits with alpha");
    };
    let alphas: BTreeSet<u16> = small.pixels().map(|at| at.0[3]).collect();
    assert!(alphas.len() > 256, "{} levels of alpha", alphas.len());
    for pixel in small.pixels().filter(|at| at.0[3] > 2000) {
        assert!(pixel.0[0].abs_diff(40_000) < 64, "{pixel:?}");
    }
}

/// The profiles are Little CMS' and the corpus' own: `ProPhoto` is so wide that 8 bits of it make steps.
#[test]
fn colours_of_16_bits_are_those_of_little_cms() {
    let Some(corpus) = tests::corpus() else {
        return;
    };
    let edge = Edge::shared();
    let source = slopes(120, 90);
    for profiled in [
        "png/prophoto.png",
        "png/p3.png",
        "jpeg/progressive_420_icc.jpg",
    ] {
        let profile = littlecms::profile(&std::fs::read(corpus.join(profiled)).unwrap());
        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), &profile).unwrap();
        let with = format!("-ICC_Profile<={}", place.path().display());
        let png = tagged(&file(&source, ImageFormat::Png), &[&with]);
        let shown = deep(eyes::decode(edge.post("/convert?type=png", &png).picture()));
        let levels = |picture: &Deep| -> Vec<[f64; 3]> {
            let pixels = picture.pixels();
            pixels
                .map(|at| at.0.map(|level| f64::from(level) / 257.0))
                .collect()
        };
        let expected = littlecms::to_srgb(&profile, &levels(&source));
        let apart = levels(&shown).into_iter().zip(expected);
        let apart: Vec<f64> = apart
            .map(|(one, two)| difference(Lab::of_srgb(one), Lab::of_srgb(two)))
            .collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        let worst = apart.iter().copied().fold(0.0, f64::max);
        eprintln!("{profiled}: {mean:.3} on average, {worst:.3} at worst");
        // Rounding to 8 bits alone takes a third of one.
        assert!(
            mean <= 0.05 && worst <= 0.25,
            "{profiled}: {mean:.3} on average, {worst:.3} at worst"
        );
    }
}
