//! Where renditions are kept: the most wanted in memory, all of them on disk. It never fails a request:
//! what cannot be read is a miss, what cannot be stored is counted, and a disk that was away is tried
//! again. It knows keys and renditions, nothing of URLs.

pub(crate) mod disk;
mod memory;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use answer::key;
pub(crate) use answer::respond::Tier;
use cache::{AtOnce, Key, OpenError, PutError, RemoveError, Stats, Tag, Ticket, VerifyReport};

use self::disk::Disk;
use self::memory::Memory;
pub(crate) use self::memory::{Mark, Selection};
use crate::rendition::Rendition;
use crate::rendition::kept::Kept;

/// Both tiers.
pub(crate) struct Keeping {
    memory: Memory,
    disk: Disk,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    memory_hits: AtomicU64,
    disk_hits: AtomicU64,
    misses: AtomicU64,
    failures: AtomicU64,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Its key, which its `ETag` is made of.
    pub key: Key,
    /// Its source's tag.
    pub tag: Tag,
}

/// What can be said of a key without waiting for a disk.
pub(crate) enum Glance {
    /// Here it is.
    Found(Arc<Kept>, Tier),
    /// It is not kept.
    Absent,
    /// It is on the disk, and reading it may take a while: `Keeping::get`.
    WouldBlock,
}

/// The right to keep one rendition, taken when its making begins: a purge in between takes it back.
pub(crate) struct Reservation {
    wanted: Wanted,
    ticket: Option<Ticket>,
    mark: Mark,
}

/// Both tiers at one moment.
pub(crate) struct Report {
    /// Hits since the start, from memory.
    pub memory_hits: u64,
    /// Hits since the start, from the disk.
    pub disk_hits: u64,
    /// Misses since the start.
    pub misses: u64,
    /// Renditions that were to be kept on disk and were not.
    pub failures: u64,
    /// Renditions in memory.
    pub memory_entries: u64,
    /// Their bytes.
    pub memory_bytes: u64,
    /// What those may grow to.
    pub memory_bytes_max: u64,
    /// The disk tier's own counters, while there is one.
    pub disk: Option<Stats>,
}

/// What a purge has removed.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Purged {
    /// Renditions in memory.
    pub memory: usize,
    /// Renditions on disk.
    pub disk: usize,
}

impl Purged {
    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            memory: self.memory + other.memory,
            disk: self.disk + other.disk,
        }
    }
}

impl Wanted {
    fn kept(&self, rendition: Rendition) -> Kept {
        Kept::new(rendition, self.tag, Some(key::etag(&self.key.0)))
    }
}

impl Keeping {
    /// Keep up to `memory_bytes_max` in memory, and what `disk` says on disk.
    pub(crate) fn open(
        memory_bytes_max: u64,
        disk: Option<cache::Config>,
    ) -> Result<Self, OpenError> {
        Ok(Self {
            memory: Memory::new(memory_bytes_max),
            disk: disk.map_or_else(|| Ok(Disk::off()), Disk::open)?,
            counters: Counters::default(),
        })
    }

    /// What is kept, if it can be had without waiting for the disk.
    pub(crate) fn glance(&self, wanted: &Wanted) -> Glance {
        if let Some(kept) = self.memory.get(&wanted.key) {
            // The disk's order stays that of all uses.
            if let Some(disk) = self.disk.opened() {
                disk.touch(&wanted.key);
            }
            self.counters.memory_hits.fetch_add(1, Ordering::Relaxed);
            return Glance::Found(kept, Tier::Memory);
        }
        let Some(disk) = self.disk.opened() else {
            // A disk that is away is tried again where waiting is allowed.
            return if self.disk.is_off() {
                Glance::Absent
            } else {
                Glance::WouldBlock
            };
        };
        let mark = self.memory.mark();
        match disk.get_at_once(&wanted.key) {
            AtOnce::Found(entry) => self
                .found_on_disk(wanted, entry, mark)
                .map_or(Glance::Absent, |kept| Glance::Found(kept, Tier::Disk)),
            AtOnce::Absent => Glance::Absent,
            AtOnce::WouldBlock => Glance::WouldBlock,
        }
    }

