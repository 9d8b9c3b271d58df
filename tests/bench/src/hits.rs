//! Cache hits: one signed rendition of about 30 KB, asked for by wrk over 64 connections.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use request::signature::{Keyring, SignOptions};

use crate::client::Client;
use crate::readme;
use crate::server::Server;

const CONNECTIONS: &str = "-c64";
const SECONDS: &str = "-d8s";
const KEY: &str = "a key for the benchmark, 32 bytes+";

/// Requests per second of a hit, as a table.
pub fn table(binary: &Path, pictures: &Path) -> Result<String> {
    let server = Server::start(binary, pictures, &["--url-signature-key", KEY])?;
    let target = signed("/resize?width=500&quality=80&file=coast.jpg")?;
    let body = Client::connect(server.address)?.get(&target)?;
    let (rate, latency) = wrk(&format!("http://{}{target}", server.address))?;
    let rows = vec![vec![
        "disk hit: verify, parse, look up, read, check, answer".to_owned(),
        body.len().to_string(),
        format!("{rate:.0}"),
        latency,
    ]];
    Ok(readme::table(&["signed hit, wrk, 64 connections", "bytes", "requests/s", "p99"], &rows))
}

fn signed(target: &str) -> Result<String> {
    Ok(Keyring::parse(KEY)?.sign(target, &SignOptions::default())?)
}

/// Requests per second and the 99th percentile, from wrk's report.
fn wrk(url: &str) -> Result<(f64, String)> {
    let output = Command::new("wrk").args(["-t2", CONNECTIONS, SECONDS, "--latency", url]).output().context("wrk")?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |label: &str| {
        let line = report.lines().find(|line| line.trim().starts_with(label))?;
        line.split_whitespace().last().map(str::to_owned)
    };
    if report.contains("Non-2xx") {
        anyhow::bail!("wrk saw errors:\n{report}");
    }
    let rate = value("Requests/sec:").with_context(|| format!("wrk said:\n{report}"))?.parse()?;
    Ok((rate, value("99%").unwrap_or_default()))
}
