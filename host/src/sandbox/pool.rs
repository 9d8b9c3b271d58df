//! Threads that do CPU work, and the bounded queue in front of them.
//! Jobs come in and are run in order, or are refused at once. It knows nothing of what a job does.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::{io, mem};

use super::ticket::Ticket;

/// wasmtime gives a guest at most 512 KiB of native stack (`max_wasm_stack`); the rest is the host's.
const STACK_BYTES: usize = 2 << 20;

/// Work, and whether somebody still wants it.
pub(super) struct Task {
    pub(super) ticket: Arc<Ticket>,
    pub(super) work: Box<dyn FnOnce() + Send>,
}

/// Why a task is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rejected {
    Full { queued: usize, max: usize },
    Closed,
}

#[derive(Debug)]
pub(super) struct Pool {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    queue_max: usize,
    workers: usize,
}

struct Queue {
    waiting: VecDeque<Task>,
    /// Workers without work, those on their way to a waiting task included.
    idle: usize,
    open: bool,
}

impl Pool {
    pub(super) fn start(workers: usize, queue_max: usize) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                waiting: VecDeque::new(),
                idle: workers,
                open: true,
            }),
            changed: Condvar::new(),
            queue_max,
            workers,
        });
        let pool = Self {
            shared,
            threads: Mutex::default(),
        };
        for number in 1..=workers {
            let shared = Arc::clone(&pool.shared);
            let thread = thread::Builder::new()
                .name(format!("transform-{number}"))
                .stack_size(STACK_BYTES)
                .spawn(move || shared.work())?;
            lock(&pool.threads).push(thread);
        }
        Ok(pool)
    }

    /// Hand over a task, or be told at once that it cannot wait.
    pub(super) fn submit(&self, task: Task) -> Result<(), Rejected> {
        let mut queue = lock(&self.shared.queue);
        if !queue.open {
            return Err(Rejected::Closed);
        }
        let room = self.shared.queue_max + queue.idle;
        if queue.waiting.len() >= room {
            // Clients who left make room for those who stay.
            queue.waiting.retain(|task| task.ticket.is_waiting());
        }
        if queue.waiting.len() >= room {
            return Err(Rejected::Full {
                queued: queue.waiting.len(),
                max: self.shared.queue_max,
            });
        }
        queue.waiting.push_back(task);
        drop(queue);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Tasks that wait, and workers that work.
    pub(super) fn load(&self) -> (usize, usize) {
        let queue = lock(&self.shared.queue);
        let waiting = queue.waiting.iter().filter(|task| task.ticket.is_waiting());
        (waiting.count(), self.shared.workers - queue.idle)
    }

    /// Take no more tasks, drop those that wait, let those that run finish. Blocks until they have.
    pub(super) fn stop(&self) {
        let mut queue = lock(&self.shared.queue);
        queue.open = false;
        let abandoned = mem::take(&mut queue.waiting);
        drop(queue);
        drop(abandoned);
        self.shared.changed.notify_all();
        let threads = mem::take(&mut *lock(&self.threads));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a worker had panicked");
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    /// A worker's life. A panic in a task is a bug of this program: it costs one answer, never the worker.
    fn work(&self) {
        while let Some(task) = self.next() {
            if task.ticket.begin() && catch_unwind(AssertUnwindSafe(task.work)).is_err() {
                tracing::error!("a job panicked in the host");
            }
            lock(&self.queue).idle += 1;
        }
    }

    fn next(&self) -> Option<Task> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(task) = queue.waiting.pop_front() {
                queue.idle -= 1;
                return Some(task);
            }
            if !queue.open {
                return None;
            }
            queue = self
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue")
            .field("waiting", &self.waiting.len())
            .field("idle", &self.idle)
            .field("open", &self.open)
            .finish()
    }
}

/// Nothing panics while it holds one of these locks, so what they guard is always whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
