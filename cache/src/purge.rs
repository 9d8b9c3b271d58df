//! Removal on demand: one key, all entries of one tag, or everything. When it returns, the files are gone
//! for good, also after a crash of the machine, and nothing that was being made will bring them back.

use std::io;
use std::sync::PoisonError;

use crate::counters::Scan;
use crate::error::RemoveError;
use crate::index::{Cursor, File, Selection};
use crate::key::SHARDS;
use crate::shared::{Shared, State};

/// What a purge has done so far.
#[derive(Default)]
struct Progress {
    removed: usize,
    failed: usize,
    /// Which shards have lost files: a bit for each.
    shards: u64,
    error: Option<io::Error>,
}

const _: () = assert!(SHARDS as u32 <= u64::BITS);

impl Shared {
    /// Removes what is selected and was stored, or begun, before this call. Waits for the scan: what is
    /// not found yet could not be removed.
    pub(crate) fn purge(&self, selection: Selection) -> Result<usize, RemoveError> {
        self.wait_until_scanned();
        let mut progress = Progress::default();
        let mut state = self.lock();
        state.purges += 1;
        let mark = state.index.mark();
        for flight in state.flights.values_mut() {
            flight.revoke(selection);
        }
        if let Selection::Keyed(key) = selection {
            let file = state.index.take(&key);
            drop(state);
            self.remove(file.as_slice(), &mut progress);
        } else {
            drop(state);
            let mut cursor = Cursor::default();
            loop {
                let swept = self.lock().index.sweep(&mut cursor, selection, mark);
                let Some(files) = swept else { break };
                self.remove(&files, &mut progress);
            }
        }
        self.wait_for_publications(selection);
        self.counters.purged.add(progress.removed as u64);
        self.sync(&mut progress);
        if self.lock().scan == Scan::Incomplete {
            let unseen = io::Error::other(
                "some folders could not be read; what is in them could not be removed",
            );
            progress.error.get_or_insert(unseen);
        }
        match progress.error {
            None => Ok(progress.removed),
            Some(source) => Err(RemoveError {
                removed: progress.removed,
                failed: progress.failed,
                source,
            }),
        }
    }

    fn remove(&self, files: &[File], progress: &mut Progress) {
        if files.is_empty() {
            return;
        }
        progress.removed += files.len();
        for file in files {
            progress.shards |= 1 << file.name.key.shard();
        }
        if let Err((failed, error)) = self.unlink_all(files) {
            progress.removed -= failed;
            progress.failed += failed;
            progress.error.get_or_insert(error);
        }
    }

    /// An entry that got its name just before it was revoked is being unlinked by its own writer.
    fn wait_for_publications(&self, selection: Selection) {
        let busy = |state: &mut State| {
            state
                .flights
                .values()
                .any(|flight| flight.holds_up(selection))
        };
        drop(
            self.changed
                .wait_while(self.lock(), busy)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    fn sync(&self, progress: &mut Progress) {
        for shard in (0..SHARDS).filter(|shard| progress.shards >> shard & 1 == 1) {
            if let Err(error) = self.files.sync_shard(shard) {
                progress.error.get_or_insert(error);
            }
        }
    }
}
