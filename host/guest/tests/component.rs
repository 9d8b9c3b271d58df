//! The component as built: what it asks of a host (nothing) and what it offers (one interface).
//! It is only read here, never run.

use sha2::{Digest, Sha256};
use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};

#[derive(Default)]
struct Found {
    imports: Vec<String>,
    exports: Vec<(String, ComponentExternalKind)>,
    core_modules: u32,
    memory_pages: Vec<u64>,
}

/// Walk all layers; component imports and exports count on the outermost one, core imports on every one.
fn read(component: &[u8]) -> Found {
    let mut found = Found::default();
    let mut layers = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("the component parses") {
            Payload::Version { encoding, .. } => {
                found.core_modules += u32::from(encoding == Encoding::Module);
                layers.push(encoding);
            }
            Payload::End(_) => drop(layers.pop()),
            Payload::ImportSection(section) => {
                found.imports.extend(section.into_imports().map(|import| {
                    let import = import.expect("the import parses");
                    format!("{} {}", import.module, import.name)
                }));
            }
            Payload::MemorySection(section) => {
                let memories = section
                    .into_iter()
                    .map(|memory| memory.expect("parses").initial);
                found.memory_pages.extend(memories);
            }
            Payload::ComponentImportSection(section) if layers.len() == 1 => {
                let names = section
                    .into_iter()
                    .map(|import| import.expect("parses").name.name);
                found.imports.extend(names.map(str::to_owned));
            }
            Payload::ComponentExportSection(section) if layers.len() == 1 => {
                let exports = section.into_iter().map(|export| export.expect("parses"));
                found
                    .exports
                    .extend(exports.map(|export| (export.name.name.to_owned(), export.kind)));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn component_imports_nothing() {
    let found = read(guest::COMPONENT);
    assert_eq!(found.imports, [""; 0]);
    assert_eq!(
        found.core_modules, 1,
        "one core module stands in the component"
    );
}

#[test]
fn component_exports_the_interface_alone() {
    let expected = "darkroom:image/transform@0.1.0".to_owned();
    assert_eq!(
        read(guest::COMPONENT).exports,
        [(expected, ComponentExternalKind::Instance)]
    );
}

/// 32 MiB from its start; `host/guest/build/memory.rs` says why.
#[test]
fn component_has_its_memory_at_once() {
    assert_eq!(read(guest::COMPONENT).memory_pages, [512]);
}

/// Of the default formats: who names others says how large it may be.
#[test]
fn component_is_under_8_mb() {
    let bytes = guest::COMPONENT.len();
    let named = option_env!("DARKROOM_GUEST_FORMATS");
    assert!(bytes < 8_000_000 || named.is_some(), "{bytes} bytes");
}

/// The reader above would find an import if there were one.
#[test]
fn reader_sees_imports() {
    let importing = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x07\x01\x01e\x01f\0\0";
    assert_eq!(read(importing).imports, ["e f"]);
}

#[test]
fn digest_is_of_the_component() {
    assert_eq!(Sha256::digest(guest::COMPONENT).as_slice(), guest::DIGEST);
    let hex = guest::DIGEST
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(guest::DIGEST_HEX, hex);
}
