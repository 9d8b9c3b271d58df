//! One job's standing, shared by the client that waits, the queue and the guest that runs.
//! Either side may end it; who comes second finds that out. It knows no guest and no queue.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const LEFT: u8 = 2;

/// Why a guest is stopped before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    #[error("the deadline passed")]
    Deadline,
    #[error("the client left")]
    Left,
}

#[derive(Debug)]
pub(super) struct Ticket {
    standing: AtomicU8,
    deadline: Instant,
}

impl Ticket {
    pub(super) fn new(deadline: Instant) -> Self {
        Self {
            standing: AtomicU8::new(WAITING),
            deadline,
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether the job still stands in the queue.
    pub(super) fn is_waiting(&self) -> bool {
        self.standing.load(Ordering::Acquire) == WAITING
    }

    /// A worker takes the job. False: it is no longer wanted.
    pub(super) fn begin(&self) -> bool {
        self.step(WAITING, RUNNING)
    }

    /// The client gives up a job that no worker has taken. False: one has.
    pub(super) fn withdraw(&self) -> bool {
        self.step(WAITING, LEFT)
    }

    /// The client is gone, whatever the job's standing.
    pub(super) fn leave(&self) {
        self.standing.store(LEFT, Ordering::Release);
    }

    /// Asked at every tick while the guest runs.
    pub(super) fn may_go_on(&self, now: Instant) -> Result<(), Stop> {
        if self.standing.load(Ordering::Acquire) == LEFT {
            Err(Stop::Left)
        } else if now >= self.deadline {
            Err(Stop::Deadline)
        } else {
            Ok(())
        }
    }

    fn step(&self, from: u8, to: u8) -> bool {
        self.standing
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_job_is_begun_or_withdrawn_never_both() {
        let now = Instant::now();
        let begun = Ticket::new(now);
        assert!(begun.is_waiting());
        assert!(begun.begin());
        assert!(!begun.withdraw());
        let withdrawn = Ticket::new(now);
        assert!(withdrawn.withdraw());
        assert!(!withdrawn.begin());
        assert!(!withdrawn.is_waiting());
    }

    #[test]
    fn deadline_obeyed_and_violated() {
        let deadline = Instant::now();
        let ticket = Ticket::new(deadline);
        assert!(ticket.begin());
        let before = deadline.checked_sub(Duration::from_nanos(1)).unwrap();
        assert_eq!(ticket.may_go_on(before), Ok(()));
        assert_eq!(ticket.may_go_on(deadline), Err(Stop::Deadline));
        ticket.leave();
        assert_eq!(ticket.may_go_on(before), Err(Stop::Left));
    }
}
