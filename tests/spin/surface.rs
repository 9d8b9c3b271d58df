//! What the components ask of a host, read from their bytes: the transformer nothing, the edge component what
//! its world names and what std needs.

use std::collections::BTreeSet;

use tests::component;
use wasmparser::{Parser, Payload};

/// Imports and exports of the component itself, not of those inside it.
pub(super) fn surface(component: &[u8]) -> (BTreeSet<String>, Vec<String>) {
    let (mut imports, mut exports) = (BTreeSet::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| import.unwrap().name.name.to_owned()),
                );
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(
                    section
                        .into_iter()
                        .map(|export| export.unwrap().name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    (imports, exports)
}

/// Interfaces of WASI 0.2 that every such host has, without their versions.
const WASI: [&str; 21] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure-seed",
    "wasi:random/random",
];

/// Imports that are not among those, with their versions.
fn beside_wasi(component: &[u8]) -> Vec<String> {
    let (imports, exports) = surface(component);
    assert_eq!(exports, ["wasi:http/incoming-handler@0.2.0"]);
    let is_wasi = |import: &String| {
        let (name, version) = import.split_once('@').unwrap_or((import, ""));
        WASI.contains(&name) && version.starts_with("0.2.") && !version.contains('-')
    };
    imports
        .into_iter()
        .filter(|import| !is_wasi(import))
        .collect()
}

/// What lies there is what this very server runs.
#[test]
fn the_transformer_asks_for_nothing() {
    assert_eq!(
        component("transformer.wasm"),
        guest::COMPONENT,
        "`make components` again"
    );
    let (imports, exports) = surface(guest::COMPONENT);
    assert_eq!(imports, BTreeSet::new());
    assert_eq!(exports, ["darkroom:image/transform@0.1.0"]);
}

#[test]
fn the_edge_component_asks_for_what_its_world_names() {
    assert_eq!(
        beside_wasi(&component("edge.wasm")),
        [
            "darkroom:image/transform@0.1.0",
            "wasi:config/store@0.2.0-draft-2024-09-27",
            "wasi:keyvalue/store@0.2.0-draft2",
        ]
    );
}

#[test]
fn composed_it_asks_for_no_transformer() {
    let config = "wasi:config/store@0.2.0-draft-2024-09-27";
    let store = "wasi:keyvalue/store@0.2.0-draft2";
    assert_eq!(
        beside_wasi(&component("darkroom-spin.wasm")),
        [config, store]
    );
    assert_eq!(
        beside_wasi(&component("darkroom-wasi.wasm")),
        ["wasi:config/store@0.2.0-rc.1"]
    );
}

/// The transformer is inside, byte for byte, and so is the edge component.
#[test]
fn composing_changes_no_byte() {
    let holds =
        |composed: &[u8], part: &[u8]| composed.windows(part.len()).any(|window| window == part);
    for name in ["darkroom-spin.wasm", "darkroom-wasi.wasm"] {
        let composed = component(name);
        assert!(holds(&composed, guest::COMPONENT), "{name}");
        assert!(holds(&composed, &component("edge.wasm")), "{name}");
    }
}
