//! What the scan at start adds: files in any order come in, entries in the order of their use stand in
//! the index at the end. Entries can be found as soon as they are adopted.

use super::slab::{Persistence, Slot, State, seconds};
use super::{File, Index};
use crate::key::Version;

/// A file of an earlier run, now in the index, waiting for its place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// When the file says it was last used, in nanoseconds since 1970.
    pub(crate) used_at: u64,
    /// Decides between equal times: versions of one run grow.
    version: Version,
    slot: Slot,
}

/// What became of a file that the scan found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Adoption {
    Adopted(Found),
    /// It is in the index already, from a scan that was cut short.
    Known,
    /// This run has stored a newer one: unlink the file that was found.
    Outdated,
    /// A second file for a key, left by a crash. Which one is newer is not known, so both are to be
    /// unlinked: the one that was found, and this one. A cache may forget; it may not guess.
    Ambiguous(File),
}

impl Index {
    /// Expects a scan to find up to this much.
    pub(crate) const fn expect_found(&mut self, bytes: u64) {
        self.account.unscanned = bytes;
    }

    /// The scan has seen everything.
    pub(crate) const fn all_found(&mut self) {
        self.account.unscanned = 0;
    }

    /// A file of an earlier run.
    pub(crate) fn adopt(&mut self, file: &File) -> Adoption {
        if let Some(slot) = self.table.find(&self.slab, &file.name.key) {
            let twin = self.slab[slot].version;
            if twin == file.name.version {
                return Adoption::Known;
            }
            return if self.is_issued(twin) {
                Adoption::Outdated
            } else {
                Adoption::Ambiguous(self.take_slot(slot))
            };
        }
        if self.slab.is_full() {
            return Adoption::Outdated;
        }
        self.account.found(file.bytes);
        let slot = self.place(file);
        self.unsorted.push_front(&mut self.slab, slot);
        Adoption::Adopted(Found {
            used_at: file.used_at,
            version: file.name.version,
            slot,
        })
    }

    /// A file was found that is to be unlinked: it counts until it is `gone`.
    pub(crate) fn found_leaving(&mut self, bytes: u64) {
        self.account.found(bytes);
        self.account.leaving += bytes;
    }

    /// What a shard's directory takes: it too was expected.
    pub(crate) fn found_shard(&mut self, shard: u8, bytes: u64) {
        self.account.found(bytes);
        self.set_shard_bytes(shard, bytes);
    }

    /// Puts adopted entries behind all others, the most recently used of them first. What was used or
    /// evicted meanwhile keeps its place. Times after `now` come from a clock that ran ahead: they are
    /// brought back, their order kept, and written anew.
    pub(crate) fn sort_in(&mut self, batch: &[Found], now: u64) {
        for found in batch {
            let Some(node) = self.slab.get(found.slot) else {
                continue;
            };
            if node.version != found.version || node.state != State::Unsorted {
                continue;
            }
            self.unsorted.unlink(&mut self.slab, found.slot);
            self.order.push_back(&mut self.slab, found.slot);
            let node = &mut self.slab[found.slot];
            node.state = State::Ordered;
            if found.used_at > now {
                node.used_at = now.saturating_sub(self.rewound);
                node.persisted_at_s = seconds(now);
                node.persistence = Persistence::Queued;
                self.rewound += 1;
                self.queued.push(found.slot);
            }
        }
    }
}
