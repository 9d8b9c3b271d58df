//! The sandbox's clock: a thread that moves the engine's epoch, at which running guests ask whether
//! they may go on. A thread of the system and not a task, since busy tasks can starve a task.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// How late a guest is stopped at most. Deadlines are seconds, so 10 ms is 1 % of the shortest one,
/// and a hundred wake-ups a second cost nothing that can be measured.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// Ticks until it is dropped or the engine is gone.
#[derive(Debug)]
pub(super) struct Ticker {
    /// Hanging up ends the thread.
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(super) fn start(engine: &Engine) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let engine = engine.weak();
        let tick = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(TICK) {
                let Some(engine) = engine.upgrade() else {
                    return;
                };
                engine.increment_epoch();
            }
        };
        let thread = thread::Builder::new().name("ticker".into()).spawn(tick)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ticker had panicked");
        }
    }
}
