//! What only the output side decides: palettes, the formats that are written, and the texts that stand in for a
//! picture. Looked at with decoders that nobody here wrote.

use image::imageops::FilterType;
use image::{DynamicImage, RgbaImage};
use tests::viewers::{avifdec, djxl, gifsicle, pillow, psnr_with_alpha, webpinfo};
use tests::{Edge, eyes, sample};

/// Colours in waves, and alpha from left to right.
fn translucent(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, y| {
        let wave =
            |phase: f32| (128.0 + 100.0 * (x as f32 / 19.0 + y as f32 / 31.0 + phase).sin()) as u8;
        image::Rgba([
            wave(0.0),
            wave(1.0),
            wave(2.0),
            (x * 255 / (width - 1)) as u8,
        ])
    }))
}

#[test]
fn a_palette_halves_the_bytes_and_keeps_the_picture() {
    let edge = Edge::shared();
    let get = |parameters: &str| {
        let answer = edge.get(&format!("/resize?width=300&type=png&file={parameters}"));
        (answer.picture().to_vec(), pillow(answer.picture()))
    };
    for file in ["parrots.jpg", "dunes.jpg", "cat.png", "marble.png"] {
        let (plain, seen) = get(file);
        let (small, shown) = get(&format!("{file}&palette=true"));
        assert_eq!(shown.mode, "P", "{file}");
        assert_ne!(seen.mode, "P", "{file}");
        assert!(
            small.len() * 2 < plain.len(),
            "{file}: {} of {}",
            small.len(),
            plain.len()
        );
        let alike = psnr_with_alpha(&shown.frames[0], &seen.frames[0]);
        // From afar dithering is gone.
        let far = |picture: &DynamicImage| picture.resize(100, 100, FilterType::Triangle);
        let from_afar = psnr_with_alpha(&far(&shown.frames[0]), &far(&seen.frames[0]));
        eprintln!(
            "{file}: {alike:.1} dB, from afar {from_afar:.1} dB, {} of {}",
            small.len(),
            plain.len()
        );
        assert!(
            alike > 29.0 && from_afar > 36.0,
            "{file}: {alike:.1} and {from_afar:.1} dB"
        );
    }
}

#[test]
fn a_palette_holds_alpha() {
    let source = translucent(200, 120);
    let png = eyes::encode(&source, image::ImageFormat::Png);
    let edge = Edge::shared();
    let answer = edge.post("/convert?type=png&palette=true", &png);
    let seen = pillow(answer.picture());
    assert_eq!(seen.mode, "P");
    let shown = seen.frames[0].to_rgba8();
    assert_eq!(shown.get_pixel(0, 60).0[3], 0);
    assert_eq!(shown.get_pixel(199, 60).0[3], 255);
    let alike = psnr_with_alpha(&seen.frames[0], &source);
    assert!(alike > 28.0, "{alike:.1} dB");
}

#[test]
fn alpha_in_every_format_that_has_it() {
    let source = translucent(96, 64);
    let png = eyes::encode(&source, image::ImageFormat::Png);
    let edge = Edge::shared();
    let get = |parameters: &str| {
        edge.post(&format!("/convert?{parameters}"), &png)
            .picture()
            .to_vec()
    };
    for (parameters, alike_min) in [
        ("type=webp&quality=90", 30.0),
        ("type=webp&lossless=true", 99.0),
        ("type=tiff", 99.0),
        ("type=png", 99.0),
    ] {
        let file = get(parameters);
        let alike = psnr_with_alpha(&pillow(&file).frames[0], &source);
        assert!(alike > alike_min, "{parameters}: {alike:.1} dB");
        if parameters.contains("webp") {
            webpinfo(&file);
        }
    }
    let avif = psnr_with_alpha(&avifdec(&get("type=avif&quality=90")), &source);
    assert!(avif > 33.0, "{avif:.1} dB");
    let jxl = psnr_with_alpha(&djxl(&get("type=jxl")), &source);
    assert!(jxl > 99.0, "{jxl:.1} dB");
    // There or not: half of it is.
    let gif = get("type=gif");
    gifsicle(&gif);
    let shown = pillow(&gif).frames[0].to_rgba8();
    assert_eq!(
        (shown.get_pixel(40, 9).0[3], shown.get_pixel(56, 9).0[3]),
        (0, 255)
    );
}

