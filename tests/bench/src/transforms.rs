//! One picture, one thread: the component in its sandbox beside sharp with concurrency 1. Time is the
//! median of several runs, from encoded bytes to encoded bytes, a fresh instance included, ours and
//! theirs in turn; every time stands beside bytes and quality.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use host::sandbox::{Job, Sandbox, SandboxConfig, convert};
use request::dialect::{Method, Rules};
use request::image_request::Action;
use request::operation::{Limits, Truncated};
use request::signature::Keyring;

use crate::cases::{self, Case, QUALITIES};
use crate::peer::{Sharp, Work, median};
use crate::{readme, score};

const STARTS: usize = 5000;

const HEAD: [&str; 11] = [
    "picture",
    "to",
    "darkroom ms",
    "sharp ms",
    "ratio",
    "aim",
    "darkroom bytes",
    "sharp bytes",
    "darkroom score",
    "sharp score",
    "bytes at equal score",
];

/// One row a case.
pub fn table(workspace: &Path) -> Result<String> {
    let bench = Bench::start(workspace)?;
    let mut sharp = Sharp::start(&workspace.join("tests/bench"))?;
    let unused = bench.start_microseconds();
    let mut rows = Vec::new();
    for case in cases::all(workspace)? {
        eprintln!("  {} to {}", case.name, case.work());
        rows.push(bench.row(&case, &mut sharp)?);
    }
    let after_work = bench.sandbox.stats().start_last.as_nanos() as f64 / 1e3;
    let used = bench.start_microseconds();
    Ok(format!(
        "{}, medians of {} runs (AVIF: {}) in turn. Score: SSIMULACRA2 against a full decode with Lanczos3 by \
         Pillow; of the pixels for JPEG and PNG, of the file for WebP and AVIF. \"Equal score\": bytes of our file \
         at the lowest quality that scores as sharp's does, as a part of sharp's bytes. AVIF is timed at that \
         quality, WebP at the same number.\n\n{}\n\
         A fresh instance starts in {unused:.1} µs (median of {STARTS}, the last of four that one worker \
         starts one after another and that are given nothing), in {used:.1} µs where the worker has rendered \
         pictures before, whose memory it keeps and searches for what was written, and in {after_work:.1} µs right \
         after a transform, when nothing of it is in the processor's caches.",
        sharp.version,
        cases::RUNS,
        cases::RUNS_AVIF,
        readme::table(&HEAD, &rows)
    ))
}

