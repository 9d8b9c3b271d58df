//! A darkroom of the release build, on a free port, with a cache of its own; ended with the benchmark.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// What Linux counts CPU time in, on every machine that this is built for (USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;

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
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .context("darkroom did not start")?
            .parse()?;
        Ok(Self {
            process,
            address,
            _cache: cache,
        })
    }

    /// CPU time that it has taken so far, all threads, user and system.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name may hold blanks; the state (field 3) follows it.
        let (_, fields) = stat
            .rsplit_once(") ")
            .context("/proc/PID/stat without a name")?;
        let ticks = |field: usize| -> Result<f64> {
            Ok(fields
                .split(' ')
                .nth(field)
                .context("/proc/PID/stat is short")?
                .parse()?)
        };
        Ok((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
