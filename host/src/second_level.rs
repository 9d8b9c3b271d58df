//! The second level: renditions in an object store that all pods share. Read before a transform, within a
//! short time, so that a slow store is a miss; written in the background, within a bound of bytes. It never
//! fails a request: what cannot be read is made, what cannot be written is counted.
//!
//! An object's name is `PREFIX/1/TAG/KEY`: everything made from one source lies below one prefix, which is
//! what a purge lists. Nothing else ever deletes: give the bucket a rule that expires objects by age.

mod object;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use cache::{Entry, Key, Tag};
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use crate::count::Count;
use crate::keeping::Selection;
use crate::object_stores::{Patience, StoreUrl};

/// Of the objects' names; raised when names or contents change, so that two kinds never mix.
const LAYOUT: &str = "1";
/// Objects written at once.
const WRITERS: u32 = 4;
/// Objects that wait to be written.
const WAITING_MAX: usize = 1024;
/// Their bytes, together with those being written.
pub(crate) const WAITING_BYTES_MAX: usize = 64 << 20;
/// The largest that is written or read. A rendition is some 30 KB.
const OBJECT_BYTES_MAX: u64 = 32 << 20;
/// For one write; nobody waits for it, but a store that hangs must not hold the writers for ever.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// For a whole purge: a thousand objects a second.
const PURGE_TIMEOUT: Duration = Duration::from_mins(5);
/// For a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Renditions in an object store.
pub(crate) struct SecondLevel {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    read_timeout: Duration,
    queue: mpsc::Sender<Waiting>,
    /// The other end of the queue, until `write` takes it.
    waiting: Mutex<Option<mpsc::Receiver<Waiting>>>,
    room: Arc<Semaphore>,
    writing: Semaphore,
    purges: AtomicU64,
    counters: Counters,
}

/// One object to be written. Its bytes are accounted for until it is dropped.
struct Waiting {
    path: Path,
    bytes: Bytes,
    mark: Mark,
    _room: tokio::sync::OwnedSemaphorePermit,
}

/// How many purges there had been when the making of a rendition began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u64);

/// A purge that did not reach everything.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PurgeError {
    /// The store said no.
    #[error("second level: {0}")]
    Store(#[from] object_store::Error),
    /// It did not say anything.
    #[error("second level: not done after {} s", PURGE_TIMEOUT.as_secs())]
    TooSlow,
}

#[derive(Debug, Default)]
struct Counters {
    hits: Count,
    misses: Count,
    damaged: Count,
    too_slow: Count,
    read_errors: Count,
    writes: Count,
    write_errors: Count,
    drops: Count,
}

/// The second level at one moment. Counts are since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SecondLevelStats {
    /// Renditions found.
    pub hits: u64,
    /// Renditions not found.
    pub misses: u64,
    /// Objects that were not what their name says.
    pub damaged: u64,
    /// Reads that took too long.
    pub too_slow: u64,
    /// Reads that the store failed.
    pub read_errors: u64,
    /// Renditions written.
    pub writes: u64,
    /// Writes that the store failed.
    pub write_errors: u64,
    /// Renditions not written: too many waited, or they were purged meanwhile.
    pub drops: u64,
    /// Bytes that wait to be written.
    pub waiting_bytes: u64,
}

impl SecondLevel {
    /// Get ready; nothing is connected to yet. Reads may take `read_timeout`.
    pub(crate) fn open(url: &StoreUrl, read_timeout: Duration) -> object_store::Result<Self> {
        let patience = Patience {
            connect: CONNECT_TIMEOUT,
            answer: WRITE_TIMEOUT,
        };
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        Ok(Self {
            store: url.open(patience)?,
            prefix: url.path.clone().join(LAYOUT),
            read_timeout,
            queue,
            waiting: Mutex::new(Some(waiting)),
            room: Arc::new(Semaphore::new(WAITING_BYTES_MAX)),
            writing: Semaphore::new(WRITERS as usize),
            purges: AtomicU64::new(0),
            counters: Counters::default(),
        })
    }

