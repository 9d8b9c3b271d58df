//! The same misses of the native server and of the edge component in `wasmtime serve`: the same photo, the same
//! transformer, by wrk over 64 connections. Neither keeps what it made.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::misses::lua;
use crate::readme;
use crate::server::Server;
use crate::wrk;

const ROUNDS: usize = 3;
const SECONDS: u32 = 5;
/// Every connection has a request under way; all of them are to be answered.
const QUEUE: &str = "128";

/// `wasmtime serve` with the composed component; ended with the benchmark.
struct Wasmtime {
    process: Child,
    address: SocketAddr,
}

impl Wasmtime {
    fn start(pictures: &Path, options: &[&str]) -> Result<Self> {
        let binary =
            std::env::var_os("WASMTIME_SERVE").context("WASMTIME_SERVE names the other host")?;
        let mut process = Command::new(binary)
            .args(["--addr", "127.0.0.1:0", "-Scli", "-Sconfig"])
            .args([
                "-Sconfig-var=allow_unsigned=true",
                "-Sconfig-var=mount=/pictures",
            ])
            .arg("--dir")
            .arg(format!("{}::/pictures", pictures.display()))
            .args(options)
            .arg(pictures.join("../../target/edge/darkroom-wasi.wasm"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("wasmtime serve")?;
        let mut lines = BufReader::new(process.stderr.take().context("no stderr")?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let said = line.trim().strip_prefix("Serving HTTP on http://");
        let address = said
            .context("wasmtime did not start")?
            .trim_end_matches('/')
            .parse()?;
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(Self { process, address })
    }
}

impl Drop for Wasmtime {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Requests per second and the median time of a miss, as a table.
pub fn table(binary: &Path, pictures: &Path) -> Result<String> {
    let nothing_kept = ["--cache-bytes", "0", "--memory-cache-bytes", "0"];
    let flags = [&["--allow-unsigned", "--queue", QUEUE][..], &nothing_kept].concat();
    let native = Server::start(binary, pictures, &flags)?;
    let plain = Wasmtime::start(pictures, &[])?;
    let pooled = Wasmtime::start(pictures, &["-Opooling-allocator"])?;
    let hosts = [
        ("darkroom, the native server", native.address),
        ("the edge component in `wasmtime serve`", plain.address),
        ("the same with `-Opooling-allocator`", pooled.address),
    ];
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for (number, (name, address)) in hosts.iter().enumerate() {
        let mut runs = Vec::new();
        for round in 0..ROUNDS {
            let script = folder.path().join(format!("{number}-{round}.lua"));
            fs::write(&script, lua(round))?;
            let run = wrk::scripted(*address, &script, SECONDS);
            let run = run.with_context(|| (*name).to_owned())?;
            ensure!(run.refused == 0, "{name} refused {}", run.refused);
            runs.push(run);
        }
        let run = wrk::median(runs);
        rows.push(vec![
            (*name).to_owned(),
            format!("{:.0}", run.rate),
            run.p50,
            run.p99,
        ]);
    }
    let head = [
        "miss (JPEG, 400 to 599 px), wrk, 64 connections",
        "requests/s",
        "p50",
        "p99",
    ];
    let table = readme::table(&head, &rows);
    Ok(format!(
        "{table}\nMedian of {ROUNDS} rounds of {SECONDS} s each; nothing is kept by either.\n"
    ))
}
