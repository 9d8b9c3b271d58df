//! How long each stage took, for the `Server-Timing` header (W3C Server Timing).

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use http::HeaderValue;

use crate::metrics::METRICS;

/// Most stages that one request passes.
const STAGES_MAX: usize = 8;
/// What one of them takes in the header, about.
const STAGE_BYTES: usize = 24;

/// A clock that is read between stages.
#[derive(Debug, Clone)]
pub(crate) struct Timing {
    since: Instant,
    stages: [(&'static str, Duration); STAGES_MAX],
    count: usize,
}

impl Timing {
    /// Start at `since`.
    pub(crate) fn start(since: Instant) -> Self {
        Self {
            since,
            stages: [("", Duration::ZERO); STAGES_MAX],
            count: 0,
        }
    }

    /// The time since the last call was spent in `stage`.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        METRICS.stages.observe(stage, now - self.since);
        self.add(stage, now - self.since);
        self.since = now;
    }

    /// `stage` took `time`, measured elsewhere.
    pub(crate) fn add(&mut self, stage: &'static str, time: Duration) {
        if let Some(slot) = self.stages.get_mut(self.count) {
            *slot = (stage, time);
            self.count += 1;
        }
    }

    /// With `stages` after those so far.
    pub(crate) fn with(&self, stages: &[(&'static str, Duration)]) -> Self {
        let mut all = self.clone();
        for (stage, time) in stages {
            all.add(stage, *time);
        }
        all
    }

    /// The header's value: milliseconds with two decimals.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut text = BytesMut::with_capacity(self.count * STAGE_BYTES);
        for (index, (stage, time)) in self.stages[..self.count].iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let hundredths = (time.as_nanos() + 5_000) / 10_000;
            let (whole, part) = (hundredths / 100, hundredths % 100);
            let _ = write!(text, "{comma}{stage};dur={whole}.{part:02}");
        }
        HeaderValue::from_maybe_shared(text.freeze())
            .unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_stand_in_order_and_one_too_many_is_dropped() {
        let mut timing = Timing::start(Instant::now());
        timing.add("fetch", Duration::from_micros(1500));
        timing.add("transform", Duration::from_millis(20));
        assert_eq!(timing.header(), "fetch;dur=1.50, transform;dur=20.00");
        for _ in 0..STAGES_MAX {
            timing.add("more", Duration::ZERO);
        }
        assert_eq!(
            timing.header().to_str().unwrap().split(", ").count(),
            STAGES_MAX
        );
    }
}
