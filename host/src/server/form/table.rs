//! What the page knows: endpoints and parameters from the one table that parses URLs, and a few facts
//! about this server. Goes out as JSON that can stand inside HTML. Nothing secret is in it.

use std::path::PathBuf;

use request::dialect::imaginary::{Endpoint, Kind, Range, Row, TABLE};
use request::signature::SNIPPETS;
use serde_json::{Map, Value, json};

/// What of a server's settings the page depends on.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Whether URLs need a signature.
    pub signed: bool,
    /// Whether the page may sign them and list the mount.
    pub development: bool,
    /// The directory of `file=`.
    pub mount: Option<PathBuf>,
    /// Whether `url=` is a source.
    pub url_source: bool,
    /// Endpoints that are switched off.
    pub disabled: Vec<Endpoint>,
}

/// Parameters that nearly everybody turns, whatever the endpoint.
const USUAL: [&str; 5] = ["width", "height", "gravity", "type", "quality"];
/// What chooses the source; the page has a control of its own for it.
const SOURCES: [&str; 2] = ["file", "url"];

/// All of it.
pub(super) fn json(facts: &Facts) -> String {
    let endpoints: Vec<Endpoint> = Endpoint::ALL
        .into_iter()
        .filter(|endpoint| !facts.disabled.contains(endpoint))
        .collect();
    let parameters = TABLE
        .iter()
        .filter(|row| row.kind != Kind::Elsewhere && !SOURCES.contains(&row.name));
    let table = json!({
        "version": concat!("darkroom ", env!("CARGO_PKG_VERSION")),
        "signing": if facts.signed { "signed" } else { "none" },
        "development": facts.development,
        "sources": { "file": facts.mount.is_some(), "url": facts.url_source },
        "endpoints": endpoints.iter().copied().map(endpoint).collect::<Vec<_>>(),
        "parameters": parameters.map(|row| parameter(row, &endpoints)).collect::<Vec<_>>(),
        "snippets": SNIPPETS
            .iter()
            .map(|snippet| json!({ "language": snippet.language, "code": snippet.code }))
            .collect::<Vec<_>>(),
    });
    // Nothing in the text can end the element that it stands in.
    table.to_string().replace('<', "\\u003c")
}

fn endpoint(endpoint: Endpoint) -> Value {
    let start: Map<String, Value> = start(endpoint)
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    json!({
        "name": endpoint.name(),
        "help": endpoint.help(),
        "needs": endpoint.needs(),
        "start": start,
    })
}

fn parameter(row: &Row, endpoints: &[Endpoint]) -> Value {
    let takers: Vec<&str> = endpoints
        .iter()
        .filter(|endpoint| row.takers.include(**endpoint))
        .map(|endpoint| endpoint.name())
        .collect();
    let mut parameter = json!({
        "name": row.name,
        "kind": kind(row.kind),
        "default": row.default,
        "placeholder": if row.default == "–" { "" } else { row.default },
        "help": row.help,
        "usual": USUAL.contains(&row.name),
        "endpoints": takers,
    });
    match row.range {
        Range::Numbers(least, most) => {
            parameter["least"] = json!(least);
            parameter["most"] = json!(most);
        }
        Range::Choices(words) => parameter["choices"] = json!(words),
        Range::Any | Range::Bytes(_) => {}
    }
    parameter
}

/// Which control fits.
const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Ratio => "string",
        other => other.name(),
    }
}

/// What an endpoint begins with, so that there is something to see at once.
const fn start(endpoint: Endpoint) -> &'static [(&'static str, &'static str)] {
    match endpoint {
        Endpoint::Fit => &[("width", "400"), ("height", "400")],
        Endpoint::Enlarge => &[("width", "1200"), ("height", "800")],
        Endpoint::Extract => &[
            ("top", "60"),
            ("left", "60"),
            ("areawidth", "240"),
            ("areaheight", "160"),
        ],
        Endpoint::Crop | Endpoint::Smartcrop => &[("width", "300"), ("height", "300")],
        Endpoint::Rotate => &[("rotate", "90"), ("width", "400")],
        Endpoint::Resize | Endpoint::Flip | Endpoint::Flop => &[("width", "400")],
        Endpoint::Thumbnail => &[("width", "200")],
        Endpoint::Zoom => &[
            ("factor", "2"),
            ("top", "60"),
            ("left", "60"),
            ("areawidth", "300"),
            ("areaheight", "200"),
        ],
        Endpoint::Convert => &[("type", "webp")],
        Endpoint::Watermark => &[("text", "darkroom"), ("width", "600"), ("opacity", "0.5")],
        Endpoint::Watermarkimage => &[("width", "600"), ("opacity", "0.8")],
        Endpoint::Blur => &[("sigma", "5"), ("width", "400")],
        Endpoint::Pipeline => &[(
            "operations",
            "[{\"operation\":\"crop\",\"params\":{\"width\":400,\"height\":300}},\n {\"operation\":\"blur\",\"params\":{\"sigma\":2}},\n {\"operation\":\"convert\",\"params\":{\"type\":\"webp\"}}]",
        )],
        Endpoint::Autorotate | Endpoint::Info => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use request::dialect::{Method, Rules, Sources, Unknown};
    use request::signature::Keyring;

    use super::*;

    fn facts() -> Facts {
        Facts {
            signed: true,
            development: true,
            mount: None,
            url_source: false,
            disabled: vec![Endpoint::Blur],
        }
    }

    #[test]
    fn what_an_endpoint_begins_with_is_a_request() {
        let rules = Rules {
            sources: Sources {
                file: true,
                ..Sources::default()
            },
            unknown: Unknown::Refuse,
            ..Rules::default()
        };
        for endpoint in Endpoint::ALL {
            let mut target = format!("/{}?file=a.jpg", endpoint.name());
            for (name, value) in start(endpoint) {
                let _ = write!(target, "&{name}={value}");
            }
            let signed = Keyring::unsigned().verify(&target, 0).unwrap();
            let parsed = rules.parse(&signed, Method::Get);
            // The one thing that the page cannot know is another picture's URL.
            assert_eq!(
                parsed.is_ok(),
                endpoint != Endpoint::Watermarkimage,
                "{target}: {parsed:?}"
            );
        }
    }

    #[test]
    fn the_json_can_stand_in_a_page_and_names_what_is_there() {
        let text = json(&facts());
        assert!(!text.contains('<'));
        let table: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&str> = table["endpoints"]
            .as_array()
            .unwrap()
            .iter()
            .map(|endpoint| endpoint["name"].as_str().unwrap())
            .collect();
        assert!(
            names.contains(&"resize") && !names.contains(&"blur"),
            "{names:?}"
        );
        let parameters = table["parameters"].as_array().unwrap();
        assert!(
            parameters
                .iter()
                .all(|parameter| parameter["name"] != "sign")
        );
        let width = &parameters[0];
        assert_eq!(
            (&width["least"], &width["most"]),
            (&json!(1.0), &json!(16384.0))
        );
    }
}
