//! The thread that a cache keeps: the scan at start, then once a minute what no request should wait for,
//! and at the end the times of use that are not yet in the files.

use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::index::Cursor;
use crate::key::Name;
use crate::recover::Recovery;
use crate::shared::{Shared, State};

/// How often it looks after things: rare enough to cost nothing, and a full disk or a lost permission is
/// noticed to be over within it.
const INTERVAL: Duration = Duration::from_mins(1);

/// Starts the thread.
pub(crate) fn start(shared: &Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name("cache-keeper".into())
        .spawn(move || keep(&shared))
}

/// Asks the thread to end; it writes what it has to write first.
pub(crate) fn stop(shared: &Shared) {
    shared.lock().stop = true;
    shared.stopping.notify_all();
}

fn keep(shared: &Shared) {
    let mut recovery = Recovery::new();
    recovery.run(shared);
    while !wait_for_stop(shared) {
        recovery.run(shared);
        shared.look_after();
    }
    shared.persist_all();
}

fn wait_for_stop(shared: &Shared) -> bool {
    let running = |state: &mut State| !state.stop;
    let (state, _) = shared
        .stopping
        .wait_timeout_while(shared.lock(), INTERVAL, running)
        .unwrap_or_else(PoisonError::into_inner);
    state.stop
}

impl Shared {
    /// What is due once a minute.
    pub(crate) fn look_after(&self) {
        self.retry_condemned();
        self.fit_to_disk(0);
        self.trim();
        self.persist_queued();
    }

    /// Evicts down to the limit, which may have moved below what is used.
    pub(crate) fn trim(&self) {
        loop {
            let mut state = self.lock();
            let (excess, purges) = (state.index.excess(), state.purges);
            drop(state);
            if excess.is_empty() || self.evict(&excess, purges).is_err() {
                return;
            }
        }
    }

    /// Unlinks files found by path that are in the account as leaving; those that stay, stay in it.
    pub(crate) fn unlink_paths(&self, files: Vec<(String, u64)>) {
        for (path, bytes) in files {
            let unlinked = self.files.unlink(&path);
            let index = &mut self.lock().index;
            if unlinked.is_ok() {
                index.gone(bytes);
            } else {
                index.condemn(path, bytes);
                self.counters.unlink_errors.add(1);
            }
        }
    }

    fn retry_condemned(&self) {
        let condemned = self.lock().index.take_condemned();
        self.unlink_paths(
            condemned
                .into_iter()
                .map(|file| (file.path, file.bytes))
                .collect(),
        );
    }

    fn persist_queued(&self) {
        loop {
            let batch = self.lock().index.take_queued();
            if batch.is_empty() {
                return;
            }
            self.persist(&batch);
        }
    }

    fn persist_all(&self) {
        self.persist_queued();
        let mut cursor = Cursor::default();
        loop {
            let batch = self.lock().index.take_behind(&mut cursor);
            let Some(batch) = batch else { return };
            self.persist(&batch);
        }
    }

    /// A time that cannot be written is lost: the entry looks older than it is, no more.
    fn persist(&self, batch: &[(Name, u64)]) {
        for (name, used_at) in batch {
            let _ = self.files.touch(name, *used_at);
        }
    }
}
