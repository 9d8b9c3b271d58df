//! Compiled code, handed from one test's cache directory to the next's: compiling the component takes
//! seconds, and only some tests are about that. The server checks what it finds, so a stale or foreign
//! file costs nothing but its space.

use std::path::{Path, PathBuf};

use crate::profile_directory;

/// Where compiled code stays between tests: beside this test, so that `cargo clean` removes it.
fn store() -> PathBuf {
    profile_directory().join("integration-compiled")
}

/// Put what earlier tests have compiled into a new cache directory.
pub(super) fn hand_out(cache: &Path) {
    for file in compiled_below(&store()) {
        let to = cache.join(file.strip_prefix(store()).unwrap());
        if !to.exists() {
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(&file, &to).unwrap();
        }
    }
}

/// Keep what this server has compiled, for the next.
pub(super) fn keep(cache: &Path) {
    for file in compiled_below(cache) {
        let to = store().join(file.strip_prefix(cache).unwrap());
        if to.exists() {
            continue;
        }
        let directory = to.parent().unwrap();
        std::fs::create_dir_all(directory).unwrap();
        for stale in compiled_below(directory) {
            let _ = std::fs::remove_file(stale);
        }
        let unfinished = tempfile::NamedTempFile::new_in(directory).unwrap();
        // Another test may be doing the same; either file is whole.
        let copied = std::fs::copy(&file, unfinished.path());
        if copied.is_ok() {
            let _ = unfinished.persist(&to);
        }
    }
}

fn compiled_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(compiled_below(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "cwasm")
        {
            found.push(path);
        }
    }
    found
}
