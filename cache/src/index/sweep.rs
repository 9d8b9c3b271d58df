//! Walks over all entries, a bounded stretch at a time so that the lock is free in between: for purges,
//! for checks of every file, and for writing times of use.

use super::slab::{Persistence, Slot, State, seconds};
use super::{File, Index, Selection};
use crate::key::{Name, Version};

/// Where a walk has got to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cursor(Slot);

/// How many slots one stretch covers: 80 KiB of memory, about 20 microseconds.
const STRETCH: Slot = 1024;

impl Index {
    /// Marks the present: what is stored from here on is newer.
    pub(crate) const fn mark(&self) -> Version {
        Version(self.version_next)
    }

    /// Forgets the entries of one stretch that are selected and older than the mark; their files are to be
    /// unlinked. `None` at the end of the walk.
    pub(crate) fn sweep(
        &mut self,
        cursor: &mut Cursor,
        selection: Selection,
        mark: Version,
    ) -> Option<Vec<File>> {
        let stretch = self.stretch(cursor)?;
        let mut files = Vec::new();
        for slot in stretch {
            let node = &self.slab[slot];
            let newer = self.is_issued(node.version)
                && node.version.0.wrapping_sub(self.version_first)
                    >= mark.0.wrapping_sub(self.version_first);
            if node.state != State::Free && !newer && selection.selects(&node.name()) {
                files.push(self.take_slot(slot));
            }
        }
        Some(files)
    }

    /// The files of one stretch.
    pub(crate) fn files(&self, cursor: &mut Cursor) -> Option<Vec<File>> {
        let stretch = self.stretch(cursor)?;
        Some(
            stretch
                .map(|slot| &self.slab[slot])
                .filter(|node| node.state != State::Free)
                .map(super::Node::file)
                .collect(),
        )
    }

    /// Entries whose files are to be given a new time of use, up to one stretch; none when all are written.
    pub(crate) fn take_queued(&mut self) -> Vec<(Name, u64)> {
        let keep = self.queued.len().saturating_sub(STRETCH as usize);
        let slots = self.queued.split_off(keep);
        slots
            .into_iter()
            .filter_map(|slot| self.written(slot, Persistence::Queued))
            .collect()
    }

    /// At the end of a run: the entries of one stretch whose files bear an older time of use.
    pub(crate) fn take_behind(&mut self, cursor: &mut Cursor) -> Option<Vec<(Name, u64)>> {
        let stretch = self.stretch(cursor)?;
        Some(
            stretch
                .filter_map(|slot| self.written(slot, Persistence::Behind))
                .collect(),
        )
    }

    /// Takes a slot's time of use as written, if that is what it waits for.
    fn written(&mut self, slot: Slot, waiting: Persistence) -> Option<(Name, u64)> {
        let node = &mut self.slab[slot];
        if node.state == State::Free || node.persistence != waiting {
            return None;
        }
        node.persistence = Persistence::Written;
        node.persisted_at_s = seconds(node.used_at);
        Some((node.name(), node.used_at))
    }

    fn stretch(&self, cursor: &mut Cursor) -> Option<std::ops::Range<Slot>> {
        let start = cursor.0;
        let end = self.slab.end().min(start.saturating_add(STRETCH));
        cursor.0 = end;
        (start < end).then_some(start..end)
    }
}

impl Selection {
    /// Whether an entry of this name is meant.
    pub(crate) fn selects(&self, name: &Name) -> bool {
        match self {
            Self::All => true,
            Self::Tagged(tag) => name.tag == *tag,
            Self::Keyed(key) => name.key == *key,
        }
    }
}
