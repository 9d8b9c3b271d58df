//! The cache as the host keeps it: there, switched off, or on a disk that cannot be had right now. It
//! never fails a request: what cannot be read is a miss, what cannot be stored is counted, and a disk
//! that was away is tried again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cache::{DiskCache, Entry, Key, OpenError, PutError, Stats, Tag};

/// How often a cache that could not be opened is tried again: often enough that an operator who mends
/// the disk sees it, seldom enough that a dead one costs nothing.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Where renditions are kept.
pub(crate) struct Keeping {
    state: Mutex<State>,
    failures: AtomicU64,
}

enum State {
    Off,
    Open(Arc<DiskCache>),
    Away {
        config: cache::Config,
        tried: Instant,
    },
}

impl Keeping {
    /// Keep nothing.
    pub(crate) fn off() -> Self {
        Self::new(State::Off)
    }

    /// Open the cache. Another process in the directory is an error, since two would fight over it for
    /// ever; a disk that says no may get well.
    pub(crate) fn open(config: cache::Config) -> Result<Self, OpenError> {
        match DiskCache::open(config.clone()) {
            Ok(cache) => Ok(Self::new(State::Open(Arc::new(cache)))),
            Err(error @ (OpenError::InUse { .. } | OpenError::TooSmall { .. })) => Err(error),
            Err(error @ OpenError::Io { .. }) => {
                tracing::error!(%error, "no cache for now: every request will be transformed anew");
                Ok(Self::new(State::Away {
                    config,
                    tried: Instant::now(),
                }))
            }
        }
    }

    fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            failures: AtomicU64::new(0),
        }
    }

    /// What is kept under `key`. Blocks on the disk.
    pub(crate) fn get(&self, key: &Key) -> Option<Entry> {
        self.opened()?.get(key)
    }

    /// Keep an entry. Blocks on the disk.
    pub(crate) fn put(
        &self,
        key: &Key,
        tag: Tag,
        (meta, body): (&[u8], &[u8]),
    ) -> Result<(), NotKept> {
        let kept = match self.opened() {
            Some(cache) => cache
                .reserve(key, tag)
                .commit(meta, body)
                .map(drop)
                .map_err(NotKept::Refused),
            None if self.is_off() => return Err(NotKept::Off),
            None => Err(NotKept::Away),
        };
        if kept.is_err() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        kept
    }

    /// Renditions that were to be kept and were not.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// The cache's own counters, while there is one.
    pub(crate) fn stats(&self) -> Option<Stats> {
        self.opened().map(|cache| cache.stats())
    }

    fn is_off(&self) -> bool {
        matches!(*self.lock(), State::Off)
    }

    /// The cache, opened again if it was away for long enough.
    fn opened(&self) -> Option<Arc<DiskCache>> {
        let config = match &mut *self.lock() {
            State::Off => return None,
            State::Open(cache) => return Some(Arc::clone(cache)),
            State::Away { tried, .. } if tried.elapsed() < RETRY_AFTER => return None,
            State::Away { config, tried } => {
                *tried = Instant::now();
                config.clone()
            }
        };
        // The lock is not held over disk work; `tried` keeps others from opening meanwhile.
        let cache = Arc::new(DiskCache::open(config).ok()?);
        tracing::info!("the cache is back");
        *self.lock() = State::Open(Arc::clone(&cache));
        Some(cache)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a rendition was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKept {
    /// Nothing is.
    #[error("the cache is switched off")]
    Off,
    /// The directory cannot be used right now.
    #[error("the cache directory cannot be used")]
    Away,
    /// The cache said no.
    #[error(transparent)]
    Refused(PutError),
}
