//! What is stored, in which order it was used, and how many bytes it takes. Pure: operations and times
//! come in, files to unlink come out, and the caller unlinks them. Must never do IO; every operation is
//! O(1) or bounded by a constant, so that its lock is never held long.

mod account;
mod list;
mod recovery;
mod slab;
mod sweep;
mod table;

use account::Account;
pub(crate) use account::Hold;
use list::List;
pub(crate) use recovery::{Adoption, Found};
use slab::{Node, Persistence, Slab, Slot, State};
pub(crate) use sweep::Cursor;
use table::Table;

use crate::key::{Key, Name, SHARDS, Tag, Version};

/// A file on disk and what it takes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: Name,
    pub(crate) bytes: u64,
    /// When it was last used, in nanoseconds since 1970.
    pub(crate) used_at: u64,
}

/// Which end of the order of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    MostRecent,
    LeastRecent,
}

/// The next step towards room for a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Gather {
    /// The room is held.
    Ready,
    /// Unlink these, say `gone` (or `keep`), and ask again.
    Evict(Vec<File>),
    /// Nothing is left to evict.
    Full,
}

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct Index {
    slab: Slab,
    table: Table,
    order: List,
    unsorted: List,
    account: Account,
    /// What each shard's directory takes; part of the account's overhead.
    shard_bytes: [u64; SHARDS as usize],
    /// The last time handed out: times only grow, even when the machine's clock is set back.
    clock: u64,
    /// How many entries had times in the future when they were found.
    rewound: u64,
    version_first: u64,
    version_next: u64,
    /// Entries whose time of use is to be written to their files.
    queued: Vec<Slot>,
    /// Files that could not be unlinked, still in the account, to be tried again.
    condemned: Vec<Condemned>,
}

/// A file that could not be unlinked.
#[derive(Debug)]
pub(crate) struct Condemned {
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

/// Bounds how long the lock is held for one step of eviction: about 20 microseconds.
const VICTIMS_MAX: usize = 64;

/// A hit writes the time of use to its file at most this often: a crash makes an entry look at most this
/// much (and one round of the keeper) older than it is, and a thousand entries in steady use cost two
/// writes a second.
const PERSIST_AFTER_S: u32 = 600;

impl Index {
    /// An empty index; `version_first` differs from run to run.
    pub(crate) fn new(limit: u64, version_first: u64) -> Self {
        Self {
            slab: Slab::new(),
            table: Table::new(),
            order: List::new(),
            unsorted: List::new(),
            account: Account {
                limit,
                ..Account::default()
            },
            shard_bytes: [0; SHARDS as usize],
            clock: 0,
            rewound: 0,
            version_first,
            version_next: version_first,
            queued: Vec::new(),
            condemned: Vec::new(),
        }
    }

    /// How many entries can be found.
    pub(crate) const fn entries(&self) -> usize {
        self.slab.used()
    }

    /// Bytes that are or may be on disk, what the scan may still find left out.
    pub(crate) const fn bytes(&self) -> u64 {
        self.account.used() - self.account.unscanned
    }

    /// What the account may grow to.
    pub(crate) const fn limit(&self) -> u64 {
        self.account.limit
    }

    /// Moves the limit; nothing is evicted until the next write needs room.
    pub(crate) const fn set_limit(&mut self, limit: u64) {
        self.account.limit = limit;
    }

    /// What the account stands at, what the scan may still find included.
    pub(crate) const fn used(&self) -> u64 {
        self.account.used()
    }

    /// A time for a use: `now`, or just after the last time handed out.
    pub(crate) fn tick(&mut self, now: u64) -> u64 {
        self.clock = now.max(self.clock + 1);
        self.clock
    }

    /// A version no other file has.
    pub(crate) const fn issue_version(&mut self) -> Version {
        let version = Version(self.version_next);
        self.version_next = self.version_next.wrapping_add(1);
        version
    }

    /// Whether this run issued the version.
    pub(crate) const fn is_issued(&self, version: Version) -> bool {
        version.0.wrapping_sub(self.version_first)
            < self.version_next.wrapping_sub(self.version_first)
    }

    /// Whether the key is stored; not a use.
    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.table.find(&self.slab, key).is_some()
    }

    /// The file of a key, which is now the most recently used.
    pub(crate) fn touch(&mut self, key: &Key, now: u64) -> Option<File> {
        let slot = self.table.find(&self.slab, key)?;
        let used_at = self.tick(now);
        self.unlist(slot);
        self.enlist(slot, End::MostRecent);
        let node = &mut self.slab[slot];
        node.used_at = used_at;
        if node.persistence == Persistence::Written {
            node.persistence = Persistence::Behind;
        }
        let age_s = slab::seconds(used_at).saturating_sub(node.persisted_at_s);
        if node.persistence == Persistence::Behind && age_s >= PERSIST_AFTER_S {
            node.persistence = Persistence::Queued;
            self.queued.push(slot);
        }
        Some(self.slab[slot].file())
    }

