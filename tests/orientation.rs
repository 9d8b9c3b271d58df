//! EXIF orientation: all eight values show upright after every operation, and no tag is left that
//! would turn the picture again.

use image::ImageFormat::Jpeg;
use image::imageops::FilterType;
use tests::exif::{orientation_of, stored_for, with_orientation};
use tests::{Edge, corpus, eyes, sample};

/// The picture upright, and stored for an orientation, as a JPEG with the tag.
fn tagged(orientation: u8) -> (image::DynamicImage, Vec<u8>) {
    let upright = eyes::decode(&sample("parrots.jpg")).resize_exact(384, 256, FilterType::Lanczos3);
    let stored = stored_for(&upright, orientation);
    (
        upright,
        with_orientation(&eyes::encode(&stored, Jpeg), orientation),
    )
}

#[test]
fn all_eight_show_upright() {
    let edge = Edge::shared();
    for orientation in 1..=8 {
        let (upright, source) = tagged(orientation);
        assert_eq!(orientation_of(&source), Some(orientation));
        let small = upright.resize_exact(192, 128, FilterType::Lanczos3);
        for (operation, expected) in [
            ("autorotate", &upright),
            ("convert?type=jpeg&quality=95", &upright),
            ("resize?width=192&quality=95", &small),
            ("fit?width=192&height=192&quality=95", &small),
            ("thumbnail?width=192&quality=95", &small),
            ("enlarge?width=192&height=128&quality=95", &small),
        ] {
            let answer = edge.post(&format!("/{operation}"), &source);
            let body = answer.picture();
            assert_eq!(
                eyes::size(body),
                (expected.width(), expected.height()),
                "{orientation} {operation}"
            );
            let alike = eyes::psnr(&eyes::decode(body), expected);
            assert!(alike > 28.0, "{orientation} {operation}: {alike:.1} dB");
            assert!(
                matches!(orientation_of(body), None | Some(1)),
                "{orientation} {operation}: a tag is left"
            );
        }
    }
}

/// The measure above tells a wrong turn from a right one.
#[test]
fn a_wrong_turn_would_be_seen() {
    let (upright, _) = tagged(1);
    for wrong in [upright.fliph(), upright.flipv(), upright.rotate180()] {
        assert!(eyes::psnr(&upright, &wrong) < 15.0);
    }
}

#[test]
fn the_box_is_meant_as_the_picture_shows() {
    let edge = Edge::shared();
    // Stored 768x512, shown 512x768.
    let size = |operation: &str| {
        eyes::size(
            edge.get(&format!("/{operation}file=lighthouse_orientation_6.jpg"))
                .picture(),
        )
    };
    assert_eq!(size("resize?width=256&"), (256, 384));
    assert_eq!(size("resize?width=256&norotation=true&"), (256, 171));
    assert_eq!(size("fit?width=300&height=600&"), (300, 450));
    assert_eq!(size("fit?width=600&height=300&"), (200, 300));
    assert_eq!(size("crop?width=200&height=100&"), (200, 100));
    assert_eq!(size("autorotate?"), (512, 768));
    // An explicit angle replaces the tag's.
    assert_eq!(size("rotate?rotate=180&"), (768, 512));
}

#[test]
fn the_published_examples_show_upright() {
    let Some(corpus) = corpus() else { return };
    let edge = Edge::mounting(&corpus).start();
    let shown = |file: &str| {
        eyes::decode(
            edge.get(&format!("/autorotate?file=orientation/{file}"))
                .picture(),
        )
    };
    for (example, upright) in [
        ("landscape_2.jpg", "landscape_1.jpg"),
        ("landscape_3.jpg", "landscape_1.jpg"),
        ("portrait_4.jpg", "portrait_1.jpg"),
        ("portrait_5.jpg", "portrait_1.jpg"),
        ("landscape_6.jpg", "landscape_1.jpg"),
        ("landscape_7.jpg", "landscape_1.jpg"),
        ("landscape_8.jpg", "landscape_1.jpg"),
    ] {
        // A digit is printed on each, so they are never quite equal: 21.5 dB when right, 12.8 when wrong.
        let alike = eyes::psnr(&shown(example), &shown(upright));
        assert!(alike > 20.0, "{example}: {alike:.1} dB");
    }
}
