//! One picture, one thread: the component in its sandbox beside sharp with concurrency 1. Time is the
//! median of several runs, from encoded bytes to encoded bytes, a fresh instance included; every time
//! stands beside the quality of the same pixels.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use host::sandbox::{Job, Sandbox, SandboxConfig, convert};
use request::dialect::{Method, Rules};
use request::image_request::Action;
use request::operation::{Limits, Truncated};
use request::signature::Keyring;

use crate::peer::{Sharp, Work, median};
use crate::photos::{self, Photo};
use crate::{readme, score};

const RUNS: usize = 9;
const STARTS: usize = 500;
const WIDTH: u32 = 400;
const QUALITY: u8 = 80;

/// One row a photo, to 400 px JPEG.
pub fn table(workspace: &Path) -> Result<String> {
    let bench = Bench::start(workspace)?;
    let mut sharp = Sharp::start(&workspace.join("tests/bench"))?;
    let mut rows = Vec::new();
    for photo in photos::all(workspace)? {
        rows.push(bench.row(&photo, &mut sharp)?);
    }
    let head = ["to 400 px JPEG q80, one thread", "darkroom ms", "sharp ms", "ratio", "darkroom score", "sharp score"];
    let after_work = bench.sandbox.stats().start_last.as_nanos() as f64 / 1e3;
    let back_to_back = bench.start_microseconds(workspace)?;
    Ok(format!(
        "{}, median of {RUNS}; score: SSIMULACRA2 of the pixels against a full decode with Lanczos3.\n\n{}\n\
         A fresh instance starts in {back_to_back:.1} µs (median of {STARTS}, one small request after another), in \
         {after_work:.1} µs right after a transform, whose pages are given back first.",
        sharp.version,
        readme::table(&head, &rows)
    ))
}

struct Bench {
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

impl Bench {
    fn start(workspace: &Path) -> Result<Self> {
        let config = SandboxConfig {
            workers: 1,
            compiled_dir: Some(workspace.join("target/bench-compiled")),
            ..SandboxConfig::default()
        };
        Ok(Self {
            sandbox: Sandbox::start(guest::COMPONENT, &config)?,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            folder: tempfile::tempdir()?,
        })
    }

    fn row(&self, photo: &Photo, sharp: &mut Sharp) -> Result<Vec<String>> {
        let place = |name: &str| self.folder.path().join(format!("{}-{name}", photo.name));
        let (ours_png, theirs_png, reference, jpeg) =
            (place("ours.png"), place("theirs.png"), place("reference.png"), place("theirs.jpg"));
        let mut work =
            Work { source: &photo.path, width: WIDTH, format: "jpeg", quality: QUALITY, effort: 4, runs: RUNS, output: &jpeg };
        let theirs = sharp.measure(&work)?.milliseconds;
        let ours = self.measure(&photo.path, &format!("/resize?width={WIDTH}&quality={QUALITY}&type=jpeg"))?;
        (work.format, work.runs, work.output) = ("png", 1, &theirs_png);
        sharp.measure(&work)?;
        fs::write(&ours_png, self.transform(&photo.path, &format!("/resize?width={WIDTH}&type=png"))?)?;
        score::reference(&photo.path, &reference, score::size(&ours_png)?)?;
        Ok(vec![
            photo.name.clone(),
            format!("{ours:.1}"),
            format!("{theirs:.1}"),
            format!("**{:.2}**", ours / theirs),
            format!("{:.1}", score::score(&reference, &ours_png)?),
            format!("{:.1}", score::score(&reference, &theirs_png)?),
        ])
    }

    /// Requests that look at a header and no more: what is left is the start of an instance.
    fn start_microseconds(&self, workspace: &Path) -> Result<f64> {
        let picture = Bytes::from(fs::read(workspace.join("tests/pictures/cat.png"))?);
        let mut starts = Vec::with_capacity(STARTS);
        for _ in 0..STARTS {
            let deadline = Instant::now() + Duration::from_secs(10);
            let inspected = self.runtime.block_on(self.sandbox.inspect(picture.clone(), deadline));
            inspected.map_err(|error| anyhow!("{error}"))?;
            starts.push(self.sandbox.stats().start_last.as_nanos() as f64 / 1e3);
        }
        Ok(median(&mut starts))
    }

    fn measure(&self, source: &Path, target: &str) -> Result<f64> {
        let mut times = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let job = job(source, target)?;
            let start = Instant::now();
            self.run(job)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        Ok(median(&mut times))
    }

    fn transform(&self, source: &Path, target: &str) -> Result<Bytes> {
        self.run(job(source, target)?)
    }

    fn run(&self, job: Job) -> Result<Bytes> {
        let deadline = Instant::now() + Duration::from_secs(120);
        let done = self.runtime.block_on(self.sandbox.transform(job, deadline));
        done.map(|done| done.rendition.bytes).map_err(|error| anyhow!("{error}"))
    }
}

fn job(source: &Path, target: &str) -> Result<Job> {
    let signed = Keyring::unsigned().verify(target, 0)?;
    let request = Rules::default().parse(&signed, Method::Post)?;
    let Action::Transform { steps, output } = request.action else {
        return Err(anyhow!("{target} makes no picture"));
    };
    let limits = Limits {
        source_pixels_max: 75_000_000,
        output_pixels_max: 75_000_000,
        output_side_max: 16_384,
        memory_bytes_max: 480 << 20,
        truncated: Truncated::Render,
    };
    Ok(Job {
        source: fs::read(source)?.into(),
        steps: convert::steps(&steps),
        overlays: Vec::new(),
        output: convert::output(&output),
        limits: convert::limits(&limits),
    })
}
