//! The pipeline at one moment, in numbers, for `/metrics`.

use answer::key;
use cache::Stats;

use crate::metrics::{CacheReadings, Readings, SandboxReadings, SourceReadings, TierReadings};
use crate::pipeline::Pipeline;
use crate::traces;

/// Everything that is counted by the parts themselves.
pub(super) fn read(pipeline: &Pipeline) -> Readings {
    Readings {
        transformer: key::hex(pipeline.sandbox.digest()),
        draining: pipeline.readiness.is_leaving(),
        sandbox: sandbox(pipeline),
        cache: cache(pipeline),
        tiers: tiers(pipeline),
    }
}

fn sandbox(pipeline: &Pipeline) -> SandboxReadings {
    let stats = pipeline.sandbox.stats();
    SandboxReadings {
        queue_length: stats.queued as u64,
        queue_places: pipeline.admission.places().saturating_sub(pipeline.workers) as u64,
        refused_full: pipeline.admission.refused() + stats.queue_full_total,
        refused_deadline: stats.queue_deadlines_total,
        running: stats.busy as u64,
        running_max: pipeline.workers as u64,
        started: stats.started_total,
        kills: [
            ("trap", stats.traps_total),
            ("deadline", stats.deadline_kills_total),
            ("memory", stats.memory_kills_total),
            ("output", stats.output_kills_total),
            ("cancelled", stats.cancelled_total),
        ],
    }
}

fn cache(pipeline: &Pipeline) -> CacheReadings {
    let report = pipeline.keeping.report();
    let stats = report.disk;
    let disk = |of: fn(&Stats) -> u64| stats.as_ref().map_or(0, of);
    CacheReadings {
        bytes: disk(|stats| stats.bytes),
        bytes_max: disk(|stats| stats.bytes_max),
        entries: disk(|stats| stats.entries),
        hits: report.memory_hits + report.disk_hits,
        misses: report.misses,
        stores: disk(|stats| stats.stores),
        evictions: disk(|stats| stats.evictions),
        errors: [
            ("read", disk(|stats| stats.read_errors)),
            ("write", report.failures),
            ("corrupt", disk(|stats| stats.corrupt)),
        ],
    }
}

fn tiers(pipeline: &Pipeline) -> TierReadings {
    let report = pipeline.keeping.report();
    let level = pipeline.second_level.as_ref();
    let store = level.map(|level| level.stats()).unwrap_or_default();
    let (upgrades, spans) = (pipeline.upgrades.stats(), traces::counts());
    TierReadings {
        sources: sources(pipeline),
        memory_bytes: report.memory_bytes,
        memory_bytes_max: report.memory_bytes_max,
        store: [
            ("hit", store.hits),
            ("miss", store.misses),
            ("damaged", store.damaged),
            ("too_slow", store.too_slow),
            ("read_error", store.read_errors),
            ("written", store.writes),
            ("write_error", store.write_errors),
            ("dropped", store.drops),
        ],
        upgrades: [
            ("made", upgrades.made),
            ("dropped", upgrades.dropped),
            ("interrupted", upgrades.interrupted),
            ("failed", upgrades.failed),
        ],
        spans: [
            ("exported", spans.exported),
            ("failed", spans.failed),
            ("dropped", spans.dropped),
        ],
    }
}

fn sources(pipeline: &Pipeline) -> SourceReadings {
    let stats = pipeline.sources.stats();
    SourceReadings {
        answers: [
            ("fresh", stats.fresh),
            ("stale", stats.stale),
            ("revalidated", stats.revalidated),
            ("fetched", stats.fetched),
            ("failed", stats.failed),
            ("failure_recalled", stats.failures_recalled),
            ("stood_in", stats.stood_in),
        ],
        refreshes: [
            ("asked", stats.refreshed),
            ("dropped", stats.refreshes_dropped),
        ],
        reads: stats.bytes_found,
        entries: stats.entries,
        bytes: stats.bytes,
        bytes_max: stats.bytes_max,
        evictions: stats.evictions,
        errors: stats.write_errors,
    }
}