    /// What the disk has. Blocks on it.
    pub(crate) fn get(&self, wanted: &Wanted) -> Option<Arc<Kept>> {
        let mark = self.memory.mark();
        let entry = self.disk.reopened()?.get(&wanted.key)?;
        self.found_on_disk(wanted, entry, mark)
    }

    fn found_on_disk(&self, wanted: &Wanted, entry: cache::Entry, mark: Mark) -> Option<Arc<Kept>> {
        let rendition = Rendition::from_cache(entry)?;
        let kept = Arc::new(wanted.kept(rendition));
        self.memory.insert(&wanted.key, &kept, mark);
        self.counters.disk_hits.fetch_add(1, Ordering::Relaxed);
        Some(kept)
    }

    /// Nothing was kept, and what was asked for is made instead.
    pub(crate) fn count_miss(&self) {
        self.counters.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// Now, for what is about to be made: a purge after it is told by another mark.
    pub(crate) fn mark(&self) -> Mark {
        self.memory.mark()
    }

    /// What is being made now is not kept.
    pub(crate) fn forget_under_way(&self) {
        self.memory.begin_anew();
    }

    /// Whether there is a disk tier whose directory cannot be had right now.
    pub(crate) fn is_away(&self) -> bool {
        self.disk.is_away()
    }

    /// Begin to make what is wanted: what is purged from here on is not kept.
    pub(crate) fn reserve(&self, wanted: Wanted) -> Reservation {
        Reservation {
            mark: self.memory.mark(),
            ticket: self
                .disk
                .opened()
                .map(|disk| disk.reserve(&wanted.key, wanted.tag)),
            wanted,
        }
    }

    /// Keep what was made. Blocks on the disk. The rendition comes back ready to be answered with.
    pub(crate) fn keep(
        &self,
        reservation: Reservation,
        rendition: Rendition,
    ) -> (Arc<Kept>, Result<(), NotKept>) {
        let Reservation {
            wanted,
            ticket,
            mark,
        } = reservation;
        let on_disk = match ticket {
            Some(ticket) => ticket
                .commit(&rendition.meta(), &rendition.body)
                .map(drop)
                .map_err(NotKept::Refused),
            None if self.disk.is_off() => Err(NotKept::Off),
            None => Err(NotKept::Away),
        };
        let kept = Arc::new(wanted.kept(rendition));
        let in_memory = self.memory.insert(&wanted.key, &kept, mark);
        let is_failure = match &on_disk {
            Ok(()) | Err(NotKept::Off | NotKept::Refused(PutError::Purged)) => false,
            Err(NotKept::Away | NotKept::Refused(_)) => true,
        };
        if is_failure {
            self.counters.failures.fetch_add(1, Ordering::Relaxed);
        }
        let result = match on_disk {
            Err(NotKept::Off) if in_memory => Ok(()),
            on_disk => on_disk,
        };
        (kept, result)
    }

    /// Remove what is selected for good, also what is being made now. Blocks on the disk. The disk first:
    /// what is read from it meanwhile may reach the memory, which is emptied behind it.
    pub(crate) fn purge(&self, selection: Selection) -> Result<Purged, RemoveError> {
        let disk = self.disk.reopened().map_or(Ok(0), |disk| match selection {
            Selection::All => disk.clear(),
            Selection::Source(tag) => disk.remove_by_tag(tag),
            Selection::Rendition(key) => disk.remove(&key).map(usize::from),
        });
        let memory = self.memory.purge(selection);
        disk.map(|disk| Purged { memory, disk })
    }

    /// Read and check every entry on disk; `None` where there is no disk.
    pub(crate) fn verify(&self) -> Option<VerifyReport> {
        self.disk.reopened().map(|disk| disk.verify())
    }

    /// Both tiers at this moment.
    pub(crate) fn report(&self) -> Report {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (memory_entries, memory_bytes, memory_bytes_max) = self.memory.size();
        Report {
            memory_hits: get(&self.counters.memory_hits),
            disk_hits: get(&self.counters.disk_hits),
            misses: get(&self.counters.misses),
            failures: get(&self.counters.failures),
            memory_entries,
            memory_bytes,
            memory_bytes_max,
            disk: self.disk.opened().map(|disk| disk.stats()),
        }
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