struct Bench {
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

/// Files of one case: ours and sharp's, and their scores.
struct Pair {
    bytes: (usize, usize),
    scores: (f64, f64),
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
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            folder: tempfile::tempdir()?,
        })
    }

    fn row(&self, case: &Case, sharp: &mut Sharp) -> Result<Vec<String>> {
        sharp.measure(&case.asked_of_sharp(&self.place("theirs")))?;
        let theirs = fs::read(self.place("theirs"))?;
        let (quality, pair, at_equal) = if case.is_scored_by_file() {
            let decoded = self.decoded(&theirs, sharp)?;
            let reference = self.reference(case, &decoded)?;
            let wanted = score::score(&reference, &decoded)?;
            let (equal, bytes) = self.at_score(case, (&reference, wanted), sharp)?;
            let quality = if case.format == "avif" {
                equal
            } else {
                case.quality
            };
            let file = self.transform(&case.source, &case.target(quality))?;
            let ours = score::score(&reference, &self.decoded(&file, sharp)?)?;
            let pair = Pair {
                bytes: (file.len(), theirs.len()),
                scores: (ours, wanted),
            };
            (
                quality,
                pair,
                format!("{:.2}", bytes as f64 / theirs.len() as f64),
            )
        } else {
            let file = self.transform(&case.source, &case.target(case.quality))?;
            let (our_png, their_png) = self.pixels(case, sharp)?;
            let reference = self.reference(case, &our_png)?;
            let scores = (
                score::score(&reference, &our_png)?,
                score::score(&reference, &their_png)?,
            );
            (
                case.quality,
                Pair {
                    bytes: (file.len(), theirs.len()),
                    scores,
                },
                String::new(),
            )
        };
        let (ours, theirs) = self.times(case, quality, sharp)?;
        Ok(vec![
            case.name.clone(),
            case.work(),
            format!("{ours:.1}"),
            format!("{theirs:.1}"),
            format!("**{:.2}**", ours / theirs),
            format!("{:.1}", case.aim),
            pair.bytes.0.to_string(),
            pair.bytes.1.to_string(),
            format!("{:.1}", pair.scores.0),
            format!("{:.1}", pair.scores.1),
            at_equal,
        ])
    }

    /// Medians, ours first. Both do it once before, and then in turn, so that what else the machine does
    /// meets both alike.
    fn times(&self, case: &Case, quality: u8, sharp: &mut Sharp) -> Result<(f64, f64)> {
        let output = self.place("timed");
        let work = case.asked_of_sharp(&output);
        let target = case.target(quality);
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for run in 0..=case.runs {
            let theirs = sharp.measure(&work)?.milliseconds;
            let job = job(&case.source, &target)?;
            let start = Instant::now();
            self.run(job)?;
            if run > 0 {
                our_times.push(start.elapsed().as_secs_f64() * 1e3);
                their_times.push(theirs);
            }
        }
        Ok((median(&mut our_times), median(&mut their_times)))
    }

    /// The pixels that both make, as PNG files.
    fn pixels(&self, case: &Case, sharp: &mut Sharp) -> Result<(PathBuf, PathBuf)> {
        let (ours, theirs) = (self.place("ours.png"), self.place("theirs.png"));
        let target = format!("/resize?width={}&type=png", case.width);
        fs::write(&ours, self.transform(&case.source, &target)?)?;
        sharp.measure(&Work::png(&case.source, Some(case.width), &theirs))?;
        Ok((ours, theirs))
    }

    /// A file as PNG, by sharp's decoders for both.
    fn decoded(&self, file: &[u8], sharp: &mut Sharp) -> Result<PathBuf> {
        let (source, output) = (self.place("encoded"), self.place("decoded.png"));
        fs::write(&source, file)?;
        sharp.measure(&Work::png(&source, None, &output))?;
        Ok(output)
    }

    /// What is scored against, of the size of `like`.
    fn reference(&self, case: &Case, like: &Path) -> Result<PathBuf> {
        let (width, height) = score::size(like)?;
        let reference = self.place(&format!("{}-{width}.png", case.name));
        if !reference.exists() {
            score::reference(&case.source, &reference, (width, height))?;
        }
        Ok(reference)
    }

    /// The lowest quality at which our file scores as `wanted`, and its bytes.
    fn at_score(
        &self,
        case: &Case,
        (reference, wanted): (&Path, f64),
        sharp: &mut Sharp,
    ) -> Result<(u8, usize)> {
        let (mut low, mut high) = QUALITIES;
        let mut found = None;
        while low < high {
            let quality = low.midpoint(high);
            let file = self.transform(&case.source, &case.target(quality))?;
            if score::score(reference, &self.decoded(&file, sharp)?)? >= wanted {
                found = Some((quality, file.len()));
                high = quality;
            } else {
                low = quality + 1;
            }
        }
        found.ok_or_else(|| anyhow!("no quality of ours reaches {wanted:.1} for {}", case.name))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Requests that are refused at the first byte, several at once, so that the worker does not sleep between them:
    /// what is left is the start of an instance.
    fn start_microseconds(&self) -> f64 {
        let deadline = Instant::now() + Duration::from_secs(60);
        let refused = || async {
            let _either_way = self.sandbox.inspect(Bytes::new(), deadline).await;
        };
        let start = |_| {
            self.runtime.block_on(async {
                tokio::join!(refused(), refused(), refused(), refused());
            });
            self.sandbox.stats().start_last.as_nanos() as f64 / 1e3
        };
        median(&mut (0..STARTS).map(start).collect::<Vec<_>>())
    }

    fn transform(&self, source: &Path, target: &str) -> Result<Bytes> {
        self.run(job(source, target)?)
    }

    fn run(&self, job: Job) -> Result<Bytes> {
        let deadline = Instant::now() + Duration::from_secs(120);
        let done = self.runtime.block_on(self.sandbox.transform(job, deadline));
        done.map(|done| done.rendition.bytes)
            .map_err(|error| anyhow!("{error}"))
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
        frames_max: 720,
        animation_pixels_max: 75_000_000,
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
