//! What is counted of the tiers behind the cache, of work done while nobody waits, and of traces; read for
//! `/metrics` like the rest.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::readings::{counter, gauge};

/// What came of something, and how often.
pub(crate) type Outcomes<const N: usize> = [(&'static str, u64); N];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Kept originals.
pub(crate) struct SourceReadings {
    /// How questions for an original ended.
    pub(crate) answers: Outcomes<7>,
    /// Questions asked while nobody waits.
    pub(crate) refreshes: Outcomes<2>,
    /// Read from disk instead of being fetched.
    pub(crate) reads: u64,
    /// On disk.
    pub(crate) entries: u64,
    /// What they take.
    pub(crate) bytes: u64,
    /// What they may take.
    pub(crate) bytes_max: u64,
    /// Given up for others.
    pub(crate) evictions: u64,
    /// Writes that the disk failed.
    pub(crate) errors: u64,
}

/// What other parts count.
pub(crate) struct TierReadings {
    /// Kept originals.
    pub(crate) sources: SourceReadings,
    /// Memory that renditions take.
    pub(crate) memory_bytes: u64,
    /// Memory that they may take.
    pub(crate) memory_bytes_max: u64,
    /// The store that pods share.
    pub(crate) store: Outcomes<8>,
    /// Upgrades to AVIF.
    pub(crate) upgrades: Outcomes<4>,
    /// Spans on their way to the collector.
    pub(crate) spans: Outcomes<3>,
}

impl SourceReadings {
    fn register(&self, registry: &mut Registry) {
        let about = "Questions for an original, by what answered them";
        by_outcome(registry, ("sources", about), &self.answers);
        let about = "Questions for a stale original while nobody waits";
        by_outcome(registry, ("source_refreshes", about), &self.refreshes);
        for (name, about, value) in [
            ("source_bytes", "Disk taken by originals", self.bytes),
            (
                "source_bytes_max",
                "Disk that they may take",
                self.bytes_max,
            ),
            ("source_entries", "Originals on disk", self.entries),
        ] {
            gauge(registry, (name, about), value);
        }
        for (name, about, value) in [
            (
                "source_reads",
                "Originals read from disk, not fetched",
                self.reads,
            ),
            (
                "source_evictions",
                "Originals given up for others",
                self.evictions,
            ),
            (
                "source_errors",
                "Writes of originals that failed",
                self.errors,
            ),
        ] {
            counter(registry, (name, about), value);
        }
    }
}

impl TierReadings {
    pub(super) fn register(&self, registry: &mut Registry) {
        self.sources.register(registry);
        for (name, about, value) in [
            (
                "memory_cache_bytes",
                "Memory taken by renditions",
                self.memory_bytes,
            ),
            (
                "memory_cache_bytes_max",
                "Memory that they may take",
                self.memory_bytes_max,
            ),
        ] {
            gauge(registry, (name, about), value);
        }
        let about = "Reads and writes of the store that pods share";
        by_outcome(registry, ("store", about), &self.store);
        let about = "Renditions in a better format, made while nobody waits";
        by_outcome(registry, ("upgrades", about), &self.upgrades);
        let about = "Spans for the collector of traces";
        by_outcome(registry, ("spans", about), &self.spans);
    }
}

fn by_outcome(registry: &mut Registry, (name, help): (&str, &str), counts: &[(&'static str, u64)]) {
    let family = Family::<Outcome, Counter>::default();
    for &(outcome, count) in counts {
        family.get_or_create(&Outcome { outcome }).inc_by(count);
    }
    registry.register(name, help, family);
}
