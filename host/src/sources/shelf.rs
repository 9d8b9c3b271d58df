//! Where sources are kept: what is known of them in memory and on disk, their bytes on disk alone. Each
//! has its own bound; the least recently used go first. A broken disk costs questions, never answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use cache::{DiskCache, Entry, Key, RemoveError, Stats, Tag};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use super::original::{Original, Version};
use super::record::Record;
use crate::disk_work;
use crate::keeping::disk::Disk;

/// Bytes of what is known in memory: at some 500 each, of 32,000 sources and more.
const KNOWN_BYTES_MAX: u64 = 16 << 20;
/// About what is known of one, for the size of the first tables.
const RECORD_BYTES: u64 = 512;

/// The kept sources.
pub(super) struct Shelf {
    known: Cache<Key, Arc<Record>, ByBytes>,
    records: Arc<Disk>,
    bytes: Arc<Disk>,
    purges: AtomicU64,
}

/// An origin chooses how much it says of a source.
#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Record>> for ByBytes {
    fn weight(&self, key: &Key, record: &Arc<Record>) -> u64 {
        (size_of_val(key) + record.bytes()) as u64
    }
}

/// How many purges there had been when a fetch began. What was fetched before a purge is not kept after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u64);

impl Shelf {
    pub(super) fn new(records: Disk, bytes: Disk) -> Self {
        Self {
            known: Cache::with_weighter(
                (KNOWN_BYTES_MAX / RECORD_BYTES) as usize,
                KNOWN_BYTES_MAX,
                ByBytes,
            ),
            records: Arc::new(records),
            bytes: Arc::new(bytes),
            purges: AtomicU64::new(0),
        }
    }

    /// What is known from memory alone.
    pub(super) fn recall(&self, source: &Key) -> Option<Arc<Record>> {
        self.known.get(source)
    }

    /// What is known, from the disk where memory has forgotten it.
    pub(super) async fn read(&self, source: &Key) -> Option<Arc<Record>> {
        if let Some(record) = self.recall(source) {
            return Some(record);
        }
        let mark = self.mark();
        let entry = get(&self.records, *source).await?;
        let record = Arc::new(Record::decode(&entry.body)?);
        self.known.insert(*source, Arc::clone(&record));
        if self.mark() != mark {
            // A purge came in between, and may have come too early to see this.
            self.known.remove(source);
        }
        Some(record)
    }

    /// The bytes of one version.
    pub(super) async fn bytes(&self, source: &Key, version: Version) -> Option<Bytes> {
        let key = bytes_key(source, version);
        let entry = get(&self.bytes, key).await?;
        // The entry is whole, and of this key; a source that is another one has another key.
        Some(entry.body.into())
    }

    /// Now.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.purges.load(Ordering::SeqCst))
    }

    /// Keep what was learnt of a source since `mark`, and its bytes where they are new.
    pub(super) async fn keep(
        self: &Arc<Self>,
        original: &Original,
        (record, bytes): (Record, Option<Bytes>),
        mark: Mark,
    ) {
        let (source, tag, record) = (original.key, original.tag, Arc::new(record));
        self.known.insert(source, Arc::clone(&record));
        let here = Arc::clone(self);
        let keep = move || {
            put(&here.records, (&source, tag), &record.encode());
            if let Some(bytes) = bytes {
                let key = bytes_key(&source, record.version);
                put(&here.bytes, (&key, tag), &bytes);
            }
            if here.mark() != mark {
                // A purge came in between, and may have come too early to see these.
                here.known.remove(&source);
                let _ = here.purge_disks(tag);
            }
        };
        if let Err(error) = disk_work::run(keep).await {
            tracing::error!(%error, "a source was not kept");
        }
    }

    /// A source is no more.
    pub(super) async fn forget(self: &Arc<Self>, original: &Original) {
        self.known.remove(&original.key);
        let (records, key) = (Arc::clone(&self.records), original.key);
        let remove = move || records.reopened().map(|disk| disk.remove(&key));
        let _ = disk_work::run(remove).await;
    }

    /// Remove a source for good, or all of them. Blocks on the disk.
    pub(super) fn purge(&self, tag: Option<Tag>) -> Result<usize, RemoveError> {
        self.purges.fetch_add(1, Ordering::SeqCst);
        if let Some(tag) = tag {
            self.known.retain(|_, record| record.tag != tag.0);
            self.purge_disks(tag)
        } else {
            self.known.clear();
            self.on_disks(DiskCache::clear)
        }
    }

    fn purge_disks(&self, tag: Tag) -> Result<usize, RemoveError> {
        self.on_disks(|disk| disk.remove_by_tag(tag))
    }

    /// Remove from both, also where the first one fails.
    fn on_disks(
        &self,
        remove: impl Fn(&DiskCache) -> Result<usize, RemoveError>,
    ) -> Result<usize, RemoveError> {
        let [records, bytes] = [&self.records, &self.bytes]
            .map(|disk| disk.reopened().map_or(Ok(0), |disk| remove(disk)));
        Ok(records? + bytes?)
    }

    /// Whether a directory cannot be had right now.
    pub(super) fn is_away(&self) -> bool {
        self.records.is_away() || self.bytes.is_away()
    }

    /// The disk under records and the disk under bytes.
    pub(super) fn stats(&self) -> [Option<Stats>; 2] {
        [&self.records, &self.bytes].map(|disk| disk.opened().map(|disk| disk.stats()))
    }
}

async fn get(disk: &Arc<Disk>, key: Key) -> Option<Entry> {
    let disk = Arc::clone(disk);
    let read = disk_work::run(move || disk.reopened()?.get(&key));
    read.await.ok().flatten()
}

/// A disk that cannot take it counts that itself.
fn put(disk: &Disk, (key, tag): (&Key, Tag), body: &[u8]) {
    if let Some(disk) = disk.reopened()
        && let Err(error) = disk.reserve(key, tag).commit(&[], body)
    {
        tracing::debug!(%error, "a source was not kept");
    }
}

/// Different versions of a source stand beside each other for a while.
fn bytes_key(source: &Key, version: Version) -> Key {
    let mut hash = Sha256::new();
    hash.update(source.0);
    hash.update(version.to_bytes());
    Key(hash.finalize().into())
}
