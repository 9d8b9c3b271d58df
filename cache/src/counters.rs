//! What happened since the start, counted; never decides anything.

use std::sync::atomic::{AtomicU64, Ordering};

/// How far the scan at start has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// Entries not found yet are misses.
    Running,
    /// Everything has been seen.
    Complete,
    /// Some folders could not be read; they are tried again every minute.
    Incomplete,
}

/// A cache at one moment. Counts are since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// How many entries can be found.
    pub entries: u64,
    /// Bytes that are or may be on disk: files, folders, writes under way.
    pub bytes: u64,
    /// What they may grow to now: the budget, or less where the disk has no room for it.
    pub bytes_max: u64,
    /// Entries found and whole.
    pub hits: u64,
    /// Entries not found, or not readable.
    pub misses: u64,
    /// Entries stored.
    pub stores: u64,
    /// Entries removed to make room.
    pub evictions: u64,
    /// Entries removed because somebody asked.
    pub purged: u64,
    /// Reads that the file system failed.
    pub read_errors: u64,
    /// Writes that the file system failed.
    pub write_errors: u64,
    /// Files that could not be unlinked.
    pub unlink_errors: u64,
    /// Entries found damaged, truncated or gone, and forgotten.
    pub corrupt: u64,
    /// Things in our folders that are not ours, as the scan found them. They are not in `bytes`.
    pub foreign: u64,
    /// How far the scan has come.
    pub scan: Scan,
}

/// The counts, each for itself: between two of them no order is promised.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) hits: Count,
    pub(crate) misses: Count,
    pub(crate) stores: Count,
    pub(crate) evictions: Count,
    pub(crate) purged: Count,
    pub(crate) read_errors: Count,
    pub(crate) write_errors: Count,
    pub(crate) unlink_errors: Count,
    pub(crate) corrupt: Count,
    pub(crate) foreign: Count,
}

/// One count.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, number: u64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
