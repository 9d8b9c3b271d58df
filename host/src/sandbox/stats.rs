//! Counters of the sandbox: what became of jobs. They only rise; nobody decides by them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::SandboxError;

/// A look at the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SandboxStats {
    /// Jobs that wait for a worker, now.
    pub queued: usize,
    /// Workers that run a guest, now.
    pub busy: usize,
    /// Guests started.
    pub started_total: u64,
    /// Jobs refused because the queue was full.
    pub queue_full_total: u64,
    /// Jobs whose deadline passed in the queue.
    pub queue_deadlines_total: u64,
    /// Guests stopped at their deadline.
    pub deadline_kills_total: u64,
    /// Guests that wanted more memory than they may have.
    pub memory_kills_total: u64,
    /// Guests that gave more bytes than they may.
    pub output_kills_total: u64,
    /// Guests stopped because their client left.
    pub cancelled_total: u64,
    /// Guests that broke.
    pub traps_total: u64,
    /// How long the newest guest took to start, without any work.
    pub start_last: Duration,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    started: AtomicU64,
    queue_full: AtomicU64,
    queue_deadlines: AtomicU64,
    deadline_kills: AtomicU64,
    memory_kills: AtomicU64,
    output_kills: AtomicU64,
    cancelled: AtomicU64,
    traps: AtomicU64,
    start_last_ns: AtomicU64,
}

impl Counters {
    pub(super) fn count_start(&self, started_in: Duration) {
        self.started.fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(started_in.as_nanos()).unwrap_or(u64::MAX);
        self.start_last_ns.store(nanoseconds, Ordering::Relaxed);
    }

    pub(super) fn count_failure(&self, error: &SandboxError) {
        let counter = match error {
            SandboxError::QueueFull { .. } => &self.queue_full,
            SandboxError::DeadlineInQueue => &self.queue_deadlines,
            SandboxError::Deadline => &self.deadline_kills,
            SandboxError::Memory { .. } => &self.memory_kills,
            SandboxError::Output { .. } => &self.output_kills,
            SandboxError::Trap(_) => &self.traps,
            SandboxError::Stopped => &self.cancelled,
            SandboxError::Refused(_) => return, // an answer like any other
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self, queued: usize, busy: usize) -> SandboxStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        SandboxStats {
            queued,
            busy,
            started_total: read(&self.started),
            queue_full_total: read(&self.queue_full),
            queue_deadlines_total: read(&self.queue_deadlines),
            deadline_kills_total: read(&self.deadline_kills),
            memory_kills_total: read(&self.memory_kills),
            output_kills_total: read(&self.output_kills),
            cancelled_total: read(&self.cancelled),
            traps_total: read(&self.traps),
            start_last: Duration::from_nanos(read(&self.start_last_ns)),
        }
    }
}
