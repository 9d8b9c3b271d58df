//! How long each stage took.

use std::time::{Duration, Instant};

use http::HeaderValue;

/// A clock that is read between stages.
pub(crate) struct Timing {
    since: Instant,
    stages: Vec<(&'static str, Duration)>,
}

impl Timing {
    pub(crate) fn start() -> Self {
        Self {
            since: Instant::now(),
            stages: Vec::new(),
        }
    }

    /// The time since the last call was spent in `stage`.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.stages.push((stage, now - self.since));
        self.since = now;
    }

    /// The value of `Server-Timing`.
    pub(crate) fn header(&self) -> HeaderValue {
        answer::respond::timing(self.stages.iter().copied())
    }
}
