//! The sealed room: the component that is inside the server imports nothing at all.

use wasmparser::{Parser, Payload};

/// Imports and exports of the outermost component, and imports of the core modules that are not
/// satisfied inside it.
fn surface() -> (Vec<String>, Vec<String>) {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(guest::COMPONENT) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| format!("{:?}", import.unwrap().name)),
                );
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(
                    section
                        .into_iter()
                        .map(|export| format!("{:?}", export.unwrap().name)),
                );
            }
            Payload::ImportSection(section) => {
                imports.extend(section.into_iter().map(|import| format!("{import:?}")));
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[test]
fn the_component_imports_nothing() {
    let (imports, exports) = surface();
    assert_eq!(imports, Vec::<String>::new());
    // An empty file imports nothing either.
    assert!(
        exports
            .iter()
            .any(|name| name.contains("darkroom:image/transform@")),
        "{exports:?}"
    );
}

/// What wasm-bindgen exports would keep its imports alive; the names of functions that are gone may
/// still stand in the name section.
#[test]
fn nothing_of_wasm_bindgen_is_exported() {
    let exports: Vec<&str> = Parser::new(0)
        .parse_all(guest::COMPONENT)
        .filter_map(|payload| match payload.unwrap() {
            Payload::ExportSection(section) => Some(section),
            _ => None,
        })
        .flat_map(|section| section.into_iter().map(|export| export.unwrap().name))
        .collect();
    assert!(exports.contains(&"memory"), "{exports:?}");
    assert!(
        !exports.iter().any(|name| name.contains("wbindgen")),
        "{exports:?}"
    );
}
