//! A component comes in as WebAssembly and goes out as machine code: from the folder of compiled code
//! where it was compiled before (or came with the image), else by the compiler, and then kept there. Keeping is a favour to
//! the next start; where it fails, this one goes on.

use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::time::Instant;

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::StartError;
use super::compiled_dir::{CompiledDir, hex};

/// Where the machine code came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeOrigin {
    /// The compiler, now.
    Compiled,
    /// The folder of compiled code.
    Loaded,
}

/// Load or compile.
pub(super) fn load(
    engine: &Engine,
    wasm: &[u8],
    dirs: &[&Path],
) -> Result<(Component, CodeOrigin), StartError> {
    let started = Instant::now();
    let key = key(engine, wasm);
    let dirs: Vec<CompiledDir> = dirs.iter().filter_map(|dir| open(dir)).collect();
    if let Some(component) = dirs.iter().find_map(|dir| find(engine, dir, &key)) {
        let took = started.elapsed().as_millis();
        tracing::info!("loaded compiled component in {took} ms");
        return Ok((component, CodeOrigin::Loaded));
    }
    let component = Component::new(engine, wasm).map_err(StartError::Component)?;
    tracing::info!("compiled in {} ms", started.elapsed().as_millis());
    keep(&dirs, &key, &component);
    Ok((component, CodeOrigin::Compiled))
}

/// Whether one of the folders has the component compiled.
pub(super) fn is_kept(engine: &Engine, wasm: &[u8], dirs: &[&Path]) -> bool {
    let key = key(engine, wasm);
    let mut dirs = dirs.iter().filter_map(|dir| open(dir));
    dirs.any(|dir| dir.find(&key).is_ok_and(|found| found.is_some()))
}

/// Whether one of the folders takes code.
pub(super) fn can_keep(dirs: &[&Path]) -> bool {
    let mut dirs = dirs.iter().filter_map(|dir| CompiledDir::open(dir).ok());
    dirs.any(|dir| dir.takes_code())
}

fn open(path: &Path) -> Option<CompiledDir> {
    CompiledDir::open(path)
        .inspect_err(|why| tracing::warn!(?path, %why, "compiled code is not kept"))
        .ok()
}

fn find(engine: &Engine, dir: &CompiledDir, key: &str) -> Option<Component> {
    let path = dir
        .find(key)
        .inspect_err(|why| tracing::warn!(%why, "no compiled code can be looked for"))
        .ok()??;
    deserialize(engine, &path)
        .inspect_err(|error| {
            tracing::warn!("compiled code does not load: {error:#}");
            if let Err(why) = fs::remove_file(&path) {
                tracing::warn!(%why, "and it stays");
            }
        })
        .ok()
}

#[expect(
    unsafe_code,
    reason = "wasmtime believes the machine code in the file. CompiledDir gives out only files whose \
              contents have the digest in their name, that this user wrote, in a folder where \
              nobody else can write"
)]
fn deserialize(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was made by `keep` below, from an engine with the same key, and has not
    // changed since; see the reason above.
    unsafe { Component::deserialize_file(engine, path) }
}

/// In the first folder that takes it: one that came with an image takes nothing.
fn keep(dirs: &[CompiledDir], key: &str, component: &Component) {
    if dirs.is_empty() {
        return;
    }
    let kept = component
        .serialize()
        .map(|code| dirs.iter().any(|dir| dir.put(key, &code).is_ok()));
    match kept {
        Ok(true) => {}
        Ok(false) => tracing::warn!("compiled code is not kept: no folder takes it"),
        Err(error) => tracing::warn!("compiled code is not kept: {error:#}"),
    }
}

/// What the machine code depends on: wasmtime's version and settings, this machine's processor, and
/// the component.
fn key(engine: &Engine, wasm: &[u8]) -> String {
    let mut hasher = StableHasher(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(Sha256::digest(wasm));
    hex(&hasher.0.finalize())
}

/// The standard library's hashers may differ from one build to the next; a file's name must not.
struct StableHasher(Sha256);

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Only the whole digest is used.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    #[test]
    fn a_second_start_compiles_nothing() {
        let temporary = tempfile::tempdir().unwrap();
        let dir = temporary.path().join("compiled");
        let dirs = [dir.as_path()];
        let engine = Engine::default();
        assert_eq!(load(&engine, EMPTY, &dirs).unwrap().1, CodeOrigin::Compiled);
        assert_eq!(load(&engine, EMPTY, &dirs).unwrap().1, CodeOrigin::Loaded);
        assert_eq!(load(&engine, EMPTY, &[]).unwrap().1, CodeOrigin::Compiled);
    }

    #[test]
    fn a_file_that_does_not_load_is_compiled_anew() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("compiled");
        let engine = Engine::default();
        let key = key(&engine, EMPTY);
        CompiledDir::open(&path)
            .unwrap()
            .put(&key, b"not code")
            .unwrap();
        assert_eq!(
            load(&engine, EMPTY, &[&path]).unwrap().1,
            CodeOrigin::Compiled
        );
        assert_eq!(
            load(&engine, EMPTY, &[&path]).unwrap().1,
            CodeOrigin::Loaded
        );
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
    }

    #[test]
    fn an_unusable_folder_costs_only_time() {
        let temporary = tempfile::tempdir().unwrap();
        let file = temporary.path().join("file");
        fs::write(&file, b"").unwrap();
        let engine = Engine::default();
        assert_eq!(
            load(&engine, EMPTY, &[&file]).unwrap().1,
            CodeOrigin::Compiled
        );
    }

    /// A folder that came with an image for other processors: nothing in it, and nothing goes in.
    #[test]
    fn what_the_first_folder_cannot_take_goes_into_the_second() {
        let temporary = tempfile::tempdir().unwrap();
        let (image, own) = (Path::new("/proc/self"), temporary.path().join("compiled"));
        let engine = Engine::default();
        let dirs = [image, own.as_path()];
        assert_eq!(load(&engine, EMPTY, &dirs).unwrap().1, CodeOrigin::Compiled);
        assert_eq!(load(&engine, EMPTY, &dirs).unwrap().1, CodeOrigin::Loaded);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 1);
    }

    #[test]
    fn keys_differ_by_component_and_engine() {
        let engine = Engine::default();
        let plain = key(&engine, EMPTY);
        assert_eq!(plain, key(&Engine::default(), EMPTY));
        assert_ne!(plain, key(&engine, b"another"));
        let mut settings = wasmtime::Config::new();
        settings.epoch_interruption(true);
        assert_ne!(plain, key(&Engine::new(&settings).unwrap(), EMPTY));
    }
}
