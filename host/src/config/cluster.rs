//! What matters where others start, stop and bound the process: how it leaves, when it is ready, what
//! must be there, and how many workers its memory limit holds.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use clap::Args;

use super::cgroup::{Needs, PerWorker, memory_limit_bytes};
use super::check::refuse;
use super::units::{ByteCount, Period};
use super::{ConfigError, cache, limits, sandbox};

/// On a laptop nobody has to hear of it.
const DRAIN_DELAY_DEFAULT: Period = Period(Duration::ZERO);
/// Longer than a burst, shorter than clients' patience.
const READY_PATIENCE_DEFAULT: Period = Period(Duration::from_secs(5));

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Cluster")]
pub struct Settings {
    /// Time in which everything is still answered after SIGTERM, though /ready fails at once: as long as
    /// load balancers take to hear of it [default: 0s]
    #[arg(long, value_name = "TIME")]
    pub drain_delay: Option<Period>,

    /// /ready fails when the queue is full and nobody has got a place for so long [default: 5s]
    #[arg(long, value_name = "TIME")]
    pub ready_patience: Option<Period>,

    /// End at start when the cache directory cannot be written, instead of serving without a cache
    #[arg(long)]
    pub require_cache: Option<bool>,

    /// Memory that the whole process may use; fewer workers are started where it does not hold one for
    /// each CPU, and none where it does not hold one [default: the control group's limit]
    #[arg(long, value_name = "SIZE")]
    pub memory_limit: Option<ByteCount>,
}

/// How to behave among others.
#[derive(Debug, Clone)]
pub struct Config {
    /// Time in which everything is still answered after a stop was asked for.
    pub drain_delay: Duration,
    /// How long a full queue is borne before `/ready` fails.
    pub ready_patience: Duration,
    /// What the whole process may use; `None`: nobody says.
    pub memory_limit_bytes: Option<u64>,
}

impl Settings {
    /// The defaults where nothing was said. What does not go together with `cache` is refused.
    pub(super) fn check(self, cache: &cache::Config) -> Result<Config, ConfigError> {
        if self.require_cache.unwrap_or(false) && cache.bytes_max > 0 {
            try_to_write(&cache.directory).map_err(|error| {
                refuse(
                    "cache-dir",
                    format!("{}: {error}", cache.directory.display()),
                )
            })?;
        }
        Ok(Config {
            drain_delay: self.drain_delay.unwrap_or(DRAIN_DELAY_DEFAULT).0,
            ready_patience: self.ready_patience.unwrap_or(READY_PATIENCE_DEFAULT).0,
            memory_limit_bytes: self
                .memory_limit
                .map(|limit| limit.0)
                .or_else(memory_limit_bytes),
        })
    }
}

/// As many workers as the memory limit holds beside the `kept_bytes` of renditions in memory. `asked` are those that somebody has asked for: these are
/// never made fewer behind his back.
pub(super) fn fit_workers(
    sandbox: sandbox::Config,
    asked: Option<usize>,
    (limits, kept_bytes, config): (&limits::Config, u64, &Config),
) -> Result<sandbox::Config, ConfigError> {
    let Some(limit_bytes) = config.memory_limit_bytes else {
        return Ok(sandbox);
    };
    let needs = Needs {
        worker: PerWorker {
            transform_bytes: sandbox.memory_bytes_max,
            source_bytes: limits.source_bytes_max,
        },
        kept_bytes,
    };
    let (fit, limit) = (needs.fit(limit_bytes), ByteCount(limit_bytes));
    match asked {
        _ if fit == 0 => Err(refuse(
            "memory-per-transform",
            format!(
                "a worker of {} does not fit into the memory limit of {limit}: it takes at least {}",
                ByteCount(sandbox.memory_bytes_max),
                ByteCount(needs.needed_bytes(1)),
            ),
        )),
        Some(workers) if workers > fit => Err(refuse(
            "workers",
            format!(
                "{workers} take {}, and the memory limit is {limit}; at most {fit}",
                ByteCount(needs.needed_bytes(workers)),
            ),
        )),
        _ => Ok(sandbox::Config {
            workers: sandbox.workers.min(fit),
            ..sandbox
        }),
    }
}

fn try_to_write(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let probe = directory.join(format!(".probe-{}", std::process::id()));
    let written = File::create(&probe).and_then(|mut file| file.write_all(b"probe"));
    // It may never have existed.
    let _ = fs::remove_file(&probe);
    written
}
