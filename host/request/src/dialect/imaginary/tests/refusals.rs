//! Every refusal, with its status and its words.

use super::*;

#[test]
fn what_is_missing() {
    for (call, message) in [
        ("resize", "Missing required param: height or width"),
        (
            "resize?width=0&height=",
            "Missing required param: height or width",
        ),
        (
            "resize?width=0.3",
            "Missing required param: height or width",
        ),
        ("crop", "Missing required param: height or width"),
        ("smartcrop", "Missing required param: height or width"),
        ("fit?width=10", "Missing required params: height, width"),
        ("fit?height=10", "Missing required params: height, width"),
        (
            "enlarge?width=10&aspectratio=1:1",
            "Missing required params: height, width",
        ),
        (
            "extract",
            "Missing required params: areawidth or areaheight",
        ),
        (
            "extract?areawidth=10",
            "Missing required params: areawidth or areaheight",
        ),
        (
            "extract?areaheight=10",
            "Missing required params: areawidth or areaheight",
        ),
        ("rotate", "Missing required param: rotate"),
        ("rotate?rotate=0", "Missing required param: rotate"),
        ("thumbnail", "Missing required params: width or height"),
        ("zoom", "Missing required param: factor"),
        (
            "zoom?factor=1&top=1",
            "Missing required params: areawidth, areaheight",
        ),
        (
            "zoom?factor=1&left=1",
            "Missing required params: areawidth, areaheight",
        ),
        ("convert", "Missing required param: type"),
        ("convert?type=", "Missing required param: type"),
        ("watermark", "Missing required param: text"),
        ("watermark?text=", "Missing required param: text"),
        ("watermarkimage", "Missing required param: image"),
        ("blur", "Missing required param: sigma or minampl"),
        (
            "blur?sigma=0&minampl=0",
            "Missing required param: sigma or minampl",
        ),
        ("pipeline", "Missing or invalid pipeline operations JSON"),
        (
            "pipeline?operations=",
            "Missing or invalid pipeline operations JSON",
        ),
        (
            "pipeline?operations=[]",
            "Missing or invalid pipeline operations JSON",
        ),
        (
            "pipeline?operations=x",
            "Missing or invalid pipeline operations JSON",
        ),
    ] {
        let mark = if call.contains('?') { '&' } else { '?' };
        let expected = (400, format!("Error while processing the image: {message}"));
        assert_eq!(refused(&format!("/{call}{mark}file=a")), expected, "{call}");
    }
}

#[test]
fn bad_values_are_named() {
    let float = |text: &str| format!("strconv.ParseFloat: parsing \"{text}\": invalid syntax");
    for (name, value, reason) in [
        ("width", "abc", float("abc")),
        ("width", "10px", float("10px")),
        ("width", "0x64", float("0x64")),
        (
            "height",
            "1e999",
            "strconv.ParseFloat: parsing \"1e999\": value out of range".to_owned(),
        ),
        ("areawidth", "a", float("a")),
        ("rotate", "left", float("left")),
        ("force", "yes", "unsupported value".to_owned()),
        ("nocrop", "-1", "unsupported value".to_owned()),
        ("flip", "1.1", "unsupported value".to_owned()),
        ("sigma", "x", "unsupported value".to_owned()),
        ("opacity", "1e999", "unsupported value".to_owned()),
    ] {
        // Whichever endpoint: every value is read.
        for endpoint in ["resize", "info", "autorotate", "pipeline"] {
            let expected = format!(
                "Error while processing parameters, error while processing parameter \"{name}\" with value \"{value}\", error: {reason}"
            );
            assert_eq!(
                refused(&format!("/{endpoint}?{name}={value}&file=a")),
                (400, expected)
            );
        }
    }
}

#[test]
fn the_first_mistake_of_the_request_is_reported() {
    let prefix = "Error while processing parameters, error while processing parameter ";
    for (query, name) in [
        ("width=a&height=b", "width"),
        ("height=b&width=a", "height"),
        ("flip=x&width=a", "flip"),
    ] {
        let (status, message) = refused(&format!("/resize?{query}&file=a"));
        assert_eq!(status, 400);
        assert!(
            message.starts_with(&format!("{prefix}\"{name}\"")),
            "{message}"
        );
    }
    // Of a name that comes twice only the first value is looked at.
    assert!(ask("/resize?width=10&width=abc&file=a").is_ok());
    assert!(ask("/resize?width=abc&width=10&file=a").is_err());
    assert_eq!(plan("resize?width=10&width=20"), "orient Pad:10x-");
    // A bad value comes before a bad type, and both before what is missing.
    assert!(
        refused("/resize?type=x&width=a&file=a")
            .1
            .starts_with(prefix)
    );
    assert_eq!(
        refused("/resize?type=x&file=a").1,
        "Unsupported output image format"
    );
}

