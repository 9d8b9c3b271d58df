//! What is counted elsewhere anyway and only read for `/metrics`: the queue, the sandbox, the cache.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::tiers::TierReadings;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    transformer: String,
}

/// The server at one moment.
pub(crate) struct Readings {
    /// The digest of the component in use.
    pub(crate) transformer: String,
    /// Whether it is on its way out.
    pub(crate) draining: bool,
    /// The queue and what is behind it.
    pub(crate) sandbox: SandboxReadings,
    /// The cache.
    pub(crate) cache: CacheReadings,
    /// Everything behind it and beside it.
    pub(crate) tiers: TierReadings,
}

/// The queue and the sandbox.
pub(crate) struct SandboxReadings {
    /// Misses that wait for a worker.
    pub(crate) queue_length: u64,
    /// Places to wait.
    pub(crate) queue_places: u64,
    /// Misses refused at once.
    pub(crate) refused_full: u64,
    /// Misses whose time was over before a worker was free.
    pub(crate) refused_deadline: u64,
    /// Guests running.
    pub(crate) running: u64,
    /// Guests that may run.
    pub(crate) running_max: u64,
    /// Guests started.
    pub(crate) started: u64,
    /// Guests that did not end by themselves, by reason.
    pub(crate) kills: [(&'static str, u64); 5],
}

/// The cache.
pub(crate) struct CacheReadings {
    /// Bytes on disk.
    pub(crate) bytes: u64,
    /// Bytes that it may take.
    pub(crate) bytes_max: u64,
    /// Renditions on disk.
    pub(crate) entries: u64,
    /// Found.
    pub(crate) hits: u64,
    /// Not found.
    pub(crate) misses: u64,
    /// Kept.
    pub(crate) stores: u64,
    /// Given up for others.
    pub(crate) evictions: u64,
    /// What went wrong, by kind.
    pub(crate) errors: [(&'static str, u64); 3],
}

impl Readings {
    pub(super) fn register(&self, registry: &mut Registry) {
        let build = Family::<Build, Gauge>::default();
        build
            .get_or_create(&Build {
                version: env!("CARGO_PKG_VERSION"),
                transformer: self.transformer.clone(),
            })
            .set(1);
        registry.register("build_info", "What runs here", build);
        gauge(
            registry,
            ("draining", "1 after SIGTERM"),
            self.draining.into(),
        );
        self.sandbox.register(registry);
        self.cache.register(registry);
        self.tiers.register(registry);
    }
}

impl SandboxReadings {
    fn register(&self, registry: &mut Registry) {
        gauge(
            registry,
            ("queue_length", "Misses that wait for a worker"),
            self.queue_length,
        );
        gauge(
            registry,
            ("queue_places", "Misses that may wait"),
            self.queue_places,
        );
        by_reason(
            registry,
            ("queue_refused", "Misses that got no worker"),
            &[
                ("full", self.refused_full),
                ("deadline", self.refused_deadline),
            ],
        );
        gauge(
            registry,
            ("guests_running", "Instances in use"),
            self.running,
        );
        gauge(
            registry,
            ("guests_max", "Instances that may be in use"),
            self.running_max,
        );
        counter(
            registry,
            ("guests_started", "Instances started"),
            self.started,
        );
        by_reason(
            registry,
            ("guest_kills", "Instances that did not end by themselves"),
            &self.kills,
        );
    }
}

impl CacheReadings {
    fn register(&self, registry: &mut Registry) {
        gauge(
            registry,
            ("cache_bytes", "Disk taken by renditions"),
            self.bytes,
        );
        gauge(
            registry,
            ("cache_bytes_max", "Disk that they may take"),
            self.bytes_max,
        );
        gauge(
            registry,
            ("cache_entries", "Renditions on disk"),
            self.entries,
        );
        counter(registry, ("cache_hits", "Renditions found"), self.hits);
        counter(
            registry,
            ("cache_misses", "Renditions not found"),
            self.misses,
        );
        counter(registry, ("cache_stores", "Renditions kept"), self.stores);
        counter(
            registry,
            ("cache_evictions", "Renditions given up for others"),
            self.evictions,
        );
        let errors = Family::<Kind, Counter>::default();
        for (kind, count) in self.errors {
            errors.get_or_create(&Kind { kind }).inc_by(count);
        }
        registry.register("cache_errors", "Work of the cache that failed", errors);
    }
}

pub(super) fn gauge(registry: &mut Registry, (name, help): (&str, &str), value: u64) {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    registry.register(name, help, ConstGauge::new(value));
}

pub(super) fn counter(registry: &mut Registry, (name, help): (&str, &str), value: u64) {
    registry.register(name, help, ConstCounter::new(value));
}

fn by_reason(registry: &mut Registry, (name, help): (&str, &str), counts: &[(&'static str, u64)]) {
    let family = Family::<Reason, Counter>::default();
    for &(reason, count) in counts {
        family.get_or_create(&Reason { reason }).inc_by(count);
    }
    registry.register(name, help, family);
}