#[test]
fn every_type_has_its_name_and_its_bytes() {
    let edge = Edge::shared();
    for (name, kind, format) in [
        ("gif", "image/gif", "GIF"),
        ("tiff", "image/tiff", "TIFF"),
        ("TIFF", "image/tiff", "TIFF"),
        ("png", "image/png", "PNG"),
        ("webp", "image/webp", "WEBP"),
        ("jpeg", "image/jpeg", "JPEG"),
    ] {
        let answer = edge.get(&format!("/resize?width=90&type={name}&file=parrots.jpg"));
        assert_eq!(answer.header("content-type"), Some(kind), "{name}");
        let seen = pillow(answer.picture());
        assert_eq!(
            (seen.format.as_str(), seen.frames.len()),
            (format, 1),
            "{name}"
        );
        assert_eq!(seen.frames[0].width(), 90, "{name}");
    }
    let answer = edge.get("/resize?width=90&type=jxl&file=parrots.jpg");
    assert_eq!(answer.header("content-type"), Some("image/jxl"));
    let plain = edge.get("/resize?width=90&type=png&file=parrots.jpg");
    let alike = eyes::psnr(&djxl(answer.picture()), &eyes::decode(plain.picture()));
    assert!(alike > 99.0, "{alike:.1} dB");
    let said = edge.post(
        "/convert?type=jxl",
        &eyes::encode(&eyes::quarters(1, 9), image::ImageFormat::Png),
    );
    assert!(said.refused(400).contains("JPEG XL"), "{}", said.text());
}

#[test]
fn grey_stays_grey_in_tiff_and_jxl() {
    let edge = Edge::shared();
    let plain = edge.get("/resize?width=70&type=png&file=camera_gray.jpg");
    let wanted = eyes::decode(plain.picture());
    let tiff = pillow(
        edge.get("/resize?width=70&type=tiff&file=camera_gray.jpg")
            .picture(),
    );
    assert_eq!(tiff.mode, "L");
    assert!(eyes::psnr(&tiff.frames[0], &wanted) > 99.0);
    let jxl = djxl(
        edge.get("/resize?width=70&type=jxl&file=camera_gray.jpg")
            .picture(),
    );
    assert!(eyes::psnr(&jxl, &wanted) > 99.0);
}

#[test]
fn hashes_are_a_line_of_text() {
    let edge = Edge::shared();
    let text = |target: &str| {
        let answer = edge.get(target);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        answer.text()
    };
    let blurhash = text("/resize?width=64&type=blurhash&file=dunes.jpg");
    assert_eq!(blurhash.len(), 4 + 2 * 12, "{blurhash}");
    let thumbhash = text("/convert?type=ThumbHash&file=dunes.jpg");
    assert!((28..=36).contains(&thumbhash.len()), "{thumbhash}");
    // What an operation changes shows in the hash.
    assert_ne!(
        text("/flip?type=blurhash&file=dunes.jpg"),
        text("/convert?type=blurhash&file=dunes.jpg")
    );
    // Of one colour: its four digits say it.
    let teal = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(
        40,
        30,
        image::Rgb([0, 128, 129]),
    ));
    let png = eyes::encode(&teal, image::ImageFormat::Png);
    let hash = edge.post("/convert?type=blurhash", &png).text();
    // Within the level by which the library rounds up.
    for (seen, was) in mean_of(&hash).into_iter().zip([0u32, 128, 129]) {
        assert!(seen.abs_diff(was) <= 1, "{hash}");
    }
}

/// The mean colour that a `BlurHash` begins with: digits 2 to 5 in base 83.
fn mean_of(blurhash: &str) -> [u32; 3] {
    const DIGITS: &str =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    let digits = blurhash[2..6].chars();
    let number = digits.fold(0, |number, digit| {
        number * 83 + DIGITS.find(digit).unwrap() as u32
    });
    [number >> 16, number >> 8 & 255, number & 255]
}

#[test]
fn a_sample_seen_from_afar() {
    let edge = Edge::shared();
    let said = edge
        .post("/info", &sample("lighthouse_orientation_6.jpg"))
        .json();
    let hash = said["blurhash"].as_str().unwrap();
    let small = edge.get("/resize?width=50&type=png&file=lighthouse_orientation_6.jpg");
    let small = eyes::decode(small.picture()).to_rgb8();
    // In linear light, as the hash has it; a mean there is lighter.
    let linear = |level: u8| (f64::from(level) / 255.0).powf(2.2);
    for (channel, mean) in mean_of(hash).into_iter().enumerate() {
        let sum: f64 = small.pixels().map(|pixel| linear(pixel.0[channel])).sum();
        let expected = (sum / f64::from(small.width() * small.height())).powf(1.0 / 2.2) * 255.0;
        assert!(
            (f64::from(mean) - expected).abs() < 6.0,
            "{channel}: {mean} for {expected:.0}"
        );
    }
    // Upright: taller than wide, so three components across and four down.
    assert_eq!(
        hash.as_bytes()[0],
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(3 - 1) + (4 - 1) * 9]
    );
}