#[test]
fn values_that_made_imaginary_fall_over_are_refused() {
    for (query, name, value) in [
        ("resize?width=10&aspectratio=16", "aspectratio", "16"),
        ("resize?width=10&aspectratio=0:1", "aspectratio", "0:1"),
        ("resize?height=10&aspectratio=1:0", "aspectratio", "1:0"),
        ("resize?width=10&aspectratio=a:b", "aspectratio", "a:b"),
        ("flip?background=1", "background", "1"),
        ("flip?background=1,2", "background", "1,2"),
    ] {
        let expected = format!(
            "Error while processing parameters, error while processing parameter \"{name}\" with value \"{value}\", error: unsupported value"
        );
        assert_eq!(
            refused(&format!("/{query}&file=a")),
            (400, expected),
            "{query}"
        );
    }
}

#[test]
fn values_are_quoted_so_that_no_message_is_broken() {
    let (_, message) = refused("/resize?width=%0a%00%22%3Cb%3E%ff&file=a");
    assert!(
        message.contains(r#"with value "\n\x00\"<b>\xff""#),
        "{message}"
    );
    let body = crate::error::body(&message, 400);
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(json["message"], message);
    assert!(!body.contains('<'));
}

#[test]
fn unknown_parameters_are_ignored_unless_strict() {
    let ask_strictly = |target: &str| strict().parse(&signed(target), Method::Get);
    assert_eq!(
        plan("flip?foo=1&Width=abc&field=x&%ff=1"),
        "orient Horizontal"
    );
    for (target, name) in [
        ("/flip?foo=1&file=a", "foo"),
        ("/flip?Width=1&file=a", "Width"),
        ("/flip?field=x&file=a", "field"),
        ("/flip?file=a&text=x", "text"),
        ("/info?file=a&width=1", "width"),
        ("/pipeline?file=a&width=1", "width"),
        ("/flip?foo=1&width=abc&file=a", "foo"),
    ] {
        let error = ask_strictly(target).unwrap_err();
        assert_eq!(error.status(), 400);
        assert!(
            error
                .to_string()
                .contains(&format!("parameter \"{name}\" with")),
            "{error}"
        );
    }
    for target in [
        "/resize?width=1&quality=2&nocrop=1&file=a&sign=x&kid=y&key=z&expires=9",
        "/info?file=a&sign=x",
        "/watermark?text=a&font=b&file=a",
    ] {
        assert!(ask_strictly(target).is_ok(), "{target}");
    }
}

#[test]
fn paths() {
    let status = |rules: &Rules, target: &str| {
        rules
            .parse(&signed(target), Method::Get)
            .map_err(|error| error.status())
            .err()
    };
    for target in [
        "/",
        "/x",
        "/Resize",
        "/resize/",
        "//resize",
        "/resize/x",
        "/health",
        "/form",
        "/%ff",
        "/resize%00",
    ] {
        assert_eq!(
            status(&rules(), &format!("{target}?width=1&file=a")),
            Some(404),
            "{target}"
        );
    }
    assert_eq!(status(&rules(), "/%72esize?width=1&file=a"), None);
    for prefix in ["/api/v1", "api/v1", "/api/v1/"] {
        let prefixed = Rules {
            path_prefix: prefix.to_owned(),
            ..rules()
        };
        assert_eq!(
            status(&prefixed, "/api/v1/resize?width=1&file=a"),
            None,
            "{prefix}"
        );
        for target in [
            "/resize",
            "/api/v1resize",
            "/api/v1",
            "/api/v1/",
            "/api/v1//resize",
            "/api/resize",
        ] {
            assert_eq!(
                status(&prefixed, &format!("{target}?width=1&file=a")),
                Some(404),
                "{prefix} {target}"
            );
        }
    }
}

#[test]
fn a_disabled_endpoint_is_not_implemented() {
    let rules = Rules {
        disabled: vec![Endpoint::Crop, Endpoint::Info],
        ..rules()
    };
    let parse = |target: &str| rules.parse(&signed(target), Method::Get);
    for target in ["/crop?width=1&file=a", "/crop", "/info?width=x"] {
        let error = parse(target).unwrap_err();
        assert_eq!(
            (error.status(), error.public_message()),
            (501, "Not implemented endpoint".to_owned())
        );
    }
    assert!(parse("/smartcrop?width=1&file=a").is_ok());
}

#[test]
fn texts_are_bounded() {
    use crate::limits::TEXT_BYTES_MAX;
    let watermark = |bytes: usize| ask(&format!("/watermark?file=a&text={}", "x".repeat(bytes)));
    assert!(watermark(TEXT_BYTES_MAX).is_ok());
    let error = watermark(TEXT_BYTES_MAX + 1).unwrap_err();
    assert_eq!(error.status(), 400);
    assert!(error.to_string().contains("513 bytes"), "{error}");
    assert!(
        refused("/watermark?file=a&text=%ff")
            .1
            .contains("invalid UTF-8")
    );
}
