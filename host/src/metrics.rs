//! What the process counts, for Prometheus. Requests, stages and origins are counted as they happen, into
//! handles that exist from the start; everything else is read when somebody asks. Labels are bounded:
//! nothing that a client writes becomes one. Counting never waits and never fails a request.

mod requests;
mod stages;
mod origins;
mod readings;
mod tiers;
mod histogram;
mod process;

use std::sync::LazyLock;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::registry::Registry;

use self::origins::OriginMetrics;
pub(crate) use self::origins::kind_of;
pub(crate) use self::readings::{CacheReadings, Readings, SandboxReadings};
use self::requests::RequestMetrics;
use self::stages::StageMetrics;
pub(crate) use self::tiers::{SourceReadings, TierReadings};

/// What `/metrics` is.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Of every name.
const PREFIX: &str = "darkroom";

/// A tenth of a millisecond, where a hit in memory lies, to the 30 s that a request may take.
const SECONDS: [f64; 16] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0, 30.0,
];

/// One for the process, as its log is.
pub(crate) static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// Everything that is counted as it happens.
pub(crate) struct Metrics {
    registry: Registry,
    /// Requests.
    pub(crate) requests: RequestMetrics,
    /// Stages of their way.
    pub(crate) stages: StageMetrics,
    /// Originals.
    pub(crate) origins: OriginMetrics,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        Self {
            requests: RequestMetrics::new(&mut registry),
            stages: StageMetrics::new(&mut registry),
            origins: OriginMetrics::new(&mut registry),
            registry,
        }
    }

    /// All of it as text, together with what is read now.
    pub(crate) fn render(&self, readings: &Readings) -> String {
        let mut now = Registry::with_prefix(PREFIX);
        readings.register(&mut now);
        let mut own = Registry::default();
        process::register(&mut own);
        let mut text = String::new();
        for registry in [&self.registry, &now, &own] {
            // Writing into a string does not fail.
            let _ = encode_registry(&mut text, registry);
        }
        let _ = encode_eof(&mut text);
        text
    }
}
