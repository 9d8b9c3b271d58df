//! A core module comes in, a component that imports nothing goes out.
//! An import that is left is named and ends the build.

use anyhow::{Context, Result, bail};
use walrus::{ExportId, ModuleConfig};
use wasmparser::{Encoding, Parser, Payload};
use wit_component::ComponentEncoder;

use crate::memory;

/// The interface that the world exports; its functions carry it as a prefix in the core module.
const INTERFACE: &str = "darkroom:image/transform@";

/// What wasm-bindgen would read after the link.
const BINDGEN: &str = "__wasm_bindgen_unstable";

/// Strip, provide with memory, encode, verify.
pub(crate) fn component(core_module: &[u8]) -> Result<Vec<u8>> {
    let stripped = strip(core_module)?;
    refuse_imports(&stripped)?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&stripped)
        .context("the core module has no usable interface")?
        .encode()
        .context("the core module does not make a component")?;
    refuse_imports(&component)?;
    Ok(component)
}

/// Drop what wasm-bindgen leaves in a module that never meets JavaScript: a dependency of the AVIF
/// encoder brings its exports, and they alone keep its imports alive. Then give it its memory.
fn strip(core_module: &[u8]) -> Result<Vec<u8>> {
    // Names of functions are half a megabyte that only a backtrace would show.
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(core_module)
        .context("the core module does not parse")?;
    module.customs.remove_raw(BINDGEN);
    let foreign: Vec<ExportId> = module
        .exports
        .iter()
        .filter(|export| !is_ours(&export.name))
        .map(walrus::Export::id)
        .collect();
    for export in foreign {
        module.exports.delete(export);
    }
    walrus::passes::gc::run(&mut module);
    memory::provide(&mut module)?;
    Ok(module.emit_wasm())
}

/// The exports of the component model: the memory, the allocator, the interface and what runs after
/// a call.
fn is_ours(export: &str) -> bool {
    export == "memory"
        || export == "_initialize"
        || export.starts_with("cabi_")
        || export.starts_with(INTERFACE)
}

/// Look at every layer: the component's own imports and those of modules that nothing provides.
fn refuse_imports(wasm: &[u8]) -> Result<()> {
    let mut imports = Vec::new();
    let mut depth = 0_u32;
    let mut core_modules = 0_u32;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::Version { encoding, .. } => {
                depth += 1;
                core_modules += u32::from(encoding == Encoding::Module);
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imports.push(format!("{} {}", import.module, import.name));
                }
            }
            // A component type may import inside itself; only the outermost layer asks the host.
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    imports.push(import?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    if core_modules == 0 {
        bail!("there is no core module inside the component");
    }
    if !imports.is_empty() {
        bail!(
            "the transformer must import nothing, and imports: {}",
            imports.join(", ")
        );
    }
    Ok(())
}
