//! The cache as its callers see it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use twox_hash::XxHash3_64;

use crate::counters::{Scan, Stats};
use crate::entry::{self, Entry};
use crate::error::{OpenError, PutError, ReadError, RemoveError};
use crate::files::{Before, Files};
use crate::index::{Index, Selection};
use crate::keeper;
use crate::key::{Key, Tag};
use crate::shared::{Shared, State, now};
use crate::ticket::{Stored, Ticket};
use crate::verify::VerifyReport;

/// Where a cache is and how much it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The directory; made if it is not there. One process to a directory.
    pub directory: PathBuf,
    /// What all files and folders may take on disk; at least 1 MiB.
    pub bytes_max: u64,
    /// What shall stay free on the disk: the cache shrinks for it.
    pub free_bytes_min: u64,
    /// The most that one entry may hold, meta and body together.
    pub entry_bytes_max: u64,
}

/// What there is to say about a key without waiting for the disk.
#[derive(Debug)]
pub enum AtOnce {
    /// The entry.
    Found(Entry),
    /// It is not stored.
    Absent,
    /// It is stored, and reading it may wait: use [`DiskCache::get`] where that is allowed.
    WouldBlock,
}

/// Bytes by key on disk. See the crate's first lines for what it promises.
#[derive(Debug)]
pub struct DiskCache {
    shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
}

/// The folders alone take a quarter of this (64 of 4 KiB).
const BYTES_MAX_LEAST: u64 = 1 << 20;

/// How long `open` waits for the scan, so that a small cache is complete when it returns: 100,000 entries
/// whose directories are in memory.
const SCAN_GRACE: Duration = Duration::from_millis(200);

/// A reader looks again when the entry it looked up has just been replaced; not for ever.
const LOOKUPS_MAX: usize = 3;

