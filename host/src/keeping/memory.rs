//! The memory tier: the renditions that are asked for most, within a weight in bytes. Which ones those are
//! is `quick_cache`'s choice (S3-FIFO: one visit of a crawler does not push out what is asked for all day).
//! Knows nothing of the disk, and never holds what a purge has meant.

use std::sync::{Arc, PoisonError, RwLock};

use cache::{Key, Tag};
use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

use crate::rendition::kept::Kept;

/// Shards let threads insert at once. Each has its share of the weight and takes nothing larger, so there
/// are no more of them than leave each this much.
const SHARD_BYTES_MIN: u64 = 4 << 20;
/// More shards than this serve nobody.
const SHARDS_MAX: u64 = 64;
/// A typical rendition, for the size of the first tables.
const RENDITION_BYTES: u64 = 30_000;

/// What a purge means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// Everything.
    All,
    /// Every rendition of one source.
    Source(Tag),
    /// One rendition.
    Rendition(Key),
}

/// The tier; see the file's first lines.
pub(super) struct Memory {
    kept: Option<Cache<Key, Arc<Kept>, ByBytes>>,
    /// How many purges there were. Held for reading while something is put in, so that a purge either
    /// comes before and keeps it out, or after and finds it.
    purges: RwLock<u64>,
}

/// A moment before which nothing is known to be out of date: what was made since then may be kept, unless
/// there was a purge since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u64);

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Kept>> for ByBytes {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        kept.bytes()
    }
}

impl Memory {
    /// A tier of so many bytes; none at all for 0.
    pub(super) fn new(bytes_max: u64) -> Self {
        let options = OptionsBuilder::new()
            .weight_capacity(bytes_max)
            .estimated_items_capacity((bytes_max / RENDITION_BYTES).max(1) as usize)
            .shards((bytes_max / SHARD_BYTES_MIN).clamp(1, SHARDS_MAX) as usize)
            .build();
        let kept = options.ok().filter(|_| bytes_max > 0).map(|options| {
            Cache::with_options(
                options,
                ByBytes,
                quick_cache::DefaultHashBuilder::default(),
                quick_cache::sync::DefaultLifecycle::default(),
            )
        });
        Self {
            kept,
            purges: RwLock::new(0),
        }
    }

    /// What is kept under `key`.
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        self.kept.as_ref()?.get(key)
    }

    /// Now; for something that is about to be read or made.
    pub(super) fn mark(&self) -> Mark {
        Mark(*self.purges.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keep `kept`, which was begun at `mark`, unless there was a purge since. Whether it is kept.
    pub(super) fn insert(&self, key: &Key, kept: &Arc<Kept>, mark: Mark) -> bool {
        let Some(tier) = &self.kept else {
            return false;
        };
        let purges = self.purges.read().unwrap_or_else(PoisonError::into_inner);
        if *purges != mark.0 {
            return false;
        }
        tier.insert(*key, Arc::clone(kept));
        drop(purges);
        tier.contains_key(key)
    }

    /// Whatever was begun before is not kept.
    pub(super) fn begin_anew(&self) {
        *self.purges.write().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    /// Forget what is selected, and what is being made now. How many were there.
    pub(super) fn purge(&self, selection: Selection) -> usize {
        self.begin_anew();
        let Some(tier) = &self.kept else { return 0 };
        let before = tier.len();
        match selection {
            Selection::All => tier.clear(),
            Selection::Rendition(key) => return usize::from(tier.remove(&key).is_some()),
            Selection::Source(tag) => tier.retain(|_, kept| kept.tag != tag),
        }
        before.saturating_sub(tier.len())
    }

    /// Entries, their bytes, and what those may grow to.
    pub(super) fn size(&self) -> (u64, u64, u64) {
        self.kept.as_ref().map_or((0, 0, 0), |tier| {
            (tier.len() as u64, tier.weight(), tier.capacity())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use request::operation::Format;

    use super::*;
    use crate::rendition::{Media, Rendition};

    fn key(number: u8) -> Key {
        Key([number; 32])
    }

    fn kept(tag: u64, length: usize) -> Arc<Kept> {
        let rendition = Rendition {
            body: vec![0; length].into(),
            media: Media::Picture(Format::Jpeg),
            width: 1,
            height: 1,
            checksum: 0,
            made_at: UNIX_EPOCH,
        };
        Arc::new(Kept::new(rendition, Tag(tag), None))
    }

    #[test]
    fn bytes_obeyed_and_violated() {
        let memory = Memory::new(1 << 20);
        let mark = memory.mark();
        assert!(!memory.insert(&key(1), &kept(1, 1 << 20), mark));
        assert!(memory.get(&key(1)).is_none());
        for number in 0..200 {
            memory.insert(&key(number), &kept(1, 20_000), mark);
            let (_, bytes, bytes_max) = memory.size();
            assert!(bytes <= bytes_max && bytes_max == 1 << 20);
        }
        assert!((30..=51).contains(&memory.size().0));
    }

    #[test]
    fn a_tier_of_nothing_keeps_nothing() {
        let memory = Memory::new(0);
        assert!(!memory.insert(&key(1), &kept(1, 10), memory.mark()));
        assert!(memory.get(&key(1)).is_none());
        assert_eq!(memory.purge(Selection::All), 0);
    }

    #[test]
    fn a_purge_takes_what_it_means() {
        let memory = Memory::new(8 << 20);
        let fill = || {
            for number in 0..6 {
                let tag = u64::from(number % 2);
                assert!(memory.insert(&key(number), &kept(tag, 100), memory.mark()));
            }
        };
        fill();
        assert_eq!(memory.purge(Selection::Source(Tag(1))), 3);
        assert!(memory.get(&key(1)).is_none() && memory.get(&key(2)).is_some());
        assert_eq!(memory.purge(Selection::Rendition(key(2))), 1);
        assert_eq!(memory.purge(Selection::Rendition(key(2))), 0);
        fill();
        assert_eq!(memory.purge(Selection::All), 6);
        assert_eq!(memory.size().0, 0);
    }

    #[test]
    fn what_was_begun_before_a_purge_is_not_kept_after_it() {
        let memory = Memory::new(1 << 20);
        let mark = memory.mark();
        memory.purge(Selection::Rendition(key(9)));
        assert!(!memory.insert(&key(1), &kept(1, 10), mark));
        assert!(memory.insert(&key(1), &kept(1, 10), memory.mark()));
    }
}
