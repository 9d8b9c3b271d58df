//! How long originals are believed and kept: the disk that they may take, when their origins are asked
//! again, and what is done when those do not answer.

use std::time::Duration;

use clap::Args;

use super::ConfigError;
use super::check::at_least;
use super::units::{ByteCount, Period};
use crate::sources::{Memory, Trust};

/// 200 photographs of 5 MB.
const BYTES_DEFAULT: ByteCount = ByteCount::mib(1024);
/// What is known of originals and their bytes lie in a cache each, which takes 1 MiB at least.
const BYTES_MIN: ByteCount = ByteCount::mib(4);
/// Of a picture without a word about it: long enough for a page that is looked at by many, short enough
/// for an editor who has replaced it.
const FRESH_DEFAULT: Duration = Duration::from_mins(5);
/// Longer than an origin needs to answer, so that hardly any client waits for that.
const WHILE_REVALIDATE_DEFAULT: Duration = Duration::from_mins(1);
/// An origin that fails on a Friday evening.
const IF_ERROR_DEFAULT: Duration = Duration::from_hours(72);
/// A broken origin hears of each of its pictures twelve times a minute.
const FAILURE_DEFAULT: Duration = Duration::from_secs(5);
/// What is not there is seldom there soon; but who has just uploaded it does not want to wait.
const MISSING_DEFAULT: Duration = Duration::from_secs(30);

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Originals")]
pub struct Settings {
    /// Disk that originals fetched from other servers may take; 0 keeps none [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    pub source_cache_bytes: Option<ByteCount>,

    /// How long an original is fresh whose origin does not say [default: 5m]
    #[arg(long, value_name = "TIME")]
    pub source_fresh: Option<Period>,

    /// How long an original is fresh at least, whatever its origin's Cache-Control says [default: 0s]
    #[arg(long, value_name = "TIME")]
    pub source_fresh_min: Option<Period>,

    /// How long a stale original is used while its origin is asked about it [default: 1m]
    #[arg(long, value_name = "TIME")]
    pub stale_while_revalidate: Option<Period>,

    /// How long a stale original is used when its origin fails [default: 3days]
    #[arg(long, value_name = "TIME")]
    pub stale_if_error: Option<Period>,

    /// How long an origin's failure is remembered, and it is not asked again [default: 5s]
    #[arg(long, value_name = "TIME")]
    pub origin_failure_ttl: Option<Period>,

    /// How long it is remembered that an original is not there (404, 410) [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub origin_missing_ttl: Option<Period>,
}

/// What is believed and kept of originals.
#[derive(Debug, Clone)]
pub struct Config {
    /// Disk that they may take; 0 keeps none.
    pub bytes_max: u64,
    /// How long they are believed.
    pub(crate) trust: Trust,
    /// How long failures are remembered.
    pub(crate) memory: Memory,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let time = |said: Option<Period>, default| said.map_or(default, |period: Period| period.0);
        Ok(Config {
            bytes_max: match self.source_cache_bytes.unwrap_or(BYTES_DEFAULT) {
                ByteCount(0) => 0,
                size => at_least("source-cache-bytes", size, BYTES_MIN)?.0,
            },
            trust: Trust {
                fresh_default: time(self.source_fresh, FRESH_DEFAULT),
                fresh_min: time(self.source_fresh_min, Duration::ZERO),
                while_revalidate: time(self.stale_while_revalidate, WHILE_REVALIDATE_DEFAULT),
                if_error: time(self.stale_if_error, IF_ERROR_DEFAULT),
            },
            memory: Memory {
                failure: time(self.origin_failure_ttl, FAILURE_DEFAULT),
                missing: time(self.origin_missing_ttl, MISSING_DEFAULT),
            },
        })
    }
}
