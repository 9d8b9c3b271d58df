//! Section 3, every endpoint and every parameter, from the table in the code that also parses: an endpoint
//! takes the parameter, or it is as if it had not been said; with `--strict` it is refused by name.

use request::dialect::imaginary::{Endpoint, Kind, Parameter, Row, TABLE};
use tests::{Builder, Edge, sample};

/// What is asked of each endpoint, with nothing in it that it can do without. Small, as there are many.
const fn needed(endpoint: Endpoint) -> &'static [(&'static str, &'static str)] {
    match endpoint {
        Endpoint::Resize | Endpoint::Crop | Endpoint::Smartcrop | Endpoint::Thumbnail => {
            &[("width", "8")]
        }
        Endpoint::Fit | Endpoint::Enlarge => &[("width", "8"), ("height", "8")],
        Endpoint::Extract => &[("areawidth", "8"), ("areaheight", "8")],
        Endpoint::Rotate => &[("rotate", "90")],
        Endpoint::Zoom => &[("factor", "1"), ("areawidth", "9")],
        Endpoint::Convert => &[("type", "png")],
        Endpoint::Watermark => &[("text", "a")],
        Endpoint::Watermarkimage => &[("image", "small.png")],
        Endpoint::Blur => &[("sigma", "1")],
        Endpoint::Pipeline => &[("operations", "[{\"operation\":\"flip\"}]")],
        Endpoint::Autorotate | Endpoint::Flip | Endpoint::Flop | Endpoint::Info => &[],
    }
}

/// A value that the parameter can have, and that is not its default.
const fn value(row: &Row) -> &'static str {
    match (row.parameter, row.kind) {
        (Parameter::Expires, _) => "4102444800",
        (Parameter::Image, _) => "small.png",
        (Parameter::Dpi, _) => "200",
        // Room for the areas that are cut out afterwards.
        (Parameter::Width | Parameter::Height, _) => "14",
        (_, Kind::Integer) => "3",
        (_, Kind::Place) => "0",
        (_, Kind::Float) => "0.5",
        (_, Kind::Boolean) => "true",
        (_, Kind::Ratio) => "1:2",
        (_, Kind::Colour) => "10,20,30",
        (_, Kind::Gravity) => "north",
        (_, Kind::Extend) => "white",
        (_, Kind::Colourspace) => "bw",
        (_, Kind::Type) => "png",
        (_, Kind::Operations) => "[{\"operation\":\"flop\"}]",
        (_, Kind::Text | Kind::Elsewhere) => "word",
    }
}

/// The parameters that say where the picture comes from, or who asks: every endpoint takes them, and they
/// have rows of their own.
const fn is_about_the_request(parameter: Parameter) -> bool {
    matches!(
        parameter,
        Parameter::File | Parameter::Url | Parameter::Sign | Parameter::Kid | Parameter::Key
    )
}

fn target(endpoint: Endpoint, more: Option<(&str, &str)>) -> String {
    let mut target = format!("/{}?file=small.png", endpoint.name());
    for (name, value) in needed(endpoint).iter().copied().chain(more) {
        let value = tests::signing::escape(value.as_bytes());
        target = format!("{target}&{name}={value}");
    }
    target
}

fn pairs() -> impl Iterator<Item = (Endpoint, &'static Row)> {
    let rows = TABLE
        .iter()
        .filter(|row| !is_about_the_request(row.parameter));
    rows.flat_map(|row| Endpoint::ALL.map(|endpoint| (endpoint, row)))
}

fn is_needed(endpoint: Endpoint, row: &Row) -> bool {
    needed(endpoint).iter().any(|(name, _)| *name == row.name)
}

/// A directory with one small picture, and a server that asks for no signature.
fn edge(change: impl FnOnce(Builder) -> Builder) -> (tempfile::TempDir, Edge) {
    let mount = tempfile::tempdir().unwrap();
    let picture = image::load_from_memory(&sample("cat.png")).unwrap();
    let small = picture.resize_exact(16, 12, image::imageops::FilterType::Triangle);
    small.save(mount.path().join("small.png")).unwrap();
    let builder = Builder::bare()
        .switch("allow-unsigned")
        .set("mount", mount.path());
    let edge = change(builder).start();
    (mount, edge)
}

#[test]
fn with_strict_each_parameter_is_taken_or_refused_by_name() {
    let (_mount, edge) = edge(|builder| builder.switch("strict"));
    let (mut taken, mut refused) = (0, 0);
    for (endpoint, row) in pairs() {
        if is_needed(endpoint, row) {
            continue;
        }
        let answer = edge.get_unsigned(&target(endpoint, Some((row.name, value(row)))));
        let (endpoint_name, name) = (endpoint.name(), row.name);
        if row.takers.include(endpoint) {
            assert_eq!(
                answer.status,
                200,
                "{endpoint_name} {name}: {}",
                answer.text()
            );
            taken += 1;
        } else {
            let value = value(row).replace('"', "\\\"");
            let expected = format!(
                "Error while processing parameters, error while processing parameter \"{name}\" \
                 with value \"{value}\", error: not a parameter of /{endpoint_name}"
            );
            assert_eq!(answer.refused(400), expected);
            refused += 1;
        }
    }
    assert!(taken > 200 && refused > 200, "{taken} {refused}");
    for endpoint in Endpoint::ALL {
        let said = edge
            .get_unsigned(&target(endpoint, Some(("colour", "red"))))
            .refused(400);
        assert!(said.ends_with("error: unknown parameter"), "{said}");
    }
}

#[test]
fn otherwise_what_an_endpoint_does_not_take_changes_nothing() {
    let (_mount, edge) = edge(|builder| builder);
    for endpoint in Endpoint::ALL {
        let plain = edge.get_unsigned(&target(endpoint, None));
        assert_eq!(plain.status, 200, "{}: {}", endpoint.name(), plain.text());
        let tag = plain.header("etag").unwrap();
        let others = pairs()
            .filter(|(other, row)| *other == endpoint && !row.takers.include(endpoint))
            .map(|(_, row)| (row.name, value(row)))
            .chain([("colour", "red"), ("field", "picture")]);
        for (name, value) in others {
            let answer = edge.get_unsigned(&target(endpoint, Some((name, value))));
            let found = (answer.status, answer.header("etag"));
            assert_eq!(found, (200, Some(tag)), "{} {name}", endpoint.name());
            assert!(answer.is_hit(), "{} {name}", endpoint.name());
        }
    }
}
