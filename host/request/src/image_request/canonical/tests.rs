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
    let steps = vec![Step {
        operations,
        on_failure: OnFailure::Fail,
    }];
    let action = Action::Transform {
        steps,
        output: Output::default(),
    };
    ImageRequest {
        source: Source::File("a.jpg".to_owned()),
        overlays: vec![],
        action,
        auto: false,
        expires: None,
    }
}

fn bytes(operation: Operation) -> Vec<u8> {
    of(vec![operation]).canonical_bytes(None)
}

/// Fails when the encoding changes: then raise `VERSION` with it.
#[test]
fn golden_bytes() {
    let request = of(vec![Operation::Orient, Operation::Resize(resize())]);
    let golden = b"\x02\x00\0\0\0\x05a.jpg\0\0\0\0\x00\0\0\0\x01\x00\0\0\0\x02\x00\
        \x04\x01\0\0\x01\x2c\x00\x01\x00\x00\x00\
        \x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    assert_eq!(request.canonical_bytes(Some(Format::Webp)), golden);
}

#[test]
fn a_request_begins_with_its_source() {
    let request = of(vec![]);
    assert!(
        request
            .canonical_bytes(None)
            .starts_with(&request.source.canonical_bytes())
    );
    let url = |url: &str| Source::Url(url.to_owned()).canonical_bytes();
    assert_ne!(
        url("a.jpg"),
        Source::File("a.jpg".to_owned()).canonical_bytes()
    );
    // No source's bytes begin another's, or purging one would purge both.
    assert!(!url("http://a/b").starts_with(&url("http://a/")));
}

#[test]
fn what_is_no_part_of_the_picture_is_no_part_of_the_bytes() {
    let request = of(vec![Operation::Orient]);
    let other = ImageRequest {
        auto: true,
        expires: Some(1),
        ..request.clone()
    };
    assert_eq!(request.canonical_bytes(None), other.canonical_bytes(None));
}

const BLACK: Rgb = Rgb {
    red: 0,
    green: 0,
    blue: 0,
};
const BLUE: Rgb = Rgb { blue: 1, ..BLACK };

fn simple() -> Vec<Operation> {
    let area = Area {
        left: 1,
        top: 2,
        width: Some(3),
        height: None,
    };
    vec![
        Operation::Orient,
        Operation::Greyscale,
        Operation::Zoom(2),
        Operation::Zoom(3),
        Operation::Blur(1.0),
        Operation::Blur(1.5),
        Operation::Mirror(Mirror::Horizontal),
        Operation::Mirror(Mirror::Vertical),
        Operation::Rotate(Turn::Quarter),
        Operation::Rotate(Turn::Half),
        Operation::Rotate(Turn::ThreeQuarters),
        Operation::Flatten(BLUE),
        Operation::Flatten(Rgb { red: 1, ..BLACK }),
        Operation::Flatten(Rgb { green: 1, ..BLACK }),
        Operation::Extract(area),
        Operation::Extract(Area {
            left: 2,
            top: 1,
            ..area
        }),
        Operation::Extract(Area {
            width: None,
            height: Some(3),
            ..area
        }),
    ]
}

fn resizes() -> Vec<Operation> {
    let with = |change: fn(&mut Resize)| {
        let mut resize = resize();
        change(&mut resize);
        Operation::Resize(resize)
    };
    vec![
        with(|_| ()),
        with(|resize| resize.width = Some(301)),
        with(|resize| (resize.width, resize.height) = (None, Some(300))),
        with(|resize| resize.fit = Fit::Cover),
        with(|resize| resize.fit = Fit::Inside),
        with(|resize| resize.fit = Fit::Stretch),
        with(|resize| resize.enlarge = Enlarge::Allow),
        with(|resize| resize.gravity = Gravity::Smart),
        with(|resize| resize.gravity = Gravity::North),
        with(|resize| resize.extend = Extend::Colour(BLUE)),
        with(|resize| resize.extend = Extend::Colour(BLACK)),
        with(|resize| resize.extend = Extend::White),
    ]
}