    /// What is kept under `key`, whole and checked. Everything that goes wrong is a miss.
    pub(crate) async fn get(&self, key: &Key, tag: Tag) -> Option<Entry> {
        let path = self.path(key, tag);
        let counters = &self.counters;
        let bytes = match timeout(self.read_timeout, self.read(&path)).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(object_store::Error::NotFound { .. })) => {
                counters.misses.one();
                return None;
            }
            Ok(Err(error)) => {
                counters.read_errors.one();
                tracing::warn!(%error, "the second level cannot be read");
                return None;
            }
            Err(_) => {
                counters.too_slow.one();
                return None;
            }
        };
        let entry = object::decode(&bytes, key);
        if entry.is_some() {
            counters.hits.one();
        } else {
            counters.damaged.one();
            tracing::warn!(%path, "an object of the second level is not what its name says");
        }
        entry
    }

    /// Now: what was begun before a purge is not written after it.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.purges.load(Ordering::SeqCst))
    }

    /// Have an entry written some time, unless too many wait already. `mark` is from when its making began.
    pub(crate) fn put(&self, (key, tag): (&Key, Tag), entry: &Entry, mark: Mark) {
        let bytes = object::encode(key, entry);
        let fits = bytes.len() as u64 <= OBJECT_BYTES_MAX;
        let room = u32::try_from(bytes.len())
            .ok()
            .filter(|_| fits)
            .and_then(|bytes| Arc::clone(&self.room).try_acquire_many_owned(bytes).ok());
        let queued = room.is_some_and(|room| {
            let waiting = Waiting {
                path: self.path(key, tag),
                bytes,
                mark,
                _room: room,
            };
            self.queue.try_send(waiting).is_ok()
        });
        if !queued {
            self.counters.drops.one();
        }
    }

    /// Write what is put, until dropped. To be called once.
    pub(crate) async fn write(&self) {
        let queue = self.waiting.lock();
        let Some(queue) = queue.unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        let waiting = futures_util::stream::unfold(queue, |mut queue| async {
            queue.recv().await.map(|waiting| (waiting, queue))
        });
        waiting
            .for_each_concurrent(WRITERS as usize, |waiting| self.write_one(waiting))
            .await;
    }

    async fn write_one(&self, waiting: Waiting) {
        let Ok(_writing) = self.writing.acquire().await else {
            return;
        };
        if waiting.mark != self.mark() {
            return self.counters.drops.one();
        }
        let put = self
            .store
            .put(&waiting.path, PutPayload::from_bytes(waiting.bytes.clone()));
        match timeout(WRITE_TIMEOUT, put).await {
            Ok(Ok(_)) => self.counters.writes.one(),
            Ok(Err(error)) => {
                self.counters.write_errors.one();
                tracing::warn!(%error, "a rendition was not written to the second level");
            }
            Err(_) => self.counters.write_errors.one(),
        }
    }

    /// Delete what is selected, of this source or of all; says how many objects that were. What this pod
    /// was about to write is not written; what another pod writes at this moment may stay.
    pub(crate) async fn purge(
        &self,
        (selection, source): (Selection, Tag),
    ) -> Result<usize, PurgeError> {
        self.purges.fetch_add(1, Ordering::SeqCst);
        let purge = async {
            // Writes that have begun end first; those behind them see the purge.
            let _nobody_writes = self.writing.acquire_many(WRITERS).await;
            match selection {
                Selection::All => self.delete_below(&self.prefix).await,
                Selection::Source(tag) => self.delete_below(&self.below(tag)).await,
                Selection::Rendition(key) => self.delete(&self.path(&key, source)).await,
            }
        };
        Ok(timeout(PURGE_TIMEOUT, purge)
            .await
            .map_err(|_| PurgeError::TooSlow)??)
    }

    /// The second level at this moment.
    pub(crate) fn stats(&self) -> SecondLevelStats {
        let counters = &self.counters;
        SecondLevelStats {
            hits: counters.hits.get(),
            misses: counters.misses.get(),
            damaged: counters.damaged.get(),
            too_slow: counters.too_slow.get(),
            read_errors: counters.read_errors.get(),
            writes: counters.writes.get(),
            write_errors: counters.write_errors.get(),
            drops: counters.drops.get(),
            waiting_bytes: (WAITING_BYTES_MAX - self.room.available_permits()) as u64,
        }
    }

    async fn delete_below(&self, prefix: &Path) -> object_store::Result<usize> {
        let found = self.store.list(Some(prefix));
        let paths = found.map_ok(|object| object.location).boxed();
        let deleted = self.store.delete_stream(paths);
        deleted.try_fold(0, async |count, _| Ok(count + 1)).await
    }

    async fn delete(&self, path: &Path) -> object_store::Result<usize> {
        match self.store.delete(path).await {
            Ok(()) => Ok(1),
            Err(object_store::Error::NotFound { .. }) => Ok(0),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, path: &Path) -> object_store::Result<Bytes> {
        let found = self.store.get_opts(path, GetOptions::default()).await?;
        if found.meta.size > OBJECT_BYTES_MAX {
            return Ok(Bytes::new());
        }
        found.bytes().await
    }

    fn below(&self, tag: Tag) -> Path {
        self.prefix.clone().join(format!("{:016x}", tag.0))
    }

    fn path(&self, key: &Key, tag: Tag) -> Path {
        self.below(tag).join(key.to_string())
    }
}

#[cfg(test)]
mod tests;
