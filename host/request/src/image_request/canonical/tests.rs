//! Golden bytes, and one change per field.

use super::*;

fn resize() -> Resize {
    Resize {
        width: Some(300),
        height: None,
        fit: Fit::Pad,
        enlarge: Enlarge::Never,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    }
}

fn of(operations: Vec<Operation>) -> ImageRequest {
    let steps = vec![Step { operations, on_failure: OnFailure::Fail }];
    let action = Action::Transform { steps, output: Output::default() };
    ImageRequest { source: Source::File("a.jpg".to_owned()), overlays: vec![], action, auto: false, expires: None }
}

fn bytes(operation: Operation) -> Vec<u8> {
    of(vec![operation]).canonical_bytes(None)
}

/// Fails when the encoding changes: then raise `VERSION` with it.
#[test]
fn golden_bytes() {
    let request = of(vec![Operation::Orient, Operation::Resize(resize())]);
    let golden = b"\x01\x00\0\0\0\x05a.jpg\0\0\0\0\x00\0\0\0\x01\x00\0\0\0\x02\x00\
        \x04\x01\0\0\x01\x2c\x00\x01\x00\x00\x00\
        \x03\x00\x00\x00\x00\x00\x00\x00";
    assert_eq!(request.canonical_bytes(Some(Format::Webp)), golden);
}

#[test]
fn a_request_begins_with_its_source() {
    let request = of(vec![]);
    assert!(request.canonical_bytes(None).starts_with(&request.source.canonical_bytes()));
    let url = |url: &str| Source::Url(url.to_owned()).canonical_bytes();
    assert_ne!(url("a.jpg"), Source::File("a.jpg".to_owned()).canonical_bytes());
    // No source's bytes begin another's, or purging one would purge both.
    assert!(!url("http://a/b").starts_with(&url("http://a/")));
}

#[test]
fn what_is_no_part_of_the_picture_is_no_part_of_the_bytes() {
    let request = of(vec![Operation::Orient]);
    let other = ImageRequest { auto: true, expires: Some(1), ..request.clone() };
    assert_eq!(request.canonical_bytes(None), other.canonical_bytes(None));
}

#[test]
fn every_field_counts() {
    let area = Area { left: 1, top: 2, width: Some(3), height: None };
    let text = WatermarkText {
        text: "a".to_owned(),
        font_points: 10.0,
        dpi: 150,
        width: None,
        margin: None,
        opacity: 0.25,
        colour: Rgb { red: 0, green: 0, blue: 0 },
        tiling: Tiling::Repeated,
    };
    let image = WatermarkImage { overlay: 0, left: 0, top: 0, opacity: 1.0 };
    let colour = Rgb { red: 0, green: 0, blue: 1 };
    let mut all = vec![
        bytes(Operation::Orient),
        bytes(Operation::Greyscale),
        bytes(Operation::Zoom(2)),
        bytes(Operation::Zoom(3)),
        bytes(Operation::Blur(1.0)),
        bytes(Operation::Blur(1.5)),
        bytes(Operation::Mirror(Mirror::Horizontal)),
        bytes(Operation::Mirror(Mirror::Vertical)),
        bytes(Operation::Flatten(colour)),
        bytes(Operation::Flatten(Rgb { red: 1, blue: 0, ..colour })),
        bytes(Operation::Extract(area)),
        bytes(Operation::Extract(Area { left: 2, top: 1, ..area })),
        bytes(Operation::Extract(Area { width: None, height: Some(3), ..area })),
        bytes(Operation::WatermarkImage(image)),
        bytes(Operation::WatermarkImage(WatermarkImage { overlay: 1, ..image })),
        bytes(Operation::WatermarkImage(WatermarkImage { left: 1, ..image })),
        bytes(Operation::WatermarkImage(WatermarkImage { top: 1, ..image })),
        bytes(Operation::WatermarkImage(WatermarkImage { opacity: 0.5, ..image })),
    ];
    for turn in [Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
        all.push(bytes(Operation::Rotate(turn)));
    }
    for text in [
        WatermarkText { text: "b".to_owned(), ..text.clone() },
        WatermarkText { font_points: 11.0, ..text.clone() },
        WatermarkText { dpi: 72, ..text.clone() },
        WatermarkText { width: Some(1), ..text.clone() },
        WatermarkText { margin: Some(1), ..text.clone() },
        WatermarkText { opacity: 1.0, ..text.clone() },
        WatermarkText { colour, ..text.clone() },
        WatermarkText { tiling: Tiling::Once, ..text.clone() },
        text,
    ] {
        all.push(bytes(Operation::WatermarkText(text)));
    }
    for resize in [
        Resize { width: Some(301), ..resize() },
        Resize { width: None, height: Some(300), ..resize() },
        Resize { fit: Fit::Cover, ..resize() },
        Resize { fit: Fit::Inside, ..resize() },
        Resize { fit: Fit::Stretch, ..resize() },
        Resize { enlarge: Enlarge::Allow, ..resize() },
        Resize { gravity: Gravity::Smart, ..resize() },
        Resize { gravity: Gravity::North, ..resize() },
        Resize { extend: Extend::Colour(colour), ..resize() },
        Resize { extend: Extend::White, ..resize() },
        resize(),
    ] {
        all.push(bytes(Operation::Resize(resize)));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn every_field_of_the_output_counts() {
    let with = |output: Output| {
        let action = Action::Transform { steps: vec![], output };
        ImageRequest { action, ..of(vec![]) }.canonical_bytes(output.format)
    };
    let plain = Output::default();
    let mut all = vec![
        with(plain),
        with(Output { format: Some(Format::Jpeg), ..plain }),
        with(Output { format: Some(Format::Avif), ..plain }),
        with(Output { quality: Some(75), ..plain }),
        with(Output { compression: Some(75), ..plain }),
        with(Output { speed: Some(75), ..plain }),
        with(Output { interlace: true, ..plain }),
        with(Output { lossless: true, ..plain }),
        with(Output { palette: true, ..plain }),
        with(Output { profile: Profile::Ignore, ..plain }),
        ImageRequest { action: Action::Inspect, ..of(vec![]) }.canonical_bytes(None),
        ImageRequest { overlays: vec![Source::Upload], ..of(vec![]) }.canonical_bytes(None),
        of(vec![]).canonical_bytes(None),
    ];
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
