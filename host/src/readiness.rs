//! Whether new requests should come here, as whoever spreads them asks by `/ready`. Not while the server
//! is on its way out, and not while the queue is full and nobody gets a place any more. A broken origin or
//! disk is no reason: other pictures can still be answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::pipeline::Admission;

/// What `/ready` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ready {
    /// Come.
    Yes,
    /// The queue is full, and has been for long.
    QueueFull,
    /// It was told to stop.
    Leaving,
}

/// What the answer depends on beside the queue.
pub(crate) struct Readiness {
    leaving: AtomicBool,
    /// How long a full queue is borne before it is told.
    patience: Duration,
}

impl Readiness {
    pub(crate) const fn new(patience: Duration) -> Self {
        Self {
            leaving: AtomicBool::new(false),
            patience,
        }
    }

    /// From now on not ready, for good.
    pub(crate) fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether the server is on its way out.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// The answer now.
    pub(crate) fn ask(&self, admission: &Admission) -> Ready {
        if self.is_leaving() {
            return Ready::Leaving;
        }
        if admission.has_room()
            || admission.last_admitted() < self.patience
            || admission.waits_for_others()
        {
            return Ready::Yes;
        }
        Ready::QueueFull
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_is_told_after_a_while_and_an_open_one_never() {
        let (patient, hasty) = (
            Readiness::new(Duration::from_mins(1)),
            Readiness::new(Duration::ZERO),
        );
        let admission = Admission::new(1);
        assert_eq!(hasty.ask(&admission), Ready::Yes);
        let place = admission.admit().unwrap();
        assert_eq!(patient.ask(&admission), Ready::Yes);
        assert_eq!(hasty.ask(&admission), Ready::QueueFull);
        drop(place);
        assert_eq!(hasty.ask(&admission), Ready::Yes);
    }

    #[test]
    fn a_queue_that_waits_for_origins_is_no_reason() {
        let readiness = Readiness::new(Duration::ZERO);
        let admission = Admission::new(2);
        let places = [(); 2].map(|()| admission.admit().unwrap());
        let waiting = places[0].at_origins();
        assert_eq!(readiness.ask(&admission), Ready::Yes);
        drop(waiting);
        assert_eq!(readiness.ask(&admission), Ready::QueueFull);
    }

    #[test]
    fn who_leaves_is_not_ready_whatever_the_queue() {
        let readiness = Readiness::new(Duration::ZERO);
        readiness.leave();
        assert_eq!(readiness.ask(&Admission::new(1)), Ready::Leaving);
    }
}