fn watermarks() -> Vec<Operation> {
    let text = |change: fn(&mut WatermarkText)| {
        let mut text = WatermarkText {
            text: "a".to_owned(),
            font_points: 10.0,
            dpi: 150,
            width: None,
            margin: None,
            opacity: 0.25,
            colour: BLACK,
            tiling: Tiling::Repeated,
        };
        change(&mut text);
        Operation::WatermarkText(text)
    };
    let image = WatermarkImage {
        overlay: 0,
        left: 0,
        top: 0,
        opacity: 1.0,
    };
    vec![
        text(|_| ()),
        text(|text| text.text = "b".to_owned()),
        text(|text| text.font_points = 11.0),
        text(|text| text.dpi = 72),
        text(|text| text.width = Some(1)),
        text(|text| text.margin = Some(1)),
        text(|text| text.opacity = 1.0),
        text(|text| text.colour = BLUE),
        text(|text| text.tiling = Tiling::Once),
        Operation::WatermarkImage(image),
        Operation::WatermarkImage(WatermarkImage {
            overlay: 1,
            ..image
        }),
        Operation::WatermarkImage(WatermarkImage { left: 1, ..image }),
        Operation::WatermarkImage(WatermarkImage { top: 1, ..image }),
        Operation::WatermarkImage(WatermarkImage {
            opacity: 0.5,
            ..image
        }),
    ]
}

#[test]
fn every_field_of_an_operation_counts() {
    let operations = [simple(), resizes(), watermarks()].concat();
    let mut all: Vec<_> = operations.into_iter().map(bytes).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn operations_of_two_steps_are_not_those_of_one() {
    let step = |operations| Step {
        operations,
        on_failure: OnFailure::Fail,
    };
    let of = |steps| {
        let action = Action::Transform {
            steps,
            output: Output::default(),
        };
        ImageRequest {
            action,
            ..of(vec![])
        }
        .canonical_bytes(None)
    };
    let (first, second) = (
        Operation::Mirror(Mirror::Horizontal),
        Operation::Mirror(Mirror::Vertical),
    );
    let one = of(vec![step(vec![first.clone(), second.clone()])]);
    let two = of(vec![step(vec![first.clone()]), step(vec![second.clone()])]);
    let skipped = of(vec![Step {
        on_failure: OnFailure::Skip,
        ..step(vec![first, second])
    }]);
    assert!(one != two && one != skipped && two != skipped);
}

#[test]
fn every_field_of_the_output_counts() {
    let with = |output: Output| {
        let action = Action::Transform {
            steps: vec![],
            output,
        };
        ImageRequest {
            action,
            ..of(vec![])
        }
        .canonical_bytes(output.format)
    };
    let changes: [fn(&mut Output); 20] = [
        |_| {},
        |output| output.format = Some(Format::Jpeg),
        |output| output.format = Some(Format::Avif),
        |output| output.format = Some(Format::Tiff),
        |output| output.format = Some(Format::Jxl),
        |output| output.format = Some(Format::Blurhash),
        |output| output.format = Some(Format::Thumbhash),
        |output| output.quality = Some(75),
        |output| output.compression = Some(75),
        |output| output.speed = Some(75),
        |output| output.interlace = true,
        |output| output.lossless = true,
        |output| output.palette = true,
        |output| output.profile = Profile::Ignore,
        |output| output.linear = true,
        |output| output.page = Some(0),
        |output| output.page = Some(1),
        |output| output.metadata = Metadata::Copyright,
        |output| output.metadata = Metadata::Technical,
        |output| output.metadata = Metadata::TechnicalAndCopyright,
    ];
    let mut all: Vec<_> = changes
        .iter()
        .map(|change| {
            let mut output = Output::default();
            change(&mut output);
            with(output)
        })
        .collect();
    all.extend([
        ImageRequest {
            action: Action::Inspect,
            ..of(vec![])
        }
        .canonical_bytes(None),
        ImageRequest {
            overlays: vec![Source::Upload],
            ..of(vec![])
        }
        .canonical_bytes(None),
        of(vec![]).canonical_bytes(None),
    ]);
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
