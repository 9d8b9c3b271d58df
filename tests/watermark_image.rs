//! `/watermarkimage`: another picture over the picture, fetched by the rules of a source.

use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
use tests::signing::escape;
use tests::{Edge, Origin, Reply, exif, eyes, sample};

use crate::origins::trusting;

const RED: [u8; 4] = [255, 0, 0, 255];
const WHITE: [u8; 4] = [255; 4];

fn flat(width: u32, height: u32, colour: [u8; 4]) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba(colour)))
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    eyes::encode(picture, ImageFormat::Png)
}

/// A white page of 100 by 80.
fn page() -> Vec<u8> {
    png(&DynamicImage::ImageRgb8(flat(100, 80, WHITE).to_rgb8()))
}

fn target(overlay: &str, query: &str) -> String {
    format!(
        "/watermarkimage?type=png&image={}{query}",
        escape(overlay.as_bytes())
    )
}

#[test]
fn an_overlay_lies_where_it_was_put_and_is_cut_at_the_edge() {
    let origin = Origin::of(png(&flat(30, 20, RED)));
    let edge = trusting().start();
    let at = |query: &str| {
        let answer = edge.post(&target(&origin.url("/logo.png"), query), &page());
        let picture = eyes::decode(answer.picture());
        assert_eq!(picture.dimensions(), (100, 80));
        let red = picture.pixels().filter(|(_, _, pixel)| pixel.0 == RED);
        let red: Vec<_> = red.map(|(x, y, _)| (x, y)).collect();
        (red.len(), red.first().copied())
    };
    assert_eq!(at(""), (600, Some((0, 0))));
    assert_eq!(at("&left=10&top=5"), (600, Some((10, 5))));
    assert_eq!(at("&left=90&top=70"), (100, Some((90, 70))));
    assert_eq!(at("&left=100"), (0, None));
    assert_eq!(at("&left=4294967295&top=1e300"), (0, None));
}

#[test]
fn a_larger_overlay_is_cut_and_its_own_alpha_counts() {
    let mut large = RgbaImage::from_pixel(300, 300, Rgba([0, 0, 255, 0]));
    for x in 0..300 {
        large.put_pixel(x, 0, Rgba(RED));
        large.put_pixel(x, 1, Rgba([255, 0, 0, 128]));
    }
    let origin = Origin::of(png(&DynamicImage::ImageRgba8(large)));
    let edge = trusting().start();
    let at = |query: &str| {
        let answer = edge.post(&target(&origin.url("/large.png"), query), &page());
        let picture = eyes::decode(answer.picture());
        [0, 1, 2].map(|y| picture.get_pixel(99, y).0)
    };
    assert_eq!(at(""), [RED, [255, 127, 127, 255], WHITE]);
    assert_eq!(at("&opacity=0.5")[0], [255, 127, 127, 255]);
}

#[test]
fn an_overlay_is_turned_upright() {
    let upright = eyes::quarters(64, 48);
    let stored = exif::stored_for(&upright, 6);
    let overlay = exif::with_orientation(&eyes::encode(&stored, ImageFormat::Jpeg), 6);
    let origin = Origin::of(overlay);
    let edge = trusting().start();
    let answer = edge.post(&target(&origin.url("/turned.jpg"), ""), &page());
    let laid = eyes::decode(answer.picture()).crop_imm(0, 0, 64, 48);
    assert_eq!(eyes::read_quarters(&laid), "rgbw");
}

#[test]
fn source_and_overlay_are_both_part_of_the_key() {
    let (source, red) = (sample("dunes.jpg"), png(&flat(50, 50, RED)));
    let blue = png(&flat(50, 50, [0, 0, 255, 255]));
    let origin = Origin::new(move |asked| {
        Reply::ok(match asked.target.as_str() {
            "/red.png" => red.clone(),
            "/blue.png" => blue.clone(),
            _ => source.clone(),
        })
    });
    let edge = trusting().start();
    let page = escape(origin.url("/dunes.jpg").as_bytes());
    let url = |overlay| format!("{}&url={page}", target(&origin.url(overlay), ""));
    let first = edge.get(&url("/red.png"));
    assert_eq!(eyes::decode(first.picture()).get_pixel(9, 9).0, RED);
    assert!(edge.get(&url("/red.png")).is_hit());
    assert_eq!(
        origin.asked().len(),
        2,
        "a source and an overlay, once each"
    );
    let other = edge.get(&url("/blue.png"));
    assert!(!other.is_hit());
    assert_eq!(
        eyes::decode(other.picture()).get_pixel(9, 9).0,
        [0, 0, 255, 255]
    );
}

