//! What the integration tests stand on: a running darkroom, fake origins, an HTTP client that sends
//! exactly the bytes it is told, and eyes for pictures. Nothing here knows the server's code: it knows
//! the binary, its flags and HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a harness that cannot go on fails the test, with the place"
)]
#![expect(
    clippy::missing_panics_doc,
    reason = "every helper panics when the test cannot go on"
)]
#![allow(
    clippy::print_stderr,
    reason = "a failed test shows what the server said"
)]

pub mod edge;
pub mod nobody;
pub mod client;
pub mod signing;
pub mod origin;
pub mod collector;
pub mod name_server;
pub mod s3;
pub mod registry;
pub mod eyes;
pub mod exif;
pub mod viewers;
pub mod corpus;
pub mod ciede2000;
pub mod littlecms;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use client::{Answer, Request};
pub use corpus::corpus;
pub use edge::{Builder, Edge, compiled_code, darkroom};
pub use name_server::NameServer;
pub use nobody::Nobody;
pub use origin::{Asked, Origin, Reply};
pub use s3::S3;

/// The key that the tests sign with: the one of the signing vectors.
pub const KEY: &str = "4f46feebafc4b5e988f131c4ff8b5997";

/// Longer than anything that a test waits for takes, on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Look until it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never seen: {what}");
        std::thread::sleep(PAUSE);
    }
}

/// The sample pictures, which every edge mounts unless told otherwise.
pub fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures")
}

/// The bytes of a sample picture.
pub fn sample(name: &str) -> Vec<u8> {
    let path = pictures().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A component as `make components` has left it: `edge.wasm`, `transformer.wasm`, `darkroom-spin.wasm` or
/// `darkroom-wasi.wasm`.
pub fn component(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/edge")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `make components` first, or use `make test`",
            path.display()
        )
    })
}

/// Say why a test is not done here. With `DARKROOM_NO_SKIP=1`, where everything is meant to be done, it fails.
#[track_caller]
pub fn skip(why: &str) {
    // Past the test's own capture: what is not done is seen also where everything passes.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
    let is_forbidden = std::env::var_os("DARKROOM_NO_SKIP").is_some_and(|value| value == "1");
    assert!(!is_forbidden, "DARKROOM_NO_SKIP=1, and skipped: {why}");
}

/// The binary under test: `DARKROOM_BINARY`, or the one that `make test` builds into the directory that
/// this test runs from.
pub fn binary() -> PathBuf {
    let built = std::env::var_os("DARKROOM_BINARY")
        .map_or_else(|| profile_directory().join("darkroom"), PathBuf::from);
    assert!(
        built.is_file(),
        "{} is missing: `cargo build -p host --bin darkroom` first, or use `make test`",
        built.display()
    );
    built
}

/// `target/debug`, or what else this test was built into.
fn profile_directory() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().to_owned()
}
