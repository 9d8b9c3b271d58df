//! What misses are made with: the source tier, the second level, and what is made while nobody waits.

use std::sync::Arc;

use anyhow::anyhow;
use request::operation::Format;
use tokio::task::JoinSet;

use super::build::FREE_BYTES_MIN;
use super::{KNOWN, ORIGINALS};
use crate::commands::Failure;
use crate::config::Config;
use crate::config::avif::Avif;
use crate::keeping::disk::Disk;
use crate::load::Load;
use crate::origins::Origins;
use crate::pipeline::{Patience, Pipeline};
use crate::second_level::SecondLevel;
use crate::sources::{Sources, SourcesConfig};
use crate::upgrades::{Upgrades, UpgradesConfig};

/// What is known of originals takes this part of their disk: 4 KiB each, so that it is there long after
/// the bytes, of which there are some megabytes each, have gone.
const RECORDS_SHARE: u64 = 16;
/// A cache takes at least this.
const DISK_BYTES_MIN: u64 = 1 << 20;
/// An original larger than a quarter of the disk would push too many others out.
const ENTRY_SHARE: u64 = 4;
/// A record of the longest headers.
const RECORD_BYTES_MAX: u64 = 64 << 10;
/// Half an hour of work for one thread that is idle half of the time.
const UPGRADES_QUEUE_MAX: usize = 1024;

pub(super) fn sources(config: &Config, origins: Origins) -> Result<Sources, Failure> {
    let all = config.originals.bytes_max;
    let records = (all / RECORDS_SHARE).max(DISK_BYTES_MIN);
    let disk = |folder: &str, bytes_max: u64, entry_bytes_max: u64| {
        if all == 0 {
            return Ok(Disk::off());
        }
        let disk = cache::Config {
            directory: config.cache.directory.join(folder),
            bytes_max,
            free_bytes_min: FREE_BYTES_MIN,
            entry_bytes_max,
        };
        Disk::open(disk).map_err(|error| Failure::usage(anyhow!("--cache-dir: {error}")))
    };
    let bytes = all.saturating_sub(records);
    let largest = config.limits.source_bytes_max.min(bytes / ENTRY_SHARE);
    Ok(Sources::new(SourcesConfig {
        origins,
        records: disk(KNOWN, records, RECORD_BYTES_MAX)?,
        bytes: disk(ORIGINALS, bytes, largest)?,
        trust: config.originals.trust,
        memory: config.originals.memory,
        patience: config.sources.timeout,
    }))
}

pub(super) fn second_level(config: &Config) -> Result<Option<SecondLevel>, Failure> {
    let Some(url) = &config.second_level.url else {
        return Ok(None);
    };
    SecondLevel::open(url, config.second_level.read_timeout)
        .map(Some)
        .map_err(|error| Failure::usage(anyhow!("--store-url: {error}")))
}

pub(super) fn upgrades(config: &Config, load: &Arc<Load>) -> Upgrades {
    let upgrades = UpgradesConfig {
        queue_max: UPGRADES_QUEUE_MAX,
        at_once_max: config.avif.workers,
        workers: config.sandbox.workers,
        cpu_percent: config.avif.cpu_percent,
    };
    Upgrades::new(upgrades, Arc::clone(load))
}

/// A better format that is kept nowhere would be made for nobody.
pub(super) fn patience(config: &Config) -> Patience {
    let keeps = config.cache.bytes_max > 0 || config.cache.memory_bytes_max > 0;
    match config.avif.mode {
        Avif::Upgrade if keeps => Patience::TakesStopgaps,
        Avif::Upgrade | Avif::Wait | Avif::Off => Patience::Waits,
    }
}

/// What `type=auto` offers.
pub(super) fn auto_formats(config: &Config) -> Vec<Format> {
    let offered = |format: &Format| config.avif.mode != Avif::Off || *format != Format::Avif;
    let formats = config.answers.auto_formats.iter().copied();
    formats.filter(offered).collect()
}

/// Start what runs beside requests; dropping what is returned stops it.
pub(super) fn start(pipeline: &Pipeline) -> JoinSet<()> {
    let mut running = pipeline.upgrades.start();
    if let Some(level) = pipeline.second_level.clone() {
        running.spawn(async move { level.write().await });
    }
    running
}
