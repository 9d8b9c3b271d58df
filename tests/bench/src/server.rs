//! A darkroom of the release build, on a free port, with a cache of its own; ended with the benchmark.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A running server.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    _cache: tempfile::TempDir,
}

impl Server {
    /// Serve the pictures in `mount`, unsigned, with `flags` besides.
    pub fn start(binary: &Path, mount: &Path, flags: &[&str]) -> Result<Self> {
        let cache = tempfile::tempdir()?;
        let mut process = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--mount"])
            .arg(mount)
            .arg("--cache-dir")
            .arg(cache.path())
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://").context("darkroom did not start")?.parse()?;
        Ok(Self { process, address, _cache: cache })
    }

    /// Most memory it ever held, in bytes (`VmHWM`).
    pub fn peak_resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM")).context("no VmHWM")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).context("VmHWM without a number")?.parse()?;
        Ok(kilobytes << 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
