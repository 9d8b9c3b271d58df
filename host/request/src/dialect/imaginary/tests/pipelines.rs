//! `/pipeline`: items in, steps out.

use super::*;
use crate::operation::Format;

fn pipeline(items: &str) -> String {
    format!("pipeline?operations={}", escaped(items))
}

fn escaped(text: &str) -> String {
    let mut bytes = Vec::new();
    crate::target::encode(text.as_bytes(), &mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn message(items: &str) -> String {
    let (status, message) = refused(&format!("/{}&file=a", pipeline(items)));
    assert_eq!(status, 400);
    message
        .strip_prefix("Error while processing the image: ")
        .unwrap_or(&message)
        .to_owned()
}

#[test]
fn items_become_steps() {
    for (items, expected) in [
        (
            r#"[{"operation":"crop","ignore_failure":false,"params":{"width":300,"height":260}},{"operation":"convert","params":{"type":"webp"}}]"#,
            "orient Cover:300x260 ; orient",
        ),
        (
            r#"[{"operation":"resize","ignore_failure":true,"params":{"width":"99.9"}}]"#,
            "maybe orient Pad:100x-",
        ),
        (
            r#"[{"operation":"resize","params":{"width":99.9}}]"#,
            "orient Pad:99x-",
        ),
        (
            r#"[{"operation":"resize","params":{"width":-300}}]"#,
            "orient",
        ),
        (
            r#"[{"operation":"resize","params":{"width":30,"unknown":{},"file":1}}]"#,
            "orient Pad:30x-",
        ),
        (
            r#"[{"operation":"resize","params":{"width":30,"height":30,"nocrop":false}}]"#,
            "orient Cover:30x30",
        ),
        (
            r#"[{"operation":"autorotate","params":{"width":"1"}},{"operation":"flop"}]"#,
            "orient ; orient Vertical",
        ),
        (
            r#"[{"operation":"watermarkImage","params":{"image":"http://h/o"}}]"#,
            "orient image:0+0+0",
        ),
        (r#"[{"operation":"flip"}] trailing {"#, "orient Horizontal"),
        (
            r#"[{"operation":"flip","params":{"background":"1,2,3"}}]"#,
            "orient Horizontal flatten:1,2,3",
        ),
        // An explicit angle uses the orientation up, for all that follow.
        (
            r#"[{"operation":"rotate","params":{"rotate":90}},{"operation":"flip"},{"operation":"autorotate"}]"#,
            "Quarter ; Horizontal",
        ),
        (
            r#"[{"operation":"flip","params":{"norotation":true}},{"operation":"flop"}]"#,
            "Horizontal ; orient Vertical",
        ),
        (
            r#"[{"operation":"flip","params":{"rotate":-90}}]"#,
            "Horizontal",
        ),
    ] {
        assert_eq!(plan(&pipeline(items)), expected, "{items}");
    }
}

#[test]
fn every_operation_has_its_name() {
    for name in [
        "crop",
        "smartcrop",
        "resize",
        "enlarge",
        "extract",
        "rotate",
        "autorotate",
        "flip",
        "flop",
        "thumbnail",
        "zoom",
        "convert",
        "watermark",
        "watermarkImage",
        "blur",
        "fit",
    ] {
        let params = r#"{"width":9,"height":9,"areawidth":9,"areaheight":9,"rotate":90,"factor":1,"type":"png","text":"x","image":"http://h/o","sigma":1}"#;
        let items = format!(r#"[{{"operation":"{name}","params":{params}}}]"#);
        assert!(!plan(&pipeline(&items)).is_empty(), "{name}");
    }
    for name in ["info", "pipeline", "watermarkimage", "Crop", "x", ""] {
        let items = format!(r#"[{{"operation":"{name}","ignore_failure":true}}]"#);
        assert_eq!(
            message(&items),
            format!("Unsupported operation name: {name}")
        );
    }
}

#[test]
fn number_of_items_obeyed_and_violated() {
    let items = |count: usize| format!("[{}]", vec![r#"{"operation":"flip"}"#; count].join(","));
    assert_eq!(plan(&pipeline(&items(10))).split(" ; ").count(), 10);
    assert_eq!(
        message(&items(11)),
        "Maximum allowed pipeline operations exceeded"
    );
    assert_eq!(message("[]"), "Missing or invalid pipeline operations JSON");
}

#[test]
fn all_items_are_checked_before_the_first_runs() {
    let bad_value = r#"[{"operation":"resize"},{"operation":"flip","ignore_failure":true,"params":{"force":1}}]"#;
    assert_eq!(
        message(bad_value),
        "error while processing parameter \"force\" with value %!q(float64=1), error: unsupported value"
    );
    assert_eq!(
        message(r#"[{"operation":"resize"},{"operation":"x"}]"#),
        "Unsupported operation name: x"
    );
    assert_eq!(
        message(r#"[{"operation":"resize","params":{"width":"abc"}}]"#),
        "error while processing parameter \"width\" with value \"abc\", error: strconv.ParseFloat: parsing \"abc\": invalid syntax"
    );
    assert_eq!(
        message(r#"[{"operation":"resize","params":{"gravity":null}}]"#),
        "error while processing parameter \"gravity\" with value %!q(<nil>), error: unsupported value"
    );
}

#[test]
fn an_item_that_cannot_be_done_is_left_out_if_its_failure_is_ignored() {
    for (item, error) in [
        (
            r#""operation":"resize""#,
            "Missing required param: height or width",
        ),
        (r#""operation":"convert""#, "Missing required param: type"),
        (
            r#""operation":"convert","params":{"type":"auto"}"#,
            "Invalid image type: auto",
        ),
        (
            r#""operation":"convert","params":{"type":"heif"}"#,
            "Invalid image type: heif",
        ),
        (
            r#""operation":"flip","params":{"type":"svg"}"#,
            "Unsupported image output type",
        ),
        (
            r#""operation":"flip","params":{"type":"pdf"}"#,
            "Unsupported image output type",
        ),
        (
            r#""operation":"flip","params":{"background":"1"}"#,
            "error while processing parameter \"background\" with value \"1\", error: unsupported value",
        ),
        (
            r#""operation":"watermarkImage","params":{"image":"ftp://o"}"#,
            "Unable to retrieve watermark image. ftp://o",
        ),
    ] {
        assert_eq!(message(&format!("[{{{item}}}]")), error);
        let ignored = format!(
            r#"[{{"operation":"flop"}},{{"ignore_failure":true,{item}}},{{"operation":"flip"}}]"#
        );
        assert_eq!(
            plan(&pipeline(&ignored)),
            "orient Vertical ; orient Horizontal",
            "{item}"
        );
    }
    assert_eq!(
        plan(&pipeline(
            r#"[{"operation":"resize","ignore_failure":true}]"#
        )),
        ""
    );
}

#[test]
fn broken_json_is_a_bad_value_on_every_endpoint() {
    for text in [
        "[{",
        "{}",
        "[1]",
        r#"[{"op":"flip"}]"#,
        r#"[{"ignore_failure":1}]"#,
        "xx",
    ] {
        for endpoint in ["pipeline?", "resize?width=1&", "info?"] {
            let (status, message) =
                refused(&format!("/{endpoint}operations={}&file=a", escaped(text)));
            assert_eq!(status, 400);
            let beginning = "Error while processing parameters, error while processing parameter \"operations\" with value ";
            assert!(message.starts_with(beginning), "{message}");
        }
    }
    // Elsewhere the items themselves are nobody's business.
    assert_eq!(
        plan(&format!(
            "flip?operations={}",
            escaped(r#"[{"operation":"x"}]"#)
        )),
        "orient Horizontal"
    );
}

#[test]
fn the_last_word_on_the_output_counts() {
    let output = |items: &str| output(&pipeline(items));
    let two = r#"[{"operation":"flip","params":{"type":"png","quality":50,"interlace":true}},{"operation":"flop","params":{"quality":60}}]"#;
    let plain = Output::default();
    assert_eq!(
        output(two),
        Output {
            format: Some(Format::Png),
            quality: Some(60),
            interlace: true,
            ..plain
        }
    );
    let converted = r#"[{"operation":"convert","params":{"type":"webp"}},{"operation":"convert","params":{"type":"jpg"}}]"#;
    assert_eq!(output(converted).format, Some(Format::Jpeg));
    let unknown = r#"[{"operation":"convert","params":{"type":"webp"}},{"operation":"flip","params":{"type":"auto"}}]"#;
    assert_eq!(output(unknown).format, Some(Format::Webp));
    // The query's own settings are not the pipeline's.
    let items = escaped(r#"[{"operation":"flip"}]"#);
    let request = ask(&format!(
        "/pipeline?type=auto&quality=5&width=7&file=a&operations={items}"
    ))
    .unwrap();
    assert!(!request.auto);
    assert_eq!(
        request.action,
        ask(&format!("/pipeline?file=a&operations={items}"))
            .unwrap()
            .action
    );
}

#[test]
fn an_overlay_that_is_laid_on_twice_is_fetched_once() {
    let item =
        |url: &str| format!(r#"{{"operation":"watermarkImage","params":{{"image":"{url}"}}}}"#);
    let items = format!(
        "[{},{},{}]",
        item("http://h/a"),
        item("http://h/b"),
        item("http://h/a")
    );
    let request = ask(&format!("/{}&file=a", pipeline(&items))).unwrap();
    assert_eq!(
        request.overlays,
        [
            Source::Url("http://h/a".to_owned()),
            Source::Url("http://h/b".to_owned())
        ]
    );
    assert_eq!(
        plan(&pipeline(&items)),
        "orient image:0+0+0 ; orient image:1+0+0 ; orient image:0+0+0"
    );
}