#[test]
fn overlays_keep_to_the_rules_of_sources() {
    let origin = Origin::of(png(&flat(30, 20, RED)));
    let overlay = origin.url("/logo.png");
    let refused = |edge: &Edge| edge.post(&target(&overlay, ""), &page()).refused(400);
    let said =
        format!("Error while processing the image: Unable to retrieve watermark image. {overlay}");
    let off = Edge::builder().switch("allow-private-origins").start();
    assert_eq!(refused(&off), said);
    let guarded = Edge::builder().switch("enable-url-source").start();
    assert_eq!(refused(&guarded), said);
    let listed = trusting().set("allowed-origins", "https://img.example.com");
    assert_eq!(refused(&listed.start()), said);
    assert!(origin.asked().is_empty(), "{:?}", origin.asked());
}

#[test]
fn an_overlay_that_cannot_be_had_or_read_is_said() {
    let origin = Origin::new(|asked| match asked.target.as_str() {
        "/missing.png" => Reply::status(404),
        "/broken.png" => Reply::status(500),
        "/text.png" => Reply::ok("no picture at all"),
        "/half.png" => Reply::ok(png(&eyes::quarters(60, 60))[..60].to_vec()),
        "/page.pdf" => Reply::ok("%PDF-1.7\n%%EOF"),
        _ => Reply::Closed,
    });
    let edge = trusting().switch("fail-on-truncated").start();
    for (name, status, message) in [
        ("/missing.png", 400, "Unable to retrieve watermark image."),
        ("/broken.png", 502, "Unable to retrieve watermark image."),
        ("/closed.png", 502, "Unable to retrieve watermark image."),
        ("/text.png", 400, "Unable to read watermark image"),
        ("/half.png", 400, "Unable to read watermark image"),
        ("/page.pdf", 400, "Unable to read watermark image"),
    ] {
        let said = edge
            .post(&target(&origin.url(name), ""), &page())
            .refused(status);
        assert!(said.contains(message), "{name}: {said}");
    }
    for image in [
        "",
        "&image=",
        "&image=file:///etc/passwd",
        "&image=logo.png",
    ] {
        edge.post(&format!("/watermarkimage?type=png{image}"), &page())
            .refused(400);
    }
}

#[test]
fn overlays_have_limits() {
    let pixels = png(&flat(1000, 501, RED));
    let heavy = sample("dunes.jpg");
    let bytes = heavy.len();
    let origin = Origin::new(move |asked| {
        Reply::ok(match asked.target.as_str() {
            "/pixels.png" => pixels.clone(),
            _ => heavy.clone(),
        })
    });
    let few_pixels = trusting().set("max-allowed-resolution", "0.5").start();
    let many = target(&origin.url("/pixels.png"), "");
    let said = few_pixels.post(&many, &page()).refused(422);
    assert_eq!(said, "Image resolution is too big");
    let few_bytes = trusting()
        .set("max-allowed-size", (bytes + bytes / 2).to_string())
        .start();
    let item = |name: &str| {
        let url = origin.url(name);
        format!(r#"{{"operation":"watermarkImage","params":{{"image":"{url}"}}}}"#)
    };
    let pipeline = |items: &[String]| {
        let items = escape(format!("[{}]", items.join(",")).as_bytes());
        few_bytes.post(&format!("/pipeline?operations={items}"), &page())
    };
    pipeline(&[item("/a.jpg"), item("/a.jpg")]).picture();
    let said = pipeline(&[item("/a.jpg"), item("/b.jpg")]).refused(413);
    assert!(said.contains(&(bytes + bytes / 2).to_string()), "{said}");
}
