//! `/info`: what the header of a picture says, in imaginary's shape and libvips' names, and what it looks like
//! from afar.

use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use tests::{Edge, exif, eyes, sample};

#[track_caller]
fn info(source: &[u8]) -> Value {
    let answer = Edge::shared().post("/info", source);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

#[test]
fn every_field_is_there_and_nothing_else() {
    let jpeg = eyes::encode(&eyes::quarters(64, 48), ImageFormat::Jpeg);
    let said = info(&jpeg);
    assert_eq!(
        said,
        json!({
            "width": 64, "height": 48, "type": "jpeg", "space": "srgb", "hasAlpha": false,
            "hasProfile": false, "channels": 3, "orientation": 0,
            "dominantColor": said["dominantColor"], "blurhash": said["blurhash"],
            "thumbhash": said["thumbhash"],
        })
    );
    assert_eq!(said["blurhash"].as_str().unwrap().len(), 28, "{said}");
    assert!(said["thumbhash"].as_str().unwrap().len() >= 28, "{said}");
}

#[test]
fn the_dominant_colour_is_that_of_most_of_the_picture() {
    let mut picture = eyes::quarters(400, 300).to_rgb8();
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        if x > 150 {
            *pixel = image::Rgb([20, 90, 60]);
        }
    }
    let said = info(&eyes::encode(&picture.into(), ImageFormat::Png));
    assert_eq!(said["dominantColor"], "#145a3c");
}

/// A header can be described whose pixels cannot be had.
#[test]
fn what_cannot_be_decoded_leaves_no_impression() {
    let edge = Edge::builder()
        .set("max-allowed-resolution", "0.001")
        .start();
    let jpeg = eyes::encode(&eyes::quarters(64, 48), ImageFormat::Jpeg);
    let said = edge.post("/info", &jpeg).json();
    assert_eq!(
        (&said["width"], &said["blurhash"]),
        (&json!(64), &Value::Null)
    );
    assert_eq!(said["dominantColor"], Value::Null);
}

#[test]
fn spaces_channels_and_alpha() {
    let blank = |picture: DynamicImage| eyes::encode(&picture, ImageFormat::Png);
    for (source, space, channels, alpha) in [
        (blank(DynamicImage::new_luma8(4, 3)), "b-w", 1, false),
        (blank(DynamicImage::new_luma_a8(4, 3)), "b-w", 2, true),
        (blank(DynamicImage::new_rgb8(4, 3)), "srgb", 3, false),
        (blank(DynamicImage::new_rgba8(4, 3)), "srgb", 4, true),
        (blank(DynamicImage::new_luma16(4, 3)), "grey16", 1, false),
        (blank(DynamicImage::new_rgb16(4, 3)), "rgb16", 3, false),
        (blank(DynamicImage::new_rgba16(4, 3)), "rgb16", 4, true),
        (sample("camera_gray.jpg"), "b-w", 1, false),
    ] {
        let said = info(&source);
        let found = (&said["space"], &said["channels"], &said["hasAlpha"]);
        assert_eq!(
            found,
            (&json!(space), &json!(channels), &json!(alpha)),
            "{said}"
        );
    }
}

#[test]
fn sizes_are_stored_ones_and_profiles_are_seen() {
    let stored = exif::stored_for(&eyes::quarters(64, 48), 6);
    let turned = eyes::encode(&stored, ImageFormat::Jpeg);
    let said = info(&exif::with_orientation(&turned, 6));
    let found = (&said["width"], &said["height"], &said["orientation"]);
    assert_eq!(found, (&json!(48), &json!(64), &json!(6)));
    assert_eq!(info(&sample("sunflower_p3.jpg"))["hasProfile"], true);
    for (name, format) in [
        ("coffee.webp", "webp"),
        ("orbit.gif", "gif"),
        ("cat.png", "png"),
    ] {
        assert_eq!(info(&sample(name))["type"], format, "{name}");
    }
}

#[test]
fn what_is_no_picture_has_no_description() {
    let edge = Edge::shared();
    edge.post("/info", b"no picture at all").refused(406);
    let jpeg = eyes::encode(&eyes::quarters(64, 48), ImageFormat::Jpeg);
    let said = edge.post("/info", &jpeg[..30]).refused(400);
    assert!(!said.contains("%s"), "{said}");
}
