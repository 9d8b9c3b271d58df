//! A call's way: into the queue, through a guest, back to the client that waits for it.
//! Either side may end it early. Every end is counted once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout_at;
use wasmtime::Store;

use super::SandboxError;
use super::bindings::exports::darkroom::image::transform::{Error as Refusal, Guest};
use super::limits::GuestLimits;
use super::pool::{Pool, Rejected, Task};
use super::room::{Room, Visit};
use super::stats::{Counters, SandboxStats};
use super::ticket::Ticket;

/// A call of one function of the interface: outside, how the guest ended; inside, what it said.
pub(super) trait Call<R>:
    FnOnce(&Guest, &mut Store<GuestLimits>) -> wasmtime::Result<Result<R, Refusal>> + Send + 'static
{
}

impl<R, F> Call<R> for F where
    F: FnOnce(&Guest, &mut Store<GuestLimits>) -> wasmtime::Result<Result<R, Refusal>>
        + Send
        + 'static
{
}

/// A result, and where its time went.
pub(super) struct Ran<R> {
    pub(super) value: R,
    pub(super) waited: Duration,
    pub(super) took: Duration,
}

type Answer<R> = Result<Ran<R>, SandboxError>;

/// The queue, the room behind it, and the count of what became of calls.
pub(super) struct Calls {
    pool: Pool,
    room: Arc<Room>,
    counters: Arc<Counters>,
}

impl Calls {
    pub(super) fn new(room: Room, pool: Pool) -> Self {
        Self {
            pool,
            room: Arc::new(room),
            counters: Arc::default(),
        }
    }

    /// Queue a call, and wait for its answer or the deadline.
    pub(super) async fn run<R>(&self, call: impl Call<R>, deadline: Instant) -> Answer<R>
    where
        R: Send + 'static,
    {
        let ticket = Arc::new(Ticket::new(deadline));
        let _leave = Leave(Arc::clone(&ticket));
        let (reply, mut answer) = oneshot::channel();
        self.submit(&ticket, self.work(call, Arc::clone(&ticket), reply))?;
        let answer = match timeout_at(deadline.into(), &mut answer).await {
            Ok(answer) => answer,
            Err(_) if ticket.withdraw() => Ok(Err(self.counted(SandboxError::DeadlineInQueue))),
            Err(_) => answer.await, // it runs, and its next tick ends it
        };
        // Without an answer the call was dropped: unrun by a shutdown, or by a panic in the host.
        answer.unwrap_or_else(|_| {
            Err(if ticket.is_waiting() {
                SandboxError::Stopped
            } else {
                self.counted(SandboxError::Trap("the host panicked".into()))
            })
        })
    }

    /// Refuse new calls and those that wait, and wait for those that run.
    pub(super) fn stop(&self) {
        self.pool.stop();
    }

    pub(super) fn stats(&self) -> SandboxStats {
        let (queued, busy) = self.pool.load();
        self.counters.read(queued, busy)
    }

    /// What a worker does with a call.
    fn work<R: Send + 'static>(
        &self,
        call: impl Call<R>,
        ticket: Arc<Ticket>,
        reply: oneshot::Sender<Answer<R>>,
    ) -> impl FnOnce() + Send + 'static {
        let (room, counters) = (Arc::clone(&self.room), Arc::clone(&self.counters));
        let queued = Instant::now();
        move || {
            let started = Instant::now();
            let (result, visit) = visit(&room, &counters, ticket, call);
            if let Err(error) = &result {
                counters.count_failure(error);
            }
            let answer = result.map(|value| Ran {
                value,
                waited: started - queued,
                took: started.elapsed(),
            });
            let _ = reply.send(answer); // the client may have left
            drop(visit); // the slot is wiped after the client has its answer, not before
        }
    }

    fn submit(
        &self,
        ticket: &Arc<Ticket>,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), SandboxError> {
        let task = Task {
            ticket: Arc::clone(ticket),
            work: Box::new(work),
        };
        self.pool.submit(task).map_err(|rejected| match rejected {
            Rejected::Closed => SandboxError::Stopped,
            Rejected::Full { queued, max } => self.counted(SandboxError::QueueFull { queued, max }),
        })
    }

    fn counted(&self, error: SandboxError) -> SandboxError {
        self.counters.count_failure(&error);
        error
    }
}

/// Start a guest, call it, and hand it back with the answer: who drops it pays for the wiping.
fn visit<R>(
    room: &Room,
    counters: &Counters,
    ticket: Arc<Ticket>,
    call: impl Call<R>,
) -> (Result<R, SandboxError>, Option<Visit>) {
    if Instant::now() >= ticket.deadline() {
        return (Err(SandboxError::DeadlineInQueue), None);
    }
    match room.enter(ticket) {
        Ok(mut visit) => {
            counters.count_start(visit.started_in());
            (visit.call(call), Some(visit))
        }
        Err(error) => (Err(error), None),
    }
}

/// The client's end of a ticket: dropping the future drops this.
struct Leave(Arc<Ticket>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.leave();
    }
}
