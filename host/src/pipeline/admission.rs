//! How many misses may be under way. One more is refused at once, before its source is fetched: what
//! waits holds memory, and a client that hears "later" at once can go elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Places for misses: one a worker, and those that wait for a worker.
pub(crate) struct Admission {
    places: Arc<Semaphore>,
    places_max: usize,
    refused: AtomicU64,
    at_origins: Arc<AtomicUsize>,
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
            at_origins: Arc::default(),
            started: Instant::now(),
            last_admitted_ms: AtomicU64::new(0),
        }
    }

    /// A place, until it is dropped.
    pub(crate) fn admit(&self) -> Result<Admitted, Error> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::QueueFull {
                places_max: self.places_max,
            });
        };
        let now_ms = self.started.elapsed().as_millis() as u64;
        self.last_admitted_ms.store(now_ms, Ordering::Relaxed);
        Ok(Admitted {
            at_origins: Arc::clone(&self.at_origins),
            _place: place,
        })
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

    /// Whether half of the places or more wait for somebody else: origins, or clients that send pictures. A
    /// queue that is full of those says nothing about this server.
    pub(crate) fn waits_for_others(&self) -> bool {
        self.at_origins.load(Ordering::Relaxed) >= self.places_max.div_ceil(2)
    }

    /// Places taken.
    pub(crate) fn taken(&self) -> usize {
        self.places_max - self.places.available_permits()
    }
}

/// A place, until it is dropped.
pub(crate) struct Admitted {
    at_origins: Arc<AtomicUsize>,
    _place: OwnedSemaphorePermit,
}

/// A place whose miss waits for its source, until it is dropped.
pub(crate) struct AtOrigins(Arc<AtomicUsize>);

impl Admitted {
    /// From here on its source is waited for.
    pub(crate) fn at_origins(&self) -> AtOrigins {
        self.at_origins.fetch_add(1, Ordering::Relaxed);
        AtOrigins(Arc::clone(&self.at_origins))
    }
}

impl Drop for AtOrigins {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
