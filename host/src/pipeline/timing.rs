//! When each stage began and how long it took: for the `Server-Timing` header (W3C Server Timing), and for
//! traces.

use std::time::{Duration, Instant};

use http::HeaderValue;

use crate::metrics::METRICS;
use crate::traces::Place;

/// Most stages that one request passes.
const STAGES_MAX: usize = 8;

/// A stage, and the time that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// As `Server-Timing` names it.
    pub(crate) name: &'static str,
    /// When it began.
    pub(crate) start: Instant,
    /// How long it took.
    pub(crate) took: Duration,
}

/// A clock that is read between stages.
#[derive(Debug, Clone)]
pub(crate) struct Timing {
    since: Instant,
    stages: [Stage; STAGES_MAX],
    count: usize,
    /// Of these, the stages of this request itself; the others are those of the request it waited for.
    own: usize,
    waited: Option<(Stage, Option<Place>)>,
}

impl Stage {
    /// `name` took `took` from `start` on.
    pub(crate) fn new(name: &'static str, start: Instant, took: Duration) -> Self {
        Self { name, start, took }
    }
}

impl Timing {
    /// Start at `since`.
    pub(crate) fn start(since: Instant) -> Self {
        Self {
            since,
            stages: [Stage::new("", since, Duration::ZERO); STAGES_MAX],
            count: 0,
            own: 0,
            waited: None,
        }
    }

    /// The time since the last call was spent in `stage`.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        self.lap_until(stage, Instant::now());
    }

    /// The time from the last call to `now` was spent in `stage`.
    pub(crate) fn lap_until(&mut self, stage: &'static str, now: Instant) {
        METRICS.stages.observe(stage, now - self.since);
        self.add(Stage::new(stage, self.since, now - self.since));
        self.own = self.count;
        self.since = now;
    }

    /// A stage that was measured elsewhere.
    fn add(&mut self, stage: Stage) {
        if let Some(slot) = self.stages.get_mut(self.count) {
            *slot = stage;
            self.count += 1;
        }
    }

    /// With `stages` of this request's own after those so far.
    pub(crate) fn with(&self, stages: &[Stage]) -> Self {
        let mut all = self.clone();
        for stage in stages {
            all.add(*stage);
        }
        all.own = all.count;
        all
    }

    /// With `stages` of another request, which this one has waited for; `leader` is its place in a trace, if
    /// that is recorded.
    pub(crate) fn after(&self, stages: &[Stage], leader: Option<Place>) -> Self {
        let wait = Stage::new("wait", self.since, self.since.elapsed());
        Self {
            own: self.count,
            waited: Some((wait, leader)),
            ..self.with(stages)
        }
    }

    /// The stages of this request itself.
    pub(crate) fn stages(&self) -> &[Stage] {
        &self.stages[..self.own]
    }

    /// The time in which it has waited for another request, and that one's place in a trace.
    pub(crate) fn waited(&self) -> Option<(Stage, Option<Place>)> {
        self.waited
    }

    /// The header's value.
    pub(crate) fn header(&self) -> HeaderValue {
        let stages = self.stages[..self.count].iter();
        answer::respond::timing(stages.map(|stage| (stage.name, stage.took)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_stand_in_order_and_one_too_many_is_dropped() {
        let start = Instant::now();
        let stage = |name, took| Stage::new(name, start, took);
        let mut timing = Timing::start(start);
        timing.add(stage("fetch", Duration::from_micros(1500)));
        timing.add(stage("transform", Duration::from_millis(20)));
        assert_eq!(timing.header(), "fetch;dur=1.50, transform;dur=20.00");
        for _ in 0..STAGES_MAX {
            timing.add(stage("more", Duration::ZERO));
        }
        assert_eq!(
            timing.header().to_str().unwrap().split(", ").count(),
            STAGES_MAX
        );
    }
    #[test]
    fn the_stages_of_another_request_are_told_but_are_not_ones_own() {
        let mut timing = Timing::start(Instant::now());
        timing.lap("lookup");
        let others = [Stage::new("fetch", Instant::now(), Duration::ZERO)];
        let led = timing.with(&others);
        assert_eq!((led.stages().len(), led.waited()), (2, None));
        let followed = timing.after(&others, None);
        assert_eq!(followed.stages().len(), 1);
        assert_eq!(followed.waited().map(|(stage, _)| stage.name), Some("wait"));
        assert_eq!(followed.header(), led.header());
    }
}
