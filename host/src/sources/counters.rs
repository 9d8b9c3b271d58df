//! What became of questions for sources, counted since the start; never decides anything.

use super::Sources;
use crate::count::Count;

/// The counts, each for itself.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) fresh: Count,
    pub(super) stale: Count,
    pub(super) fetched: Count,
    pub(super) revalidated: Count,
    pub(super) failed: Count,
    pub(super) failures_recalled: Count,
    pub(super) stood_in: Count,
    pub(super) refreshed: Count,
    pub(super) refreshes_dropped: Count,
    pub(super) bytes_found: Count,
}

/// The source tier at one moment. Counts are since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceStats {
    /// Questions answered by a fresh source, without a word to its origin.
    pub fresh: u64,
    /// Questions answered by a stale source, while its origin was asked.
    pub stale: u64,
    /// Sources fetched whole.
    pub fetched: u64,
    /// Sources that their origin confirmed (304).
    pub revalidated: u64,
    /// Questions that an origin did not answer with a source.
    pub failed: u64,
    /// Questions answered by a failure that was remembered.
    pub failures_recalled: u64,
    /// Times that an older source stood in for an origin that failed.
    pub stood_in: u64,
    /// Questions asked in the background.
    pub refreshed: u64,
    /// Questions that were not asked in the background, because too many were.
    pub refreshes_dropped: u64,
    /// Sources read from the disk instead of being fetched.
    pub bytes_found: u64,
    /// Fetches under way.
    pub under_way: usize,
    /// Failures remembered.
    pub failures: usize,
    /// Sources on disk.
    pub entries: u64,
    /// What they take, records included.
    pub bytes: u64,
    /// What they may take.
    pub bytes_max: u64,
    /// Sources given up for others.
    pub evictions: u64,
    /// Writes that the disk failed.
    pub write_errors: u64,
}

impl Sources {
    /// The source tier at this moment.
    pub(crate) fn stats(&self) -> SourceStats {
        let counters = &self.counters;
        let [records, bytes] = self.shelf.stats();
        let both = |of: fn(&cache::Stats) -> u64| {
            records.as_ref().map_or(0, of) + bytes.as_ref().map_or(0, of)
        };
        SourceStats {
            fresh: counters.fresh.get(),
            stale: counters.stale.get(),
            fetched: counters.fetched.get(),
            revalidated: counters.revalidated.get(),
            failed: counters.failed.get(),
            failures_recalled: counters.failures_recalled.get(),
            stood_in: counters.stood_in.get(),
            refreshed: counters.refreshed.get(),
            refreshes_dropped: counters.refreshes_dropped.get(),
            bytes_found: counters.bytes_found.get(),
            under_way: self.flights.under_way(),
            failures: self.failures.len(),
            entries: bytes.as_ref().map_or(0, |stats| stats.entries),
            bytes: both(|stats| stats.bytes),
            bytes_max: both(|stats| stats.bytes_max),
            evictions: bytes.as_ref().map_or(0, |stats| stats.evictions),
            write_errors: both(|stats| stats.write_errors),
        }
    }
}
