//! Entries in one growing array, addressed by 32-bit slots: links of 4 bytes in place of pointers of 8,
//! and no allocation per entry. 80 bytes an entry, all told 88 with the table.

use super::File;
use crate::key::{Key, Name, Tag, Version};

/// A place in the slab.
pub(crate) type Slot = u32;

/// No slot.
pub(crate) const NONE: Slot = Slot::MAX;

/// What a slot is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Free,
    /// Found by the scan, its age not yet compared with the others'.
    Unsorted,
    /// In its place in the order of use.
    Ordered,
}

/// Whether the time of use that the file bears is the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    Written,
    /// Used since, and not yet long enough ago to be worth a write.
    Behind,
    /// To be written with the next batch.
    Queued,
}

/// One entry. The order of fields is by size: no padding but the last two bytes.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) key: Key,
    pub(crate) tag: Tag,
    pub(crate) version: Version,
    /// When it was last used, in nanoseconds since 1970.
    pub(crate) used_at: u64,
    /// When its file says it was last used, in seconds since 1970; enough until 2106.
    pub(crate) persisted_at_s: u32,
    /// Size on disk in units of 512 bytes, which is what `stat` counts in: up to 2 TiB.
    blocks: u32,
    /// Neighbours in the order of use.
    pub(super) previous: Slot,
    pub(super) next: Slot,
    /// The next entry in the same bucket of the table; the next free slot.
    pub(super) chain: Slot,
    pub(crate) state: State,
    pub(crate) persistence: Persistence,
}

const BLOCK_BYTES: u64 = 512;

impl Node {
    pub(crate) fn new(file: &File) -> Self {
        Self {
            key: file.name.key,
            tag: file.name.tag,
            version: file.name.version,
            used_at: file.used_at,
            persisted_at_s: seconds(file.used_at),
            blocks: u32::try_from(file.bytes.div_ceil(BLOCK_BYTES)).unwrap_or(u32::MAX),
            previous: NONE,
            next: NONE,
            chain: NONE,
            state: State::Unsorted,
            persistence: Persistence::Written,
        }
    }

    pub(crate) const fn name(&self) -> Name {
        Name {
            key: self.key,
            tag: self.tag,
            version: self.version,
        }
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.blocks as u64 * BLOCK_BYTES
    }

    pub(crate) const fn file(&self) -> File {
        File {
            name: self.name(),
            bytes: self.bytes(),
            used_at: self.used_at,
        }
    }
}

pub(crate) const fn seconds(nanoseconds: u64) -> u32 {
    (nanoseconds / 1_000_000_000) as u32
}

/// The array and its free slots.
#[derive(Debug)]
pub(crate) struct Slab {
    nodes: Vec<Node>,
    free: Slot,
    used: usize,
}

impl Slab {
    pub(crate) const fn new() -> Self {
        Self {
            nodes: Vec::new(),
            free: NONE,
            used: 0,
        }
    }

    /// How many slots are in use.
    pub(crate) const fn used(&self) -> usize {
        self.used
    }

    /// One past the highest slot ever used.
    pub(crate) fn end(&self) -> Slot {
        self.nodes.len() as Slot
    }

    /// Whether slots run out: only past 4 thousand million entries, writes under way allowed for.
    pub(crate) fn is_full(&self) -> bool {
        const UNDER_WAY_MAX: usize = 1 << 20;
        self.nodes.len() >= NONE as usize - UNDER_WAY_MAX
    }

    /// The node in a slot that may be past the end.
    pub(crate) fn get(&self, slot: Slot) -> Option<&Node> {
        self.nodes.get(slot as usize)
    }

    /// Puts a node in a free slot. The caller has asked `is_full`.
    pub(crate) fn insert(&mut self, node: Node) -> Slot {
        self.used += 1;
        if self.free == NONE {
            self.nodes.push(node);
            return self.end() - 1;
        }
        let slot = self.free;
        self.free = self[slot].chain;
        self[slot] = node;
        slot
    }

    /// Frees a slot that is in no list and no bucket any more.
    pub(crate) fn remove(&mut self, slot: Slot) -> Node {
        self.used -= 1;
        let free = self.free;
        self.free = slot;
        let node = self[slot].clone();
        self[slot].state = State::Free;
        self[slot].chain = free;
        node
    }
}

impl std::ops::Index<Slot> for Slab {
    type Output = Node;
    fn index(&self, slot: Slot) -> &Node {
        &self.nodes[slot as usize]
    }
}

impl std::ops::IndexMut<Slot> for Slab {
    fn index_mut(&mut self, slot: Slot) -> &mut Node {
        &mut self.nodes[slot as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: u8) -> Node {
        let name = Name {
            key: Key([number; 32]),
            tag: Tag(0),
            version: Version(0),
        };
        Node::new(&File {
            name,
            bytes: 513,
            used_at: 0,
        })
    }

    #[test]
    fn a_node_is_80_bytes() {
        assert_eq!(
            size_of::<Node>(),
            80,
            "the README's figure for memory rests on it"
        );
    }

    #[test]
    fn sizes_are_rounded_up_to_blocks() {
        assert_eq!(node(0).bytes(), 1024);
    }

    #[test]
    fn freed_slots_are_used_again() {
        let mut slab = Slab::new();
        let slots: Vec<Slot> = (0..3).map(|number| slab.insert(node(number))).collect();
        assert_eq!(slots, [0, 1, 2]);
        assert_eq!(slab.remove(1).key, Key([1; 32]));
        assert_eq!(slab.remove(0).key, Key([0; 32]));
        assert_eq!(
            (
                slab.insert(node(7)),
                slab.insert(node(8)),
                slab.insert(node(9))
            ),
            (0, 1, 3)
        );
        assert_eq!((slab.used(), slab.end()), (4, 4));
    }
}
