//! What `/health` says: alive, and the counters that tell why something is slow or missing.

use cache::Stats;
use serde_json::{Value, json};

use crate::pipeline::Pipeline;
use crate::sources::SourceStats;
use crate::upgrades::UpgradeStats;

/// The report, as JSON. Counts are since the start.
pub(super) fn report(pipeline: &Pipeline) -> Value {
    let sandbox = pipeline.sandbox.stats();
    json!({
        "status": "ok",
        "uptime": pipeline.started.elapsed().as_secs(),
        "misses_admitted": pipeline.admission.taken(),
        "misses_under_way": pipeline.flights.under_way(),
        "cache": cache(pipeline),
        "sources": sources(&pipeline.sources.stats()),
        "second_level": second_level(pipeline),
        "upgrades": upgrades(&pipeline.upgrades.stats()),
        "sandbox": {
            "workers": pipeline.workers,
            "busy": sandbox.busy,
            "queued": sandbox.queued,
            "started": sandbox.started_total,
            "start_last_us": sandbox.start_last.as_micros() as u64,
            "traps": sandbox.traps_total,
            "deadline_kills": sandbox.deadline_kills_total,
            "memory_kills": sandbox.memory_kills_total,
            "output_kills": sandbox.output_kills_total,
            "cancelled": sandbox.cancelled_total,
            "queue_full": sandbox.queue_full_total,
            "queue_deadlines": sandbox.queue_deadlines_total,
        },
    })
}

fn cache(pipeline: &Pipeline) -> Value {
    let report = pipeline.keeping.report();
    let stats = report.disk;
    let count = |of: fn(&Stats) -> u64| stats.as_ref().map_or(0, of);
    json!({
        "open": stats.is_some(),
        "entries": count(|stats| stats.entries),
        "bytes": count(|stats| stats.bytes),
        "bytes_max": count(|stats| stats.bytes_max),
        "hits": report.memory_hits + report.disk_hits,
        "memory_hits": report.memory_hits,
        "memory_entries": report.memory_entries,
        "memory_bytes": report.memory_bytes,
        "memory_bytes_max": report.memory_bytes_max,
        "misses": report.misses,
        "stores": count(|stats| stats.stores),
        "evictions": count(|stats| stats.evictions),
        "purged": count(|stats| stats.purged),
        "read_errors": count(|stats| stats.read_errors),
        "write_errors": report.failures,
        "corrupt": count(|stats| stats.corrupt),
    })
}

fn sources(stats: &SourceStats) -> Value {
    json!({
        "fresh": stats.fresh,
        "stale": stats.stale,
        "fetched": stats.fetched,
        "revalidated": stats.revalidated,
        "failed": stats.failed,
        "failures": stats.failures,
        "failures_recalled": stats.failures_recalled,
        "stood_in": stats.stood_in,
        "refreshed": stats.refreshed,
        "refreshes_dropped": stats.refreshes_dropped,
        "bytes_found": stats.bytes_found,
        "under_way": stats.under_way,
        "entries": stats.entries,
        "bytes": stats.bytes,
        "bytes_max": stats.bytes_max,
        "evictions": stats.evictions,
        "write_errors": stats.write_errors,
    })
}

fn second_level(pipeline: &Pipeline) -> Value {
    let level = pipeline.second_level.as_ref();
    let stats = level.map(|level| level.stats()).unwrap_or_default();
    json!({
        "open": level.is_some(),
        "hits": stats.hits,
        "misses": stats.misses,
        "damaged": stats.damaged,
        "too_slow": stats.too_slow,
        "read_errors": stats.read_errors,
        "writes": stats.writes,
        "write_errors": stats.write_errors,
        "drops": stats.drops,
        "waiting_bytes": stats.waiting_bytes,
    })
}

fn upgrades(stats: &UpgradeStats) -> Value {
    json!({
        "queued": stats.queued,
        "made": stats.made,
        "dropped": stats.dropped,
        "interrupted": stats.interrupted,
        "failed": stats.failed,
    })
}
