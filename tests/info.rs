//! `/info`: what the header of a picture says, in imaginary's shape and libvips' names.

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
    assert_eq!(
        info(&jpeg),
        json!({
            "width": 64, "height": 48, "type": "jpeg", "space": "srgb", "hasAlpha": false,
            "hasProfile": false, "channels": 3, "orientation": 0,
        })
    );
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
