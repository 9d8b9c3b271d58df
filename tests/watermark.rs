//! `/watermark`: a text over the picture, looked at pixel by pixel.

use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
use tests::{Edge, eyes};

const GREY: [u8; 4] = [128, 128, 128, 255];

/// A flat picture as PNG.
fn flat(width: u32, height: u32, colour: [u8; 4]) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(width, height, Rgba(colour));
    let picture = DynamicImage::ImageRgba8(picture);
    let opaque = colour[3] == 255;
    let picture = if opaque {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    } else {
        picture
    };
    eyes::encode(&picture, ImageFormat::Png)
}

#[track_caller]
fn written(source: &[u8], query: &str) -> DynamicImage {
    let answer = Edge::shared().post(&format!("/watermark?type=png&{query}"), source);
    eyes::decode(answer.picture())
}

/// Left, top, right and bottom of all that is no longer `colour`; right and bottom not included.
fn changed(picture: &DynamicImage, colour: [u8; 4]) -> Option<[u32; 4]> {
    let different = picture
        .pixels()
        .filter(|(_, _, pixel)| pixel.0 != colour)
        .map(|(x, y, _)| (x, y));
    different.fold(None, |box_: Option<[u32; 4]>, (x, y)| {
        let [left, top, right, bottom] = box_.unwrap_or([x, y, x + 1, y + 1]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}

#[test]
fn one_text_begins_a_hundred_pixels_from_the_corner() {
    let source = flat(600, 300, GREY);
    let query = "text=Hello&noreplicate=true&opacity=1&textwidth=400&font=sans%2020&dpi=72";
    let once = written(&source, query);
    let [left, top, right, bottom] = changed(&once, GREY).expect("something is written");
    assert_eq!((left, top), (100, 100));
    // Capitals of 20 pixels are 15 high, and five letters about 50 wide.
    assert!((12..=18).contains(&(bottom - top)), "{bottom} - {top}");
    assert!((40..=60).contains(&(right - left)), "{right} - {left}");
    assert!(once.pixels().any(|(_, _, pixel)| pixel.0 == [0, 0, 0, 255]));
}

#[test]
fn a_text_is_repeated_a_margin_apart() {
    let source = flat(600, 400, GREY);
    let query = "text=HI&opacity=1&textwidth=100&margin=100&font=sans%2020&dpi=72";
    let all_over = written(&source, query);
    let once = written(&source, &format!("{query}&noreplicate=1"));
    let [left, top, right, bottom] = changed(&once, GREY).unwrap();
    let (across, down) = (right - left + 100, bottom - top + 100);
    for (x, y) in [(across, 0), (0, down), (across, down)] {
        for (dx, dy) in [(0, 0), (1, 5), (right - left - 1, bottom - top - 1)] {
            let (copy, first) = ((left + x + dx, top + y + dy), (left + dx, top + dy));
            assert_eq!(
                all_over.get_pixel(copy.0, copy.1),
                all_over.get_pixel(first.0, first.1)
            );
        }
    }
    assert!(changed(&all_over, GREY).unwrap()[2] > 400);
}

#[test]
fn colour_and_opacity_are_what_was_asked_for() {
    let source = flat(300, 200, GREY);
    let query = "text=%E2%96%88%E2%96%88&noreplicate=1&font=sans%2040&dpi=72&color=255,0,0";
    for (opacity, expected) in [
        ("1", [255, 0, 0]),
        ("0.5", [192, 64, 64]),
        ("7", [255, 0, 0]),
    ] {
        let picture = written(&source, &format!("{query}&opacity={opacity}"));
        let [left, top, right, bottom] = changed(&picture, GREY).unwrap();
        let middle = picture.get_pixel(u32::midpoint(left, right), u32::midpoint(top, bottom));
        for (sample, expected) in middle.0.iter().zip(expected) {
            assert!(sample.abs_diff(expected) <= 1, "{opacity}: {middle:?}");
        }
    }
    // A quarter where nothing is said.
    let faint = written(&source, query);
    let reddest = faint
        .pixels()
        .map(|(_, _, pixel)| pixel.0[0])
        .max()
        .unwrap();
    assert!(reddest.abs_diff(160) <= 1, "{reddest}");
}

#[test]
fn a_transparent_picture_stays_transparent_around_the_letters() {
    let clear = [0, 0, 255, 0];
    let query = "text=%E2%96%88&noreplicate=1&opacity=0.5&font=sans%2060&dpi=72&color=255,0,0";
    let picture = written(&flat(300, 200, clear), query);
    assert!(picture.color().has_alpha());
    assert_eq!(picture.get_pixel(10, 10).0[3], 0);
    let strongest = picture
        .pixels()
        .max_by_key(|(_, _, pixel)| pixel.0[3])
        .unwrap();
    assert_eq!(strongest.2.0[..3], [255, 0, 0]);
    assert!(strongest.2.0[3].abs_diff(128) <= 1, "{strongest:?}");
}

#[test]
fn a_grey_picture_takes_colours() {
    let grey = DynamicImage::ImageLuma8(image::GrayImage::from_pixel(300, 200, image::Luma([90])));
    let source = eyes::encode(&grey, ImageFormat::Png);
    let query = "text=X&noreplicate=1&opacity=1&font=sans%2060&dpi=72&color=0,255,0";
    let picture = written(&source, query);
    assert!(
        picture
            .pixels()
            .any(|(_, _, pixel)| pixel.0 == [0, 255, 0, 255])
    );
    assert_eq!(picture.get_pixel(5, 5).0, [90, 90, 90, 255]);
}

#[test]
fn long_texts_are_broken_between_words() {
    let source = flat(900, 700, GREY);
    let query =
        |width| format!("text=one+two+three+four&noreplicate=1&opacity=1&textwidth={width}");
    let size = |query: &str| {
        let [left, top, right, bottom] = changed(&written(&source, query), GREY).unwrap();
        (right - left, bottom - top)
    };
    let (one_line, four_lines) = (size(&query(800)), size(&query(60)));
    assert!(four_lines.0 < one_line.0 / 2 && four_lines.1 > 3 * one_line.1);
    // Without a width it is a sixth of the picture's.
    let by_default = size("text=one+two+three+four&noreplicate=1&opacity=1");
    assert_eq!(by_default, size(&query(150)));
}

#[test]
fn many_scripts_can_be_written() {
    let source = flat(700, 300, GREY);
    let mut seen = Vec::new();
    for text in [
        "Grüße, naïve Łódź",
        "Ελληνικά",
        "Русский",
        "Հայերեն",
        "ქართული",
        "עברית",
        "العربية",
        "© 2024 → €5",
        "日本語",
        "👩‍🚀",
        "\u{202e}abc\u{0301}\u{200d}",
    ] {
        let text = tests::signing::escape(text.as_bytes());
        let picture = written(
            &source,
            &format!("noreplicate=1&opacity=1&textwidth=600&text={text}"),
        );
        assert!(changed(&picture, GREY).is_some(), "{text}");
        assert!(!seen.contains(&picture), "{text} looks like another");
        seen.push(picture);
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    let edge = Edge::shared();
    let source = flat(300, 200, GREY);
    for (query, message) in [
        ("", "Missing required param: text"),
        ("text=", "Missing required param: text"),
        ("text=%20%0A", "text: no text to render"),
    ] {
        let said = edge
            .post(&format!("/watermark?{query}"), &source)
            .refused(400);
        assert_eq!(said, format!("Error while processing the image: {message}"));
    }
    let longest = "x".repeat(512);
    edge.post(&format!("/watermark?text={longest}"), &source)
        .picture();
    let said = edge
        .post(&format!("/watermark?text={longest}x"), &source)
        .refused(400);
    assert!(said.contains("512"), "{said}");
}

#[test]
fn absurd_texts_are_refused_by_the_limit_that_they_pass() {
    let edge = Edge::shared();
    let source = flat(300, 200, GREY);
    let huge = "text=W&font=sans%201000&dpi=1200";
    let said = edge
        .post(&format!("/watermark?{huge}"), &source)
        .refused(422);
    assert!(said.contains("--max-output"), "{said}");
    // Numbers that only space things out may be as large as they like.
    for query in [
        "text=a&textwidth=4294967295&margin=4294967295",
        "text=a&textwidth=1e300&margin=1e300",
        "text=a&textwidth=Inf&margin=NaN&dpi=Inf",
        "text=a&dpi=100000000",
        "text=a&font=sans%201e30",
        "text=a&textwidth=1&margin=1",
    ] {
        let answer = edge.post(&format!("/watermark?{query}"), &source);
        assert_eq!(eyes::size(answer.picture()), (300, 200), "{query}");
    }
}
