//! Threads for connections: one for each CPU, each with a runtime of its own, so that a hit is read,
//! answered and written without a word to another thread. A connection stays on the thread that it was
//! given to, the one with the fewest; one listener hands them out. (A listener for each thread, by
//! `SO_REUSEPORT`, lets a hash choose: of 64 connections one thread of two gets 36 or more two times in five; and it
//! lets a second process take half of the port unnoticed.)

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Threads that one runtime may start for work that blocks: reads of a slow disk, looks at a mount.
const BLOCKING_THREADS_MAX: usize = 64;

/// The threads. Dropped, they end.
pub(crate) struct Threads {
    threads: Vec<Thread>,
}

struct Thread {
    runtime: Handle,
    connections: Arc<AtomicUsize>,
    /// Dropped, it ends the thread.
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

/// One connection's place on a thread, until it is dropped.
struct Seat(Arc<AtomicUsize>);

impl Threads {
    /// Start `count` of them.
    pub(crate) fn start(count: usize) -> std::io::Result<Self> {
        let threads = (0..count).map(Thread::start).collect::<Result<_, _>>()?;
        Ok(Self { threads })
    }

    /// Run `connection` on the thread that has the fewest.
    pub(super) fn run<F>(&self, connection: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let idlest = self
            .threads
            .iter()
            .min_by_key(|thread| thread.connections.load(Ordering::Relaxed));
        let Some(thread) = idlest else { return };
        let seat = Seat::take(&thread.connections);
        thread.runtime.spawn(async move {
            connection.await;
            drop(seat);
        });
    }
}

impl Thread {
    fn start(number: usize) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            .build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new()
            .name(format!("connections {number}"))
            .spawn(move || {
                let _ = runtime.block_on(stopped);
                // Not waiting for reads of a disk that hangs.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            runtime: handle,
            connections: Arc::default(),
            stop: Some(stop),
            running: Some(thread),
        })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.running.take() {
            // One that panicked has nothing more to end.
            let _ = thread.join();
        }
    }
}

impl Seat {
    fn take(connections: &Arc<AtomicUsize>) -> Self {
        connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(connections))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn connections_go_where_there_are_the_fewest() {
        let threads = Threads::start(3).unwrap();
        let (told, who) = mpsc::channel();
        let mut ends = Vec::new();
        for _ in 0..9 {
            let (told, (end, ended)) = (told.clone(), oneshot::channel::<()>());
            ends.push(end);
            threads.run(async move {
                told.send(std::thread::current().id()).unwrap();
                let _ = ended.await;
            });
        }
        let mut ids: Vec<_> = (0..9)
            .map(|_| format!("{:?}", who.recv().unwrap()))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3);
        for thread in &threads.threads {
            assert_eq!(thread.connections.load(Ordering::Relaxed), 3);
        }
    }

    #[test]
    fn dropped_they_end_and_so_do_their_connections() {
        let threads = Threads::start(1).unwrap();
        let connections = Arc::clone(&threads.threads[0].connections);
        threads.run(std::future::pending());
        drop(threads);
        assert_eq!(connections.load(Ordering::Relaxed), 0);
    }
}
