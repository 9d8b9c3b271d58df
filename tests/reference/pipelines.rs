//! Section 12: `/pipeline`, whose JSON is written here as it is read, not as a URL has it.

use tests::signing::escape;
use tests::{Edge, eyes, sample};

/// What comes of it.
enum Outcome {
    /// A picture of this size.
    Size(u32, u32),
    /// 400, and how the message begins.
    Refused(&'static str),
}

use Outcome::{Refused, Size};

const VALUE: &str =
    "Error while processing parameters, error while processing parameter \"operations\"";
const PARAMETER: &str = "Error while processing the image: error while processing parameter ";

const ROWS: &[(&str, Outcome)] = &[
    (
        r#"[{"operation":"crop","params":{"width":300,"height":260}},{"operation":"convert","params":{"type":"webp"}}]"#,
        Size(300, 260),
    ),
    (
        r#"[{"operation":"crop","ignore_failure":false,"params":{"width":300,"height":260}}]"#,
        Size(300, 260),
    ),
    // Numbers are cut off and keep their sign; text is read as in a query.
    (
        r#"[{"operation":"thumbnail","params":{"width":99.9}}]"#,
        Size(99, 133),
    ),
    (
        r#"[{"operation":"thumbnail","params":{"width":"99.9"}}]"#,
        Size(100, 135),
    ),
    (
        r#"[{"operation":"crop","params":{"width":-300,"height":100}}]"#,
        Size(550, 100),
    ),
    (
        r#"[{"operation":"resize","params":{"width":300,"colour":"red","file":"none.jpg"}}]"#,
        Size(300, 404),
    ),
    // Keys in any case, null for nothing, and what stands behind the array is ignored.
    (
        r#"[{"Operation":"crop","PARAMS":{"width":300}}] and more"#,
        Size(300, 740),
    ),
    (r#"[{"operation":"flip","params":null}]"#, Size(550, 740)),
    (
        r#"[{"operation":"rotate","params":{"rotate":90}},{"operation":"thumbnail","params":{"width":100}}]"#,
        Size(100, 74),
    ),
    // B31: a failure that is ignored leaves the picture as it was.
    (
        r#"[{"operation":"crop","params":{"width":300}},{"operation":"extract","ignore_failure":true,"params":{"areawidth":9999,"areaheight":9}}]"#,
        Size(300, 740),
    ),
    (
        r#"[{"operation":"zoom","ignore_failure":true}]"#,
        Size(550, 740),
    ),
    // Unknown keys, wrong types, what is no JSON.
    (r#"[{"operation":"flip","note":"x"}]"#, Refused(VALUE)),
    (r#"[{"operation":7}]"#, Refused(VALUE)),
    (
        r#"[{"operation":"flip","ignore_failure":"true"}]"#,
        Refused(VALUE),
    ),
    (r#"[{"operation":"flip","params":[]}]"#, Refused(VALUE)),
    (r#"{"operation":"flip"}"#, Refused(VALUE)),
    ("[1]", Refused(VALUE)),
    ("[[", Refused(VALUE)),
    ("12", Refused(VALUE)),
    (
        r#"[{"operation":"crop","params":{"force":1,"width":9}}]"#,
        Refused(PARAMETER),
    ),
    (
        r#"[{"operation":"crop","params":{"width":"wide"}}]"#,
        Refused(PARAMETER),
    ),
    (
        r#"[{"operation":"crop","params":{"width":{}}}]"#,
        Refused(PARAMETER),
    ),
    (
        r#"[{"operation":"crop","params":{"width":[9]}}]"#,
        Refused(PARAMETER),
    ),
    (
        r#"[{"operation":"crop","params":{"text":9,"width":9}}]"#,
        Refused(PARAMETER),
    ),
    // All items are checked before the first one runs.
    (
        r#"[{"operation":"flip"},{"operation":"burn"}]"#,
        Refused("Error while processing the image: Unsupported operation name: burn"),
    ),
    (
        "[{}]",
        Refused("Error while processing the image: Unsupported operation name: "),
    ),
    (
        "[null]",
        Refused("Error while processing the image: Unsupported operation name: "),
    ),
    (
        r#"[{"operation":"pipeline"}]"#,
        Refused("Error while processing the image: Unsupported operation name: pipeline"),
    ),
    (
        r#"[{"operation":"crop"}]"#,
        Refused("Error while processing the image: Missing required param: height or width"),
    ),
    (
        "",
        Refused("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ),
    (
        "7",
        Refused("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ),
    (
        "[]",
        Refused("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ),
    (
        "null",
        Refused("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ),
];

fn target(operations: &str) -> String {
    format!("/pipeline?operations={}", escape(operations.as_bytes()))
}

#[test]
fn every_row() {
    let edge = Edge::builder().start();
    let source = sample("dunes.jpg");
    let mut wrong = Vec::new();
    for (operations, outcome) in ROWS {
        let answer = edge.post(&target(operations), &source);
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = json["message"].as_str().unwrap_or_default();
        let right = match outcome {
            Size(width, height) => {
                answer.status == 200 && eyes::size(&answer.body) == (*width, *height)
            }
            Refused(begin) => answer.status == 400 && said.starts_with(begin),
        };
        if !right {
            wrong.push(format!("{operations}: {} {}", answer.status, answer.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(edge.count("/sandbox/traps"), 0);
}

#[test]
fn ten_items_and_no_more() {
    let edge = Edge::shared();
    let items = |count: usize| format!("[{}]", vec![r#"{"operation":"flip"}"#; count].join(","));
    let source = sample("cat.png");
    edge.post(&target(&items(10)), &source).picture();
    for count in [11, 50] {
        assert_eq!(
            edge.post(&target(&items(count)), &source).refused(400),
            "Error while processing the image: Maximum allowed pipeline operations exceeded"
        );
    }
}
