//! When AVIF, which takes long to encode, is made: at once, or while nobody waits.

use clap::{Args, ValueEnum};

use super::ConfigError;
use super::check::{at_least, refuse};

/// One leaves the others to requests.
const WORKERS_DEFAULT: usize = 1;
/// Half of one processor, as an average.
const CPU_DEFAULT: u32 = 50;

/// What `type=auto` does for a client that accepts AVIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Avif {
    /// Answer with WebP or JPEG at once, and make AVIF for the next request.
    Upgrade,
    /// Let the client wait for AVIF.
    Wait,
    /// Never choose AVIF.
    Off,
}

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "AVIF")]
pub struct Settings {
    /// What `type=auto` does for a client that accepts AVIF: upgrade answers with WebP or JPEG at once and
    /// makes AVIF for the next request [default: upgrade]
    #[arg(long, value_name = "WHEN")]
    pub avif: Option<Avif>,

    /// Upgrades to AVIF made at once, on workers that requests leave idle [default: 1]
    #[arg(long, value_name = "N")]
    pub avif_workers: Option<usize>,

    /// Share of the time that each of them may work, in per cent [default: 50]
    #[arg(long, value_name = "PERCENT")]
    pub avif_cpu: Option<u32>,
}

/// When AVIF is made.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// For `type=auto`.
    pub mode: Avif,
    /// Upgrades at once.
    pub workers: usize,
    /// Per cent of the time of each.
    pub cpu_percent: u32,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let cpu_percent = self.avif_cpu.unwrap_or(CPU_DEFAULT);
        if !(1..=100).contains(&cpu_percent) {
            return Err(refuse(
                "avif-cpu",
                format!("{cpu_percent} is not between 1 and 100"),
            ));
        }
        Ok(Config {
            mode: self.avif.unwrap_or(Avif::Upgrade),
            workers: at_least(
                "avif-workers",
                self.avif_workers.unwrap_or(WORKERS_DEFAULT),
                1,
            )?,
            cpu_percent,
        })
    }
}
