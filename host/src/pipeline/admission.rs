//! How many misses may be under way. One more is refused at once, before its source is fetched: what
//! waits holds memory, and a client that hears "later" at once can go elsewhere.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Places for misses: one a worker, and those that wait for a worker.
pub(crate) struct Admission {
    places: Arc<Semaphore>,
    places_max: usize,
}

impl Admission {
    /// So many misses at once.
    pub(crate) fn new(places_max: usize) -> Self {
        let places_max = places_max.min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(places_max)),
            places_max,
        }
    }

    /// A place, until it is dropped.
    pub(super) fn admit(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::QueueFull {
                places_max: self.places_max,
            })
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
