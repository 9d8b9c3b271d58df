//! wrk, the client of every hit and miss measured here: the same threads, connections and seconds for
//! every server.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

const THREADS: &str = "-t2";
const CONNECTIONS: &str = "-c64";

/// What one run came to.
#[derive(Debug, Clone)]
pub struct Run {
    /// Requests per second.
    pub rate: f64,
    /// Median, as wrk writes it.
    pub p50: String,
    /// 99th percentile, as wrk writes it.
    pub p99: String,
    /// Answers that were neither 2xx nor 3xx.
    pub refused: u64,
}

/// Ask for one target, for so many seconds.
pub fn hits(server: SocketAddr, target: &str, seconds: u32) -> Result<Run> {
    let run = run(&[&duration(seconds), &format!("http://{server}{target}")])?;
    ensure!(run.refused == 0, "{} hits were refused", run.refused);
    Ok(run)
}

/// Ask for what the Lua `script` says.
pub fn scripted(server: SocketAddr, script: &Path, seconds: u32) -> Result<Run> {
    let script = script.display().to_string();
    run(&[
        &duration(seconds),
        "-s",
        &script,
        &format!("http://{server}/"),
    ])
}

fn duration(seconds: u32) -> String {
    format!("-d{seconds}s")
}

fn run(arguments: &[&str]) -> Result<Run> {
    let output = Command::new("wrk")
        .args([THREADS, CONNECTIONS, "--latency"])
        .args(arguments)
        .output()
        .context("wrk")?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |label: &str| {
        let line = report.lines().find(|line| line.trim().starts_with(label))?;
        line.split_whitespace().last().map(str::to_owned)
    };
    if report.contains("Socket errors") {
        bail!("wrk saw errors:\n{report}");
    }
    let refused = value("Non-2xx").map_or(Ok(0), |count| count.parse())?;
    let rate = value("Requests/sec:")
        .with_context(|| format!("wrk said:\n{report}"))?
        .parse()?;
    Ok(Run {
        rate,
        p50: value("50%").unwrap_or_default(),
        p99: value("99%").unwrap_or_default(),
        refused,
    })
}

/// The run with the middle rate.
pub fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    runs.swap_remove(runs.len() / 2)
}
