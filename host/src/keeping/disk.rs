//! The disk tier as the host keeps it: there, switched off, or on a disk that cannot be had right now and
//! is tried again. It never fails a request.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cache::{DiskCache, OpenError};

/// How often a cache that could not be opened is tried again: often enough that an operator who mends
/// the disk sees it, seldom enough that a dead one costs nothing.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Where renditions are kept on disk.
pub(crate) struct Disk {
    /// Set once, and never away again: an open cache survives its disk's troubles by itself.
    open: OnceLock<Arc<DiskCache>>,
    config: Option<cache::Config>,
    tried: Mutex<Instant>,
}

impl Disk {
    /// No disk.
    pub(crate) fn off() -> Self {
        Self::new(None)
    }

    /// Open the cache. Another process in the directory is an error, since two would fight over it for
    /// ever; a disk that says no may get well.
    pub(crate) fn open(config: cache::Config) -> Result<Self, OpenError> {
        let opened = match DiskCache::open(config.clone()) {
            Ok(cache) => Some(cache),
            Err(error @ (OpenError::InUse { .. } | OpenError::TooSmall { .. })) => {
                return Err(error);
            }
            Err(error @ OpenError::Io { .. }) => {
                tracing::error!(%error, "no disk cache for now");
                None
            }
        };
        let disk = Self::new(Some(config));
        if let Some(cache) = opened {
            let _ = disk.open.set(Arc::new(cache));
        }
        Ok(disk)
    }

    fn new(config: Option<cache::Config>) -> Self {
        Self {
            open: OnceLock::new(),
            config,
            tried: Mutex::new(Instant::now()),
        }
    }

    /// Whether there is to be none.
    pub(crate) const fn is_off(&self) -> bool {
        self.config.is_none()
    }

    /// Whether there is to be one, and its directory cannot be had.
    pub(crate) fn is_away(&self) -> bool {
        self.config.is_some() && self.open.get().is_none()
    }

    /// The cache if it is open. Never waits.
    pub(crate) fn opened(&self) -> Option<&Arc<DiskCache>> {
        self.open.get()
    }

    /// The cache, opened now if it was away for long enough. Blocks on the disk.
    pub(crate) fn reopened(&self) -> Option<&Arc<DiskCache>> {
        if let Some(cache) = self.open.get() {
            return Some(cache);
        }
        let config = self.config.clone()?;
        {
            let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
            if tried.elapsed() < RETRY_AFTER {
                return None;
            }
            // The lock is not held over disk work; this keeps others from opening meanwhile.
            *tried = Instant::now();
        }
        let cache = Arc::new(DiskCache::open(config).ok()?);
        tracing::info!("the disk cache is back");
        Some(self.open.get_or_init(|| cache))
    }
}
