//! The transformer's sources come in; a component that imports nothing goes out, with its SHA-256.
//! It never uses a prebuilt file, and never lets a component with an import through.
//! What goes wrong ends the build as one line.

#[path = "build/compile.rs"]
mod compile;
#[path = "build/memory.rs"]
mod memory;
#[path = "build/seal.rs"]
mod seal;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

fn main() {
    if let Err(error) = build() {
        // One line: cargo shows it as the build's error and stops there.
        let line = format!("{error:#}").replace('\n', " ");
        println!("cargo::error={line}");
    }
}

fn build() -> Result<()> {
    let workspace = workspace()?;
    watch(&workspace);
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR is not set")?);
    let core_module = compile::core_module(&workspace, &out_dir)?;
    let component = seal::component(&core_module)?;
    let digest = Sha256::digest(&component);
    fs::write(out_dir.join("transformer.wasm"), &component)?;
    fs::write(out_dir.join("transformer.sha256"), digest)?;
    let hex = digest
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    println!("cargo::rustc-env=GUEST_SHA256={hex}");
    Ok(())
}

/// The repository's root, two folders above this crate.
fn workspace() -> Result<PathBuf> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("no CARGO_MANIFEST_DIR")?);
    let root = here.ancestors().nth(2).context("host/guest has moved")?;
    Ok(root.to_path_buf())
}

/// Everything the component is made of. Cargo looks at folders recursively.
fn watch(workspace: &Path) {
    for source in ["transformer", "wit", "Cargo.toml", "Cargo.lock"] {
        let path = workspace.join(source);
        println!("cargo::rerun-if-changed={}", path.display());
    }
    for variable in [
        compile::CARGO_VARIABLE,
        compile::LINKER_VARIABLE,
        compile::FORMATS_VARIABLE,
    ] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
}
