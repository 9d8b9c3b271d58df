//! How long each stage of a request's way took.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::histogram::Histogram;

/// The stages, as `Server-Timing` names them.
const STAGES: [&str; 7] = [
    "verify",
    "lookup",
    "queue",
    "fetch",
    "upload",
    "transform",
    "store",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

/// The histograms.
pub(crate) struct StageMetrics {
    seconds: [(&'static str, Histogram); STAGES.len()],
}

impl StageMetrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let seconds = Family::<StageLabel, Histogram>::default();
        registry.register(
            "stage_seconds",
            "Time that a request spent in a stage; the transform's is CPU time, but for what the system takes",
            seconds.clone(),
        );
        Self {
            seconds: STAGES
                .map(|stage| (stage, seconds.get_or_create_owned(&StageLabel { stage }))),
        }
    }

    /// A request was in `stage` for so long.
    pub(crate) fn observe(&self, stage: &str, took: Duration) {
        if let Some((_, histogram)) = self.seconds.iter().find(|(name, _)| *name == stage) {
            histogram.observe(took);
        }
    }
}
