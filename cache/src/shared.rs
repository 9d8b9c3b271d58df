//! What all handles of one cache share, and the steps that several operations need: make room, unlink,
//! discard. The lock guards memory only: it is taken for one index operation and let go before the disk
//! is touched.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::counters::{Counters, Scan};
use crate::disk_cache::Config;
use crate::entry;
use crate::error::PutError;
use crate::files::Files;
use crate::index::{End, File, Gather, Hold, Index};
use crate::key::{Name, Version};
use crate::ticket::Flight;

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) files: Files,
    pub(crate) counters: Counters,
    state: Mutex<State>,
    /// The scan has ended, or a publication has.
    pub(crate) changed: Condvar,
    /// The cache is being closed.
    pub(crate) stopping: Condvar,
    bytes_until_check: AtomicU64,
}

/// What the lock guards.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) index: Index,
    /// Entries being made, so that a purge can tell them.
    pub(crate) flights: HashMap<Version, Flight>,
    /// How many purges there were.
    pub(crate) purges: u64,
    pub(crate) scan: Scan,
    pub(crate) stop: bool,
}

/// The free space is asked for after this much was written, besides once a minute: at a gigabyte per
/// second, 60 times a second.
const CHECK_AFTER_BYTES: u64 = 16 << 20;

impl Shared {
    pub(crate) fn new(config: Config, files: Files, index: Index) -> Self {
        Self {
            config,
            files,
            counters: Counters::default(),
            state: Mutex::new(State {
                index,
                flights: HashMap::new(),
                purges: 0,
                scan: Scan::Running,
                stop: false,
            }),
            changed: Condvar::new(),
            stopping: Condvar::new(),
            bytes_until_check: AtomicU64::new(0),
        }
    }

    /// For one step that touches no disk. What a panic left behind is still a valid index.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the scan at start has seen what it can.
    pub(crate) fn wait_until_scanned(&self) {
        let running = |state: &mut State| state.scan == Scan::Running;
        drop(
            self.changed
                .wait_while(self.lock(), running)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// Evicts until the hold has its room.
    pub(crate) fn make_room(&self, hold: &mut Hold) -> Result<(), PutError> {
        loop {
            let mut state = self.lock();
            let gathered = state.index.gather(hold);
            let purges = state.purges;
            drop(state);
            match gathered {
                Gather::Ready => return Ok(()),
                Gather::Full => return Err(PutError::NoRoom),
                Gather::Evict(victims) => self.evict(&victims, purges)?,
            }
        }
    }

    /// Unlinks victims; after the first failure the rest are put back. Not so when there was a purge since
    /// `purges` were counted: it has not seen them, and may have meant them.
    pub(crate) fn evict(&self, victims: &[File], purges: u64) -> io::Result<()> {
        let mut gone = 0;
        let mut failed = None;
        for (at, victim) in victims.iter().enumerate() {
            if let Err(error) = self.files.unlink(&victim.name.path()) {
                failed = Some((at, error));
                break;
            }
            gone += victim.bytes;
        }
        let evicted = failed.as_ref().map_or(victims.len(), |(at, _)| *at);
        self.counters.evictions.add(evicted as u64);
        let mut state = self.lock();
        let is_kept = state.purges == purges;
        let index = &mut state.index;
        index.gone(gone);
        let Some((at, error)) = failed else {
            return Ok(());
        };
        self.counters.unlink_errors.add(1);
        if !is_kept {
            for victim in &victims[at..] {
                index.condemn(victim.name.path(), victim.bytes);
            }
            return Err(error);
        }
        for victim in victims[at + 1..].iter().rev() {
            index.keep(victim, End::LeastRecent);
        }
        index.keep(&victims[at], End::MostRecent);
        Err(error)
    }

    /// Unlinks files that must not be found again; those that cannot be are tried again later.
    pub(crate) fn unlink_all(&self, files: &[File]) -> Result<(), (usize, io::Error)> {
        let mut failure = None;
        let mut failed = Vec::new();
        for file in files {
            if let Err(error) = self.files.unlink(&file.name.path()) {
                failed.push(file);
                failure.get_or_insert(error);
            }
        }
        let failed_bytes: u64 = failed.iter().map(|file| file.bytes).sum();
        let index = &mut self.lock().index;
        index.gone(files.iter().map(|file| file.bytes).sum::<u64>() - failed_bytes);
        let Some(error) = failure else { return Ok(()) };
        self.counters.unlink_errors.add(failed.len() as u64);
        for file in &failed {
            index.condemn(file.name.path(), file.bytes);
        }
        Err((failed.len(), error))
    }

    /// Forgets a file that is not what was stored, unless it has been replaced meanwhile.
    pub(crate) fn discard(&self, name: &Name) {
        let taken = self.lock().index.take_file(name);
        if let Some(file) = taken {
            self.counters.corrupt.add(1);
            // A failure is counted, and tried again by the keeper.
            let _ = self.unlink_all(&[file]);
        }
    }

    /// Counts bytes written, and asks for the free space now and then.
    pub(crate) fn wrote(&self, bytes: u64) {
        let before = self.bytes_until_check.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes >= CHECK_AFTER_BYTES {
            self.bytes_until_check.store(0, Ordering::Relaxed);
            self.fit_to_disk(0);
        }
    }

    /// Moves the limit to what the disk has room for. `bytes_missing` is what a failed write needed: the
    /// file system may be out of something that it does not report, such as inodes.
    pub(crate) fn fit_to_disk(&self, bytes_missing: u64) {
        let Ok(free_bytes) = self.files.free_bytes() else {
            return;
        };
        let index = &mut self.lock().index;
        let attainable = (index.used() + free_bytes).saturating_sub(self.config.free_bytes_min);
        let spared = if bytes_missing == 0 {
            u64::MAX
        } else {
            index.used().saturating_sub(bytes_missing)
        };
        index.set_limit(self.config.bytes_max.min(attainable).min(spared));
    }
}

/// The machine's clock, in nanoseconds since 1970.
pub(crate) fn now() -> u64 {
    entry::nanoseconds(SystemTime::now())
}
