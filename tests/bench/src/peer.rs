//! sharp, in a process of its own, asked line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A running `sharp.mjs`.
pub struct Sharp {
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// "sharp 0.35.3 (libvips 8.18.0)"
    pub version: String,
}

/// One measured piece of work.
pub struct Measured {
    /// Median, milliseconds.
    pub milliseconds: f64,
    /// Size of the output.
    pub bytes: u64,
}

/// What is asked for.
pub struct Work<'a> {
    pub source: &'a Path,
    pub width: u32,
    pub format: &'a str,
    pub quality: u8,
    /// AVIF only.
    pub effort: u8,
    pub runs: usize,
    /// Where the output goes, for its score.
    pub output: &'a Path,
}

impl Sharp {
    /// Start it; `folder` holds `sharp.mjs` and `node_modules`.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut process = Command::new("node")
            .arg("sharp.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node cannot be started")?;
        let ask = process.stdin.take().context("no stdin")?;
        let mut answers = BufReader::new(process.stdout.take().context("no stdout")?);
        let versions = answer(&mut answers)?;
        let text = |name: &str| versions[name].as_str().unwrap_or("?").to_owned();
        let version = format!("sharp {} (libvips {})", text("sharp"), text("vips"));
        Ok(Self { process, ask, answers, version })
    }

    /// Do `work`, `runs` times.
    pub fn measure(&mut self, work: &Work<'_>) -> Result<Measured> {
        let question = json!({
            "source": work.source, "width": work.width, "format": work.format, "quality": work.quality,
            "effort": work.effort, "runs": work.runs, "output": work.output,
        });
        writeln!(self.ask, "{question}")?;
        let said = answer(&mut self.answers)?;
        let mut times: Vec<f64> =
            said["milliseconds"].as_array().context("no times")?.iter().filter_map(Value::as_f64).collect();
        Ok(Measured { milliseconds: median(&mut times), bytes: said["bytes"].as_u64().context("no bytes")? })
    }
}

impl Drop for Sharp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn answer(answers: &mut BufReader<ChildStdout>) -> Result<Value> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    serde_json::from_str(&line).with_context(|| format!("sharp said {line:?}"))
}

/// The middle of `times`.
pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
