//! How the result is written.

use super::*;
use crate::operation::{Format, Metadata, Profile};

#[test]
fn formats() {
    for (name, expected) in [
        ("jpeg", Some(Format::Jpeg)),
        ("JPEG", Some(Format::Jpeg)),
        ("jpg", Some(Format::Jpeg)),
        ("png", Some(Format::Png)),
        ("WebP", Some(Format::Webp)),
        ("avif", Some(Format::Avif)),
        ("gif", Some(Format::Gif)),
        ("TIFF", Some(Format::Tiff)),
        ("jxl", Some(Format::Jxl)),
        ("blurhash", Some(Format::Blurhash)),
        ("thumbhash", Some(Format::Thumbhash)),
        ("", None),
        ("auto", None),
    ] {
        assert_eq!(
            output(&format!("flip?type={name}")).format,
            expected,
            "{name}"
        );
    }
    assert_eq!(output("autorotate?type=png").format, None);
}

#[test]
fn formats_that_cannot_be_written() {
    let unknown = (400, "Unsupported output image format".to_owned());
    for name in ["tif", "heif", "jp2", "Auto", "AUTO", "x", "jpeg%00", "%ff"] {
        for endpoint in ["flip", "autorotate", "info", "pipeline", "convert"] {
            assert_eq!(
                refused(&format!("/{endpoint}?type={name}&file=a")),
                unknown,
                "{endpoint} {name}"
            );
        }
    }
    let known = (
        400,
        "Error while processing the image: Unsupported image output type".to_owned(),
    );
    for name in ["svg", "PDF"] {
        for endpoint in ["flip", "convert"] {
            assert_eq!(
                refused(&format!("/{endpoint}?type={name}&file=a")),
                known,
                "{endpoint} {name}"
            );
        }
        assert!(ask(&format!("/info?type={name}&file=a")).is_ok());
        assert!(ask(&format!("/autorotate?type={name}&file=a")).is_ok());
    }
    // What is missing is said first.
    assert_eq!(
        refused("/resize?type=svg&file=a").1,
        "Error while processing the image: Missing required param: height or width"
    );
}

#[test]
fn auto_goes_by_accept_and_else_by_the_source() {
    let offered = rules().auto_formats;
    let choose = |call: &str, accept: Option<&str>| {
        ask(&format!("/{call}&file=a"))
            .unwrap()
            .choose_format(accept, &offered)
    };
    let browser = Some("image/avif,image/webp,*/*");
    assert_eq!(choose("convert?type=auto", browser), Some(Format::Avif));
    assert_eq!(
        choose("flip?type=auto", Some("image/webp")),
        Some(Format::Webp)
    );
    assert_eq!(choose("convert?type=auto", Some("*/*")), None);
    assert_eq!(choose("convert?type=auto", None), None);
    assert_eq!(choose("convert?type=png", browser), Some(Format::Png));
    assert_eq!(choose("flip?x=1", browser), None);
    assert!(ask("/flip?type=auto&file=a").unwrap().auto);
    for call in [
        "flip?",
        "autorotate?type=auto",
        "info?type=auto",
        "flip?type=png",
        "flip?type=png&type=auto",
    ] {
        assert!(!ask(&format!("/{call}&file=a")).unwrap().auto, "{call}");
        assert_eq!(choose("info?type=auto", browser), None);
    }
    let auto = ask("/flip?type=auto&file=a").unwrap();
    let plain = ask("/flip?type=webp&file=a").unwrap();
    assert_eq!(
        auto.canonical_bytes(Some(Format::Webp)),
        plain.canonical_bytes(Some(Format::Webp))
    );
    assert_ne!(
        auto.canonical_bytes(None),
        plain.canonical_bytes(Some(Format::Webp))
    );
}

#[test]
fn numbers_outside_their_range_are_the_default() {
    for (query, expected) in [
        ("", None),
        ("quality=0", None),
        ("quality=1", Some(1)),
        ("quality=-50", Some(50)),
        ("quality=100", Some(100)),
        ("quality=101", None),
        ("quality=356", None),
        ("quality=NaN", None),
    ] {
        assert_eq!(
            output(&format!("flip?{query}")).quality,
            expected,
            "{query}"
        );
    }
    for (query, expected) in [
        ("compression=0", None),
        ("compression=1", Some(1)),
        ("compression=9", Some(9)),
        ("compression=10", None),
    ] {
        assert_eq!(
            output(&format!("flip?{query}")).compression,
            expected,
            "{query}"
        );
    }
    for (query, expected) in [
        ("", None),
        ("page=", None),
        ("page=0", Some(0)),
        ("page=0.4", Some(0)),
        ("page=-3", Some(3)),
        ("page=65535", Some(65_535)),
        ("page=65536", None),
        ("page=NaN", None),
    ] {
        assert_eq!(output(&format!("flip?{query}")).page, expected, "{query}");
    }
    for (query, expected) in [
        ("speed=0", None),
        ("speed=1", Some(1)),
        ("speed=10", Some(10)),
        ("speed=11", None),
    ] {
        assert_eq!(output(&format!("flip?{query}")).speed, expected, "{query}");
    }
}

#[test]
fn switches_mean_what_they_say() {
    let plain = output("flip");
    assert_eq!(plain, Output::default());
    for off in [
        "palette=false",
        "palette=",
        "interlace=0",
        "lossless=f",
        "noprofile=False",
        "stripmeta=true",
        "keepcopyright=false",
    ] {
        assert_eq!(output(&format!("flip?{off}")), plain, "{off}");
    }
    assert_eq!(
        output("flip?palette=true"),
        Output {
            palette: true,
            ..plain
        }
    );
    assert_eq!(
        output("flip?interlace=1"),
        Output {
            interlace: true,
            ..plain
        }
    );
    assert_eq!(
        output("flip?lossless=t"),
        Output {
            lossless: true,
            ..plain
        }
    );
    assert_eq!(
        output("flip?noprofile=TRUE"),
        Output {
            profile: Profile::Ignore,
            ..plain
        }
    );
}

#[test]
fn metadata_is_kept_only_where_asked_for() {
    for (query, expected) in [
        ("", Metadata::None),
        ("stripmeta=true&keepcopyright=1", Metadata::Copyright),
        ("stripmeta=false", Metadata::Technical),
        ("stripmeta", Metadata::Technical),
        (
            "stripmeta=0&keepcopyright=t",
            Metadata::TechnicalAndCopyright,
        ),
    ] {
        assert_eq!(
            output(&format!("flip?{query}")).metadata,
            expected,
            "{query}"
        );
    }
}
