//! `/pipeline`: several operations on pixels that are decoded once and encoded once.

use image::{DynamicImage, GenericImageView, ImageFormat};
use tests::signing::escape;
use tests::{Edge, Origin, Reply, eyes, sample};

use crate::origins::trusting;

fn target(operations: &str) -> String {
    format!("/pipeline?operations={}", escape(operations.as_bytes()))
}

fn quarters() -> Vec<u8> {
    eyes::encode(&eyes::quarters(64, 48), ImageFormat::Png)
}

#[test]
fn ten_operations_run_in_order_and_eleven_are_refused() {
    let edge = Edge::shared();
    let turn = r#"{"operation":"rotate","params":{"rotate":90}}"#;
    let turns = |count: usize| target(&format!("[{}]", vec![turn; count].join(",")));
    let ten = eyes::decode(edge.post(&turns(10), &quarters()).picture());
    assert_eq!(eyes::read_quarters(&ten), "wbgr");
    let said = edge.post(&turns(11), &quarters()).refused(400);
    assert_eq!(
        said,
        "Error while processing the image: Maximum allowed pipeline operations exceeded"
    );
    edge.post(&target("[]"), &quarters()).refused(400);
}

#[test]
fn nothing_is_encoded_between_the_operations() {
    let edge = Edge::shared();
    let source = sample("dunes.jpg");
    // Every step names the worst quality there is; only the last one counts.
    let poor = r#"{"operation":"convert","params":{"type":"jpeg","quality":1}}"#;
    let best = r#"{"operation":"convert","params":{"type":"jpeg","quality":95}}"#;
    let steps = format!("[{poor},{poor},{poor},{best}]");
    let through = edge.post(&target(&steps), &source);
    let straight = edge.post("/convert?type=jpeg&quality=95", &source);
    assert_eq!(through.picture(), straight.picture());
}

#[test]
fn a_failed_operation_that_may_fail_leaves_the_last_good_picture() {
    let edge = Edge::shared();
    let item =
        |ignore: bool, rest: &str| format!(r#"{{"ignore_failure":{ignore},"operation":{rest}}}"#);
    let extract = r#""extract","params":{"top":0,"left":0,"areawidth":9999,"areaheight":9}"#;
    let crop = r#""crop","params":{"width":32,"height":48,"gravity":"east"}"#;
    let steps = |ignore| {
        target(&format!(
            "[{},{}]",
            item(false, crop),
            item(ignore, extract)
        ))
    };
    let kept = edge.post(&steps(true), &quarters());
    let kept = eyes::decode(kept.picture());
    assert_eq!(
        (kept.dimensions(), eyes::read_quarters(&kept).as_str()),
        ((32, 48), "ggww")
    );
    edge.post(&steps(false), &quarters()).refused(400);
    // All of them ignored: the picture as it came.
    let only = target(&format!("[{}]", item(true, extract)));
    let whole = eyes::decode(edge.post(&only, &quarters()).picture());
    assert_eq!(eyes::read_quarters(&whole), "rgbw");
}

#[test]
fn watermarks_are_operations_too() {
    let white =
        DynamicImage::ImageRgb8(image::RgbImage::from_pixel(300, 200, image::Rgb([255; 3])));
    let red = image::RgbImage::from_pixel(20, 20, image::Rgb([255, 0, 0]));
    let red = eyes::encode(&DynamicImage::ImageRgb8(red), ImageFormat::Png);
    let origin = Origin::new(move |asked| match asked.target.as_str() {
        "/red.png" => Reply::ok(red.clone()),
        "/text.png" => Reply::ok("no picture"),
        _ => Reply::status(404),
    });
    let edge = trusting().start();
    let image = |name: &str, ignore: bool, left: u32| {
        let url = origin.url(name);
        format!(
            r#"{{"operation":"watermarkImage","ignore_failure":{ignore},"params":{{"image":"{url}","left":{left}}}}}"#
        )
    };
    let text = r#"{"operation":"watermark","params":{"text":"X","color":"0,0,255","opacity":1,"noreplicate":true,"font":"sans 40"}}"#;
    let source = eyes::encode(&white, ImageFormat::Png);
    let run = |items: &[String]| edge.post(&target(&format!("[{}]", items.join(","))), &source);

    let steps = [
        image("/red.png", false, 0),
        image("/missing.png", true, 50),
        image("/text.png", true, 100),
        text.to_owned(),
        image("/red.png", false, 200),
    ];
    let picture = eyes::decode(run(&steps).picture());
    assert_eq!(picture.get_pixel(10, 10).0[..3], [255, 0, 0]);
    assert_eq!(picture.get_pixel(60, 10).0[..3], [255, 255, 255]);
    assert_eq!(picture.get_pixel(110, 10).0[..3], [255, 255, 255]);
    assert_eq!(picture.get_pixel(210, 10).0[..3], [255, 0, 0]);
    assert!(
        picture
            .pixels()
            .any(|(_, _, pixel)| pixel.0[..3] == [0, 0, 255])
    );

    let said = run(&[image("/missing.png", false, 0)]).refused(400);
    assert!(
        said.contains("Unable to retrieve watermark image."),
        "{said}"
    );
    let said = run(&[image("/text.png", false, 0)]).refused(400);
    assert!(said.ends_with("Unable to read watermark image"), "{said}");
}

/// What lacks an overlay for once is not kept as if it were what the URL means.
#[test]
fn a_rendition_without_its_overlay_is_not_kept() {
    let source = sample("dunes.jpg");
    let origin = Origin::new(move |asked| match asked.target.as_str() {
        "/dunes.jpg" => Reply::ok(source.clone()),
        _ => Reply::status(503),
    });
    let edge = trusting().start();
    let overlay = origin.url("/logo.png");
    let steps = format!(
        r#"[{{"operation":"watermarkImage","ignore_failure":true,"params":{{"image":"{overlay}"}}}}]"#
    );
    let page = escape(origin.url("/dunes.jpg").as_bytes());
    let url = format!("{}&url={page}", target(&steps));
    edge.get(&url).picture();
    let again = edge.get(&url);
    again.picture();
    assert!(!again.is_hit());
}
