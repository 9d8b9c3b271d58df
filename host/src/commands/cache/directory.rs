//! A cache directory that no server is using: it is opened, locked, and looked at. Nothing is evicted:
//! the budget is the next server's to keep.

use std::path::PathBuf;

use anyhow::anyhow;
use cache::{DiskCache, OpenError};
use serde_json::{Value, json};

use super::{What, Where};
use crate::admin::verified;
use crate::commands::Failure;
use crate::commands::serve::{KNOWN, ORIGINALS, RENDITIONS};
use crate::config::cache::directory_default;
use crate::pipeline::{source_named, tag_of};

/// The directory that is meant.
pub(super) fn of(place: &Where) -> PathBuf {
    top(place).join(RENDITIONS)
}

fn top(place: &Where) -> PathBuf {
    place.cache_dir.clone().unwrap_or_else(directory_default)
}

pub(super) fn stats(place: &Where) -> Result<Value, Failure> {
    let stats = open(place)?.stats();
    Ok(json!({
        "entries": stats.entries,
        "bytes": stats.bytes,
        "corrupt": stats.corrupt,
        "foreign": stats.foreign,
    }))
}

pub(super) fn purge(place: &Where, what: &What) -> Result<Value, Failure> {
    let cache = match (&what.source, &what.url) {
        (_, Some(_)) => {
            return Err(Failure::usage(anyhow!(
                "--url: what a URL means is known to a running server alone: give --admin, or --source"
            )));
        }
        _ => open(place)?,
    };
    let tag = what
        .source
        .as_ref()
        .map(|source| tag_of(&source_named(source)));
    let remove =
        |cache: &DiskCache| tag.map_or_else(|| cache.clear(), |tag| cache.remove_by_tag(tag));
    // Originals first: what is left of them would have the same renditions made again.
    let mut originals = 0;
    for folder in [KNOWN, ORIGINALS] {
        let directory = top(place).join(folder);
        if directory.is_dir() {
            originals += remove(&open_in(directory)?)?;
        }
    }
    Ok(json!({ "disk": remove(&cache)?, "originals": originals }))
}

pub(super) fn verify(place: &Where) -> Result<Value, Failure> {
    Ok(verified(&open(place)?.verify()))
}

fn open(place: &Where) -> Result<DiskCache, Failure> {
    let directory = of(place);
    if !directory.is_dir() {
        return Err(Failure::usage(anyhow!(
            "--cache-dir: there is no cache in {}",
            directory.display()
        )));
    }
    open_in(directory)
}

fn open_in(directory: PathBuf) -> Result<DiskCache, Failure> {
    let config = cache::Config {
        directory,
        bytes_max: u64::MAX >> 1,
        free_bytes_min: 0,
        entry_bytes_max: u64::MAX >> 1,
    };
    let cache = DiskCache::open(config).map_err(|error| match error {
        error @ OpenError::InUse { .. } => anyhow!("{error}; ask it with --admin"),
        error @ (OpenError::TooSmall { .. } | OpenError::Io { .. }) => error.into(),
    })?;
    cache.wait_until_scanned();
    Ok(cache)
}
