//! The cache crate: beside foyer, and its hit ratio beside theory. Both have a program of their own, which
//! prints Markdown.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

const ENTRIES: &str = "10000,100000,1000000";
/// In memory: what is measured is the cache and not this machine's disk, which takes minutes to lose a
/// million files.
const DIRECTORY: &str = "/dev/shm/darkroom-bench-cache";

/// get, put, evict and open beside foyer's.
pub fn beside_foyer(workspace: &Path) -> Result<String> {
    let manifest = workspace.join("tests/bench/foyer/Cargo.toml");
    let target = workspace.join("target");
    printed(
        cargo(workspace)
            .args(["run", "--release", "--quiet", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(target)
            .args(["--", "--entries", ENTRIES, "--directory", DIRECTORY]),
    )
}

/// Hit ratios of the whole cache on a Zipf(0.9) trace beside Che's approximation.
pub fn ratios(workspace: &Path) -> Result<String> {
    printed(cargo(workspace).args([
        "bench", "--locked", "--quiet", "-p", "cache", "--", "--ratios",
    ]))
}

fn cargo(workspace: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace);
    command
}

fn printed(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo")?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8(output.stdout)?)
}
