//! `compose EDGE TRANSFORMER DIRECTORY`: writes every file that a host may want, the two as they are and
//! composed. `.ci/components` runs it.

mod compose;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

/// The component beside this program's sources that stands in for a store.
const NO_STORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/no_store.wat");

fn main() -> Result<()> {
    let words: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [edge, transformer, directory] = words.as_slice() else {
        bail!("usage: compose EDGE TRANSFORMER DIRECTORY");
    };
    let (edge, transformer) = (read(edge)?, read(transformer)?);
    let spin = compose::for_spin(&edge, &transformer)?;
    let wasi = compose::for_others(&edge, &transformer, Path::new(NO_STORE))?;
    fs::create_dir_all(directory)?;
    for (name, bytes) in [
        ("edge.wasm", &edge),
        ("transformer.wasm", &transformer),
        ("darkroom-spin.wasm", &spin),
        ("darkroom-wasi.wasm", &wasi),
    ] {
        let path = directory.join(name);
        // What is the same stays as old as it is, for whoever looks at times.
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        }
        println!("{}: {} KB", path.display(), bytes.len() / 1000);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}