    /// Takes room for a write, or names what must go first. Call until `Ready` or `Full`.
    pub(crate) fn gather(&mut self, hold: &mut Hold) -> Gather {
        self.account.take(hold);
        if hold.missing() == 0 && !self.slab.is_full() {
            return Gather::Ready;
        }
        // More than the hold misses must go when the account is over its limit.
        let over = self.account.used().saturating_sub(self.account.limit);
        let wanted = hold
            .missing()
            .saturating_add(over)
            .saturating_sub(self.account.leaving);
        let victims = self.victims(wanted.max(1));
        if victims.is_empty() {
            Gather::Full
        } else {
            Gather::Evict(victims)
        }
    }

    /// What must go because the limit has moved below what is used; empty when nothing must.
    pub(crate) fn excess(&mut self) -> Vec<File> {
        self.victims(self.account.used().saturating_sub(self.account.limit))
    }

    /// Gives room back that was not filled.
    pub(crate) fn give_back(&mut self, hold: &Hold) {
        self.account.give_back(hold);
    }

    /// A written file takes its room and is the most recently used. The file it takes the place of, if
    /// any, is to be unlinked.
    pub(crate) fn insert(&mut self, hold: &Hold, file: &File) -> Option<File> {
        let replaced = self.take(&file.name.key);
        self.account.give_back(hold);
        let slot = self.place(file);
        self.enlist(slot, End::MostRecent);
        replaced
    }

    /// Forgets a key; its file is to be unlinked.
    pub(crate) fn take(&mut self, key: &Key) -> Option<File> {
        let slot = self.table.find(&self.slab, key)?;
        Some(self.take_slot(slot))
    }

    /// Forgets a key if this very file is what it stands for.
    pub(crate) fn take_file(&mut self, name: &Name) -> Option<File> {
        let slot = self.table.find(&self.slab, &name.key)?;
        (self.slab[slot].version == name.version).then(|| self.take_slot(slot))
    }

    /// A file that was to be unlinked is no more.
    pub(crate) const fn gone(&mut self, bytes: u64) {
        self.account.leaving -= bytes;
    }

    /// An eviction did not happen: the entry is whole and stays. One that could not be unlinked goes to
    /// the recent end, so that the next write tries another.
    pub(crate) fn keep(&mut self, file: &File, end: End) {
        if self.contains(&file.name.key) {
            return self.condemn(file.name.path(), file.bytes);
        }
        self.account.leaving -= file.bytes;
        let slot = self.place(file);
        self.enlist(slot, end);
    }

    /// A file that must not be found again could not be unlinked: its bytes stay in the account.
    pub(crate) fn condemn(&mut self, path: String, bytes: u64) {
        self.condemned.push(Condemned { path, bytes });
    }

    /// The same for a file that was in the account as room held, which is to be given back as well.
    pub(crate) fn condemn_held(&mut self, path: String, hold: &Hold) {
        self.account.leaving += hold.wanted();
        self.condemn(path, hold.wanted());
    }

    /// The files to try again; those that fail again are to be condemned again.
    pub(crate) fn take_condemned(&mut self) -> Vec<Condemned> {
        std::mem::take(&mut self.condemned)
    }

    /// What a shard's directory takes now.
    pub(crate) fn set_shard_bytes(&mut self, shard: u8, bytes: u64) {
        let before = std::mem::replace(&mut self.shard_bytes[usize::from(shard)], bytes);
        self.account.overhead = self.account.overhead - before + bytes;
    }

    /// What stands beside entries and shards: directories above, the lock file.
    pub(crate) const fn add_overhead(&mut self, bytes: u64) {
        self.account.overhead += bytes;
    }

    fn victims(&mut self, bytes_wanted: u64) -> Vec<File> {
        let mut victims = Vec::new();
        let mut bytes = 0;
        while bytes < bytes_wanted && victims.len() < VICTIMS_MAX {
            // What the scan has found and not yet sorted is older than all that was used since.
            let Some(slot) = self.unsorted.back().or_else(|| self.order.back()) else {
                break;
            };
            let file = self.take_slot(slot);
            bytes += file.bytes;
            victims.push(file);
        }
        victims
    }

    fn place(&mut self, file: &File) -> Slot {
        let node = Node::new(file);
        self.account.resident += node.bytes();
        let slot = self.slab.insert(node);
        self.table.insert(&mut self.slab, slot);
        slot
    }

    fn enlist(&mut self, slot: Slot, end: End) {
        self.slab[slot].state = State::Ordered;
        match end {
            End::MostRecent => self.order.push_front(&mut self.slab, slot),
            End::LeastRecent => self.order.push_back(&mut self.slab, slot),
        }
    }

    fn take_slot(&mut self, slot: Slot) -> File {
        self.unlist(slot);
        self.table.remove(&mut self.slab, slot);
        let file = self.slab.remove(slot).file();
        self.account.resident -= file.bytes;
        self.account.leaving += file.bytes;
        file
    }

    fn unlist(&mut self, slot: Slot) {
        match self.slab[slot].state {
            State::Free => {}
            State::Unsorted => self.unsorted.unlink(&mut self.slab, slot),
            State::Ordered => self.order.unlink(&mut self.slab, slot),
        }
    }
}

/// Which entries a sweep takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    All,
    Tagged(Tag),
    Keyed(Key),
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod hit_ratio;
