//! How pictures are made: how many at once, how many wait, and with how much memory.

use clap::Args;

use super::ConfigError;
use super::check::at_least;
use super::units::ByteCount;

/// At 100 ms each on two workers, the last of them waits 3 s.
const QUEUE_DEFAULT: usize = 64;
/// 75 MP of RGB at full size and what is made of it.
const MEMORY_PER_TRANSFORM_DEFAULT: ByteCount = ByteCount::mib(512);
/// The component itself, its stack and its allocator's slack.
const MEMORY_PER_TRANSFORM_MIN: ByteCount = ByteCount::mib(32);

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Sandbox")]
pub struct Settings {
    /// Transforms at once, one thread each [default: --cpus]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,

    /// Misses that may wait for a worker; one more is answered 503 [default: 64]
    #[arg(long, value_name = "N")]
    pub queue: Option<usize>,

    /// Memory that one transform may use [default: 512MiB]
    #[arg(long, value_name = "SIZE")]
    pub memory_per_transform: Option<ByteCount>,
}

/// What the sandbox is given.
#[derive(Debug, Clone)]
pub struct Config {
    /// Transforms at once.
    pub workers: usize,
    /// Misses that wait for a worker.
    pub queue_max: usize,
    /// Linear memory of one transform.
    pub memory_bytes_max: u64,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused; one worker for each of `cpus`.
    pub(super) fn check(self, cpus: usize) -> Result<Config, ConfigError> {
        Ok(Config {
            workers: at_least("workers", self.workers.unwrap_or(cpus), 1)?,
            queue_max: self.queue.unwrap_or(QUEUE_DEFAULT),
            memory_bytes_max: at_least(
                "memory-per-transform",
                self.memory_per_transform
                    .unwrap_or(MEMORY_PER_TRANSFORM_DEFAULT),
                MEMORY_PER_TRANSFORM_MIN,
            )?
            .0,
        })
    }
}