impl DiskCache {
    /// Opens or makes a cache, and lets a thread scan what is there. It serves at once: what the scan
    /// has not found yet is a miss, and what is stored meanwhile takes the place of what was found.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        if config.bytes_max < BYTES_MAX_LEAST {
            return Err(OpenError::TooSmall {
                bytes_max: config.bytes_max,
                minimum: BYTES_MAX_LEAST,
            });
        }
        let directory = config.directory.clone();
        let failed = |action| {
            move |source| OpenError::Io {
                directory,
                action,
                source,
            }
        };
        let (files, before) = Files::open(&config.directory)?;
        let mut index = Index::new(config.bytes_max, run_id());
        if before == Before::Used {
            index.expect_found(config.bytes_max);
        }
        index.add_overhead(files.overhead_bytes().map_err(failed.clone()("measure"))?);
        let shared = Arc::new(Shared::new(config, files, index));
        shared.fit_to_disk(0);
        let keeper = keeper::start(&shared).map_err(failed("start the thread for"))?;
        let running = |state: &mut State| state.scan == Scan::Running;
        let waited = shared
            .changed
            .wait_timeout_while(shared.lock(), SCAN_GRACE, running);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        Ok(Self {
            shared,
            keeper: Some(keeper),
        })
    }

    /// Waits until the scan at start has ended.
    pub fn wait_until_scanned(&self) {
        self.shared.wait_until_scanned();
    }

    /// What is stored under a key, now the most recently used. One open, one read; nothing is returned
    /// that is not whole.
    pub fn get(&self, key: &Key) -> Option<Entry> {
        let entry = self.find(key);
        let counters = &self.shared.counters;
        if entry.is_some() {
            &counters.hits
        } else {
            &counters.misses
        }
        .add(1);
        entry
    }

    /// As [`DiskCache::get`], but never waits for the disk: an entry that the kernel has in memory is read
    /// at once, and what is not stored is known without looking. For callers that must not block.
    pub fn get_at_once(&self, key: &Key) -> AtOnce {
        let Some(file) = self.shared.lock().index.touch(key, now()) else {
            self.shared.counters.misses.add(1);
            return AtOnce::Absent;
        };
        let Ok(bytes) = self.shared.files.read_at_once(&file.name, file.bytes) else {
            return AtOnce::WouldBlock;
        };
        // What is damaged is removed by the read that may wait.
        entry::parse(&file.name, bytes).map_or(AtOnce::WouldBlock, |entry| {
            self.shared.counters.hits.add(1);
            AtOnce::Found(entry)
        })
    }

    /// Makes an entry the most recently used without reading it: for callers that keep copies of their own
    /// and want the order to be true. From memory alone; `false` when it is not stored.
    pub fn touch(&self, key: &Key) -> bool {
        self.shared.lock().index.touch(key, now()).is_some()
    }

    /// Whether a key is stored, from memory alone; not a use.
    pub fn contains(&self, key: &Key) -> bool {
        self.shared.lock().index.contains(key)
    }

    /// Begins an entry: it will be stored by `commit`, unless it is purged before that.
    pub fn reserve(&self, key: &Key, tag: Tag) -> Ticket {
        Ticket::new(Arc::clone(&self.shared), key, tag)
    }

    /// Stores an entry without a tag, at once.
    pub fn put(&self, key: &Key, meta: &[u8], body: &[u8]) -> Result<Stored, PutError> {
        self.reserve(key, Tag::default()).commit(meta, body)
    }

    /// Removes one entry for good. `false` when there was none.
    pub fn remove(&self, key: &Key) -> Result<bool, RemoveError> {
        Ok(self.shared.purge(Selection::Keyed(*key))? > 0)
    }

    /// Removes all entries of a tag for good, and says how many.
    pub fn remove_by_tag(&self, tag: Tag) -> Result<usize, RemoveError> {
        self.shared.purge(Selection::Tagged(tag))
    }

    /// Removes everything for good, and says how many entries that were.
    pub fn clear(&self) -> Result<usize, RemoveError> {
        self.shared.purge(Selection::All)
    }

    /// Reads and checks every entry; damaged ones are removed.
    pub fn verify(&self) -> VerifyReport {
        self.shared.verify()
    }

    /// Does now what is otherwise done once a minute: tries again what the disk refused, looks at the free
    /// space, writes times of use.
    pub fn look_after(&self) {
        self.shared.look_after();
    }

    /// The cache at this moment.
    pub fn stats(&self) -> Stats {
        let counters = &self.shared.counters;
        let state = self.shared.lock();
        Stats {
            entries: state.index.entries() as u64,
            bytes: state.index.bytes(),
            bytes_max: state.index.limit(),
            hits: counters.hits.get(),
            misses: counters.misses.get(),
            stores: counters.stores.get(),
            evictions: counters.evictions.get(),
            purged: counters.purged.get(),
            read_errors: counters.read_errors.get(),
            write_errors: counters.write_errors.get(),
            unlink_errors: counters.unlink_errors.get(),
            corrupt: counters.corrupt.get(),
            foreign: counters.foreign.get(),
            scan: state.scan,
        }
    }

    fn find(&self, key: &Key) -> Option<Entry> {
        for _ in 0..LOOKUPS_MAX {
            let file = self.shared.lock().index.touch(key, now())?;
            match self.shared.read(&file.name, file.bytes) {
                Ok(entry) => return Some(entry),
                // Replaced or evicted between the two steps, or taken away under us.
                Err(ReadError::Missing) => self.shared.discard(&file.name),
                Err(ReadError::Damaged(_)) => {
                    self.shared.discard(&file.name);
                    return None;
                }
                Err(ReadError::Io(_)) => {
                    self.shared.counters.read_errors.add(1);
                    return None;
                }
            }
        }
        None
    }
}

impl Drop for DiskCache {
    fn drop(&mut self) {
        keeper::stop(&self.shared);
        if let Some(keeper) = self.keeper.take() {
            // A keeper that panicked has nothing more to write.
            let _ = keeper.join();
        }
    }
}

/// Where this run's versions begin. Two runs that began within four thousand million versions of each
/// other would take each other's files for their own; 64 bits of a digest make that a matter of 1 in 2^32.
fn run_id() -> u64 {
    XxHash3_64::oneshot_with_seed(u64::from(std::process::id()), &now().to_le_bytes())
}
