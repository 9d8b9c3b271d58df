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
    /// From encoded bytes to encoded bytes.
    pub milliseconds: f64,
}

/// What is asked for.
pub struct Work<'a> {
    pub source: &'a Path,
    /// `None`: as it is.
    pub width: Option<u32>,
    pub format: &'a str,
    pub quality: u8,
    /// AVIF only.
    pub effort: u8,
    /// Where the output goes.
    pub output: &'a Path,
}

impl<'a> Work<'a> {
    /// To PNG, which keeps every pixel as it is.
    pub fn png(source: &'a Path, width: Option<u32>, output: &'a Path) -> Self {
        Self {
            source,
            width,
            format: "png",
            quality: 0,
            effort: 0,
            output,
        }
    }
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
        Ok(Self {
            process,
            ask,
            answers,
            version,
        })
    }

    /// Do `work` once.
    pub fn measure(&mut self, work: &Work<'_>) -> Result<Measured> {
        let question = json!({
            "source": work.source, "width": work.width, "format": work.format, "quality": work.quality,
            "effort": work.effort, "output": work.output,
        });
        writeln!(self.ask, "{question}")?;
        let said = answer(&mut self.answers)?;
        let milliseconds = said["milliseconds"].as_f64().context("no time")?;
        Ok(Measured { milliseconds })
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
