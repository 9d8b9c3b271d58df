//! The recipe's rules, with its holes closed.

use super::*;
use crate::negotiate::AUTO_FORMATS;
use crate::operation::Format;

fn published() -> LambdaEdge {
    LambdaEdge::new(Settings::default()).unwrap()
}

fn sized(edge: &LambdaEdge, query: &str) -> (u32, u32) {
    let Ok(Asked::Rendition(request)) = edge.parse(&format!("/images/image.jpg?{query}")) else {
        panic!("{query}")
    };
    let Action::Transform { steps, .. } = request.action else {
        panic!("{query}")
    };
    match steps[0].operations[..] {
        [Operation::Orient, Operation::Resize(resize)] => {
            (resize.width.unwrap(), resize.height.unwrap())
        }
        ref other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn a_size_is_taken_from_the_list_with_tolerance_on_both_sides() {
    for (query, side) in [
        ("d=100x100", 100),
        ("d=180x180", 200),
        ("d=80x120", 100),
        ("d=79x100", 200),
        ("d=100x79", 200),
        ("d=100x121", 200),
        ("d=120x80", 100),
        ("d=240x240", 200),
        ("d=241x241", 300),
        ("d=360x240", 300),
        ("d=361x361", 400),
        ("d=480x480", 400),
        ("d=481x480", 200),
        // The recipe looks at the width alone here.
        ("d=100x1000", 200),
        ("d=1000x10", 200),
        ("d=0x0", 200),
        ("d=99999999999x1", 200),
        ("d=4294967295x4294967295", 200),
        ("d=abc", 200),
        ("d=", 200),
        ("d", 200),
        ("d=-100x100", 200),
        ("d=100X100", 200),
        ("d=100x100x100", 200),
        ("d=%ff", 200),
        ("d=300x300&d=100x100", 300),
        ("width=5000&d=100x100&type=png&quality=1", 100),
    ] {
        assert_eq!(sized(&published(), query), (side, side), "{query}");
    }
}

#[test]
fn only_configured_sizes_are_ever_made() {
    let sizes: Vec<Size> = ["640x360", "100x50"]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    let settings = Settings {
        sizes: sizes.clone(),
        default_size: sizes[1],
        tolerance_percent: 0,
        ..Settings::default()
    };
    let edge = LambdaEdge::new(settings).unwrap();
    assert_eq!(sized(&edge, "d=640x360"), (640, 360));
    assert_eq!(sized(&edge, "d=641x360"), (100, 50));
    for side in 0..2000 {
        let made = sized(&edge, &format!("d={side}x{}", side / 2));
        assert!(sizes.contains(&Size {
            width: made.0,
            height: made.1
        }));
    }
}

#[test]
fn the_source_is_the_whole_path() {
    let edge = published();
    let source = |edge: &LambdaEdge, path: &str| match edge.parse(path) {
        Ok(Asked::Rendition(request)) => Some(request.source),
        Ok(Asked::Original(source)) => Some(source),
        Err(error) => {
            assert_eq!(error, ParseError::NotFound, "{path}");
            None
        }
    };
    let file = |name: &str| Some(Source::File(name.to_owned()));
    for (path, expected) in [
        ("/images/image.jpg?d=100x100", file("images/image.jpg")),
        ("/images/image.jpg", file("images/image.jpg")),
        ("/images/a/b%20c.PNG?d=1x1", file("images/a/b c.PNG")),
        ("/images/%C3%A9.webp?d=1x1", file("images/é.webp")),
        ("/images/a+b.gif", file("images/a+b.gif")),
        ("/images/x", None),
        ("/images/x.svg", None),
        ("/images/.jpg", None),
        ("/images/a/.jpg", None),
        ("/images", None),
        ("/other/image.jpg", None),
        ("/imagesimage.jpg", None),
        ("/images//image.jpg", None),
        ("/images/../secret.jpg", None),
        ("/images/%2e%2e/secret.jpg", None),
        ("/images/..%2fsecret.jpg", None),
        ("/images/a%5cb.jpg", None),
        ("/images/a%00.jpg", None),
        ("/images/%ff.jpg", None),
        // Unescaped once, so this is a name.
        ("/images/%252e%252e.jpg", file("images/%2e%2e.jpg")),
    ] {
        assert_eq!(source(&edge, path), expected, "{path}");
    }
    let base = Base::Url("https://bucket.example/".to_owned());
    let bucket = LambdaEdge::new(Settings {
        base,
        path_prefix: String::new(),
        ..Settings::default()
    })
    .unwrap();
    let url = |url: &str| Some(Source::Url(url.to_owned()));
    assert_eq!(
        source(&bucket, "/a%20b.jpg?d=1x1"),
        url("https://bucket.example/a%20b.jpg")
    );
    assert_eq!(
        source(&bucket, "/a/@evil%3f%23%25.jpg"),
        url("https://bucket.example/a/%40evil%3F%23%25.jpg")
    );
}

#[test]
fn without_a_size_it_is_the_original() {
    assert!(matches!(
        published().parse("/images/image.jpg"),
        Ok(Asked::Original(_))
    ));
    assert!(matches!(
        published().parse("/images/image.jpg?x=1"),
        Ok(Asked::Original(_))
    ));
}

#[test]
fn the_format_goes_by_accept_entry_by_entry() {
    let Ok(Asked::Rendition(request)) = published().parse("/images/image.jpg?d=1x1") else {
        panic!()
    };
    assert_eq!(
        request.choose_format(Some("image/webp,*/*"), AUTO_FORMATS),
        Some(Format::Webp)
    );
    assert_eq!(request.choose_format(Some("text/webp"), AUTO_FORMATS), None);
    assert_eq!(request.choose_format(None, AUTO_FORMATS), None);
}

#[test]
fn hostile_urls_are_refused_with_a_status() {
    let status = |target: &str| {
        published()
            .parse(target)
            .map(drop)
            .map_err(|error| error.status())
    };
    assert_eq!(
        status(&format!("/images/{}.jpg?d=1x1", "a".repeat(64 << 10))),
        Err(414)
    );
    assert_eq!(status("/images/%zz.jpg"), Err(400));
    assert_eq!(
        status(&format!("/images/{}.jpg", "a".repeat(SOURCE_BYTES_MAX))),
        Err(404)
    );
}

#[test]
fn what_cannot_be_configured() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        LambdaEdge::new(settings).map(drop)
    };
    assert_eq!(with(|_| ()), Ok(()));
    let count = |count| {
        Err(EdgeConfigError::SizeCount {
            count,
            count_max: EDGE_SIZES_MAX,
        })
    };
    assert_eq!(with(|settings| settings.sizes.clear()), count(0));
    assert_eq!(
        with(|settings| settings.sizes = vec![settings.default_size; EDGE_SIZES_MAX]),
        Ok(())
    );
    assert_eq!(
        with(|settings| settings.sizes = vec![settings.default_size; EDGE_SIZES_MAX + 1]),
        count(EDGE_SIZES_MAX + 1)
    );
    assert_eq!(
        with(|settings| settings.default_size.width = 0),
        Err(EdgeConfigError::Size("0x200".to_owned()))
    );
    assert_eq!(with(|settings| settings.tolerance_percent = 99), Ok(()));
    assert_eq!(
        with(|settings| settings.tolerance_percent = 100),
        Err(EdgeConfigError::Tolerance(100))
    );
    for base in ["s3://bucket", "bucket", ""] {
        let settings = Settings {
            base: Base::Url(base.to_owned()),
            ..Settings::default()
        };
        assert_eq!(
            LambdaEdge::new(settings).map(drop),
            Err(EdgeConfigError::Base(base.to_owned()))
        );
    }
    for text in ["200", "200x", "x200", "0x1", "1x0", "+1x1", "200x200 ", ""] {
        assert_eq!(
            text.parse::<Size>(),
            Err(EdgeConfigError::Size(text.to_owned())),
            "{text}"
        );
    }
}
