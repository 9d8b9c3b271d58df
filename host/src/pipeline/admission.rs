//! How many misses may be under way. One more is refused at once, before its source is fetched: what
//! waits holds memory, and a client that hears "later" at once can go elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Places for misses: one a worker, and those that wait for a worker.
pub(crate) struct Admission {
    places: Arc<Semaphore>,
    places_max: usize,
    refused: AtomicU64,
    started: Instant,
    /// Milliseconds after the start.
    last_admitted_ms: AtomicU64,
}

impl Admission {
    /// So many misses at once.
    pub(crate) fn new(places_max: usize) -> Self {
        let places_max = places_max.min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(places_max)),
            places_max,
            refused: AtomicU64::new(0),
            started: Instant::now(),
            last_admitted_ms: AtomicU64::new(0),
        }
    }

    /// A place, until it is dropped.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::QueueFull {
                places_max: self.places_max,
            });
        };
        let now_ms = self.started.elapsed().as_millis() as u64;
        self.last_admitted_ms.store(now_ms, Ordering::Relaxed);
        Ok(place)
    }

    /// All places.
    pub(crate) fn places(&self) -> usize {
        self.places_max
    }

    /// Misses that got none.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// How long ago somebody got a place.
    pub(crate) fn last_admitted(&self) -> Duration {
        let last = Duration::from_millis(self.last_admitted_ms.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(last)
    }

    /// Whether the next miss would find a place.
    pub(crate) fn has_room(&self) -> bool {
        self.places.available_permits() > 0
    }

    /// Places taken.
    pub(crate) fn taken(&self) -> usize {
        self.places_max - self.places.available_permits()
    }
}
