//! How the result is written.

use super::*;
use crate::operation::{Format, Profile};

#[test]
fn formats() {
    for (name, expected) in [
        ("jpeg", Some(Format::Jpeg)),
        ("JPEG", Some(Format::Jpeg)),
        ("jpg", Some(Format::Jpeg)),
        ("png", Some(Format::Png)),
        ("WebP", Some(Format::Webp)),
        ("avif", Some(Format::Avif)),
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
    for name in ["tiff", "heif", "jxl", "Auto", "AUTO", "x", "jpeg%00", "%ff"] {
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
    for name in ["gif", "svg", "PDF"] {
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
        refused("/resize?type=gif&file=a").1,
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
        "stripmeta=false",
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
    assert_eq!(output("flip?stripmeta=true"), plain);
}
