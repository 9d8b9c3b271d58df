//! Failures of origins, remembered for a few seconds, so that one that is broken is not asked again by
//! every request. Bounded in number: the oldest are forgotten, which costs the origin a question.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cache::Key;
use http::StatusCode;
use quick_cache::sync::Cache;

use crate::origins::{Fault, FetchError};

/// Sources whose failures are remembered: some hundred bytes each.
const REMEMBERED_MAX: usize = 4096;
/// `Retry-After` is believed so far.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(1);

/// How long failures are remembered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// That an origin is broken: 5xx, too slow, no connection.
    pub failure: Duration,
    /// That a source is not there: 404 and 410.
    pub missing: Duration,
}

/// What failed lately.
pub(super) struct Failures {
    memory: Memory,
    by_source: Cache<Key, Failure>,
}

#[derive(Clone)]
struct Failure {
    error: Arc<FetchError>,
    until: Instant,
}

impl Failures {
    pub(super) fn new(memory: Memory) -> Self {
        Self {
            memory,
            by_source: Cache::new(REMEMBERED_MAX),
        }
    }

    /// Why asking for this source is of no use at `now`.
    pub(super) fn recall(&self, source: &Key, now: Instant) -> Option<Arc<FetchError>> {
        let failure = self.by_source.get(source)?;
        (now < failure.until).then_some(failure.error)
    }

    /// It failed at `now`.
    pub(super) fn remember(&self, source: Key, error: &Arc<FetchError>, now: Instant) {
        if let Some(until) = self
            .time_for(error)
            .filter(|time| !time.is_zero())
            .and_then(|time| now.checked_add(time))
        {
            let error = Arc::clone(error);
            self.by_source.insert(source, Failure { error, until });
        }
    }

    /// It is well again.
    pub(super) fn forget(&self, source: &Key) {
        self.by_source.remove(source);
    }

    /// Everything is well again.
    pub(super) fn forget_all(&self) {
        self.by_source.clear();
    }

    /// How many are remembered, those included whose time is over.
    pub(super) fn len(&self) -> usize {
        self.by_source.len()
    }

    /// `None`: the origin had no part in it, so that asking again costs it nothing.
    fn time_for(&self, error: &FetchError) -> Option<Duration> {
        match error.fault() {
            Fault::Client | Fault::Host => return None,
            Fault::Origin => {}
        }
        if is_gone(error) {
            return Some(self.memory.missing);
        }
        let wished = error.retry_after().unwrap_or_default();
        Some(self.memory.failure.max(wished.min(RETRY_AFTER_MAX)))
    }
}

/// Whether an origin says that a source is not there, which is an answer and no failure.
pub(super) fn is_gone(error: &FetchError) -> bool {
    [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&error.status())
}

/// Whether an older source may stand in: only for what an origin cannot help, never for what it says.
pub(super) fn is_outage(error: &FetchError) -> bool {
    match error.fault() {
        Fault::Origin => error.status().is_server_error() || error.is_throttling(),
        Fault::Host => true,
        Fault::Client => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origins::status_error;

    const MEMORY: Memory = Memory {
        failure: Duration::from_secs(5),
        missing: Duration::from_secs(30),
    };

    /// Seconds for which a status is remembered.
    fn remembered(status: u16, retry_after: Option<u64>) -> u64 {
        let error = status_error(status, retry_after.map(Duration::from_secs));
        let (failures, key, now) = (Failures::new(MEMORY), Key([7; 32]), Instant::now());
        failures.remember(key, &Arc::new(error), now);
        let after = |seconds: u64| now + Duration::from_secs(seconds);
        (0..100)
            .find(|&seconds| failures.recall(&key, after(seconds)).is_none())
            .unwrap()
    }

    #[test]
    fn each_status_has_its_time() {
        for (status, retry_after, seconds) in [
            (500, None, 5),
            (503, Some(2), 5),
            (503, Some(20), 20),
            (429, Some(60), 60),
            (503, Some(61), 60),
            (404, None, 30),
            (410, Some(60), 30),
            (403, None, 5),
        ] {
            assert_eq!(
                remembered(status, retry_after),
                seconds,
                "{status} {retry_after:?}"
            );
        }
    }

    #[test]
    fn a_memory_of_nothing_remembers_nothing() {
        let failures = Failures::new(Memory {
            failure: Duration::ZERO,
            missing: Duration::ZERO,
        });
        failures.remember(
            Key([7; 32]),
            &Arc::new(status_error(500, None)),
            Instant::now(),
        );
        assert_eq!(failures.len(), 0);
    }

    #[test]
    fn what_is_no_origins_fault_is_not_remembered() {
        let failures = Failures::new(MEMORY);
        for error in [
            FetchError::Disabled,
            FetchError::InvalidUrl,
            FetchError::Busy,
        ] {
            failures.remember(Key([7; 32]), &Arc::new(error), Instant::now());
        }
        assert_eq!(failures.len(), 0);
    }

    #[test]
    fn only_an_outage_lets_an_older_source_stand_in() {
        for (status, outage) in [
            (500, true),
            (503, true),
            (429, true),
            (404, false),
            (410, false),
            (403, false),
        ] {
            assert_eq!(is_outage(&status_error(status, None)), outage, "{status}");
        }
        assert!(is_outage(&FetchError::Busy));
        assert!(!is_outage(&FetchError::Disabled));
    }
}
