//! Keys to slots: buckets of chains through the slab's nodes, 4 bytes a bucket. A map that holds the
//! keys themselves would take 37 bytes an entry more, and twice that while it grows.

use twox_hash::XxHash3_64;

use super::slab::{NONE, Slab, Slot};
use crate::key::Key;

/// Heads of the chains; their number is a power of two.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<Slot>,
}

/// Grows from here by doubling whenever there are more entries than buckets.
const BUCKETS_MIN: usize = 1024;

impl Table {
    pub(crate) fn new() -> Self {
        Self {
            heads: vec![NONE; BUCKETS_MIN],
        }
    }

    pub(crate) fn find(&self, slab: &Slab, key: &Key) -> Option<Slot> {
        let mut slot = self.heads[self.bucket(key)];
        while slot != NONE {
            let node = &slab[slot];
            if node.key == *key {
                return Some(slot);
            }
            slot = node.chain;
        }
        None
    }

    /// Makes a slot findable; its key is not in the table yet.
    pub(crate) fn insert(&mut self, slab: &mut Slab, slot: Slot) {
        if slab.used() > self.heads.len() {
            self.grow(slab);
        }
        self.link(slab, slot);
    }

    pub(crate) fn remove(&mut self, slab: &mut Slab, slot: Slot) {
        let bucket = self.bucket(&slab[slot].key);
        let after = slab[slot].chain;
        let mut at = self.heads[bucket];
        if at == slot {
            self.heads[bucket] = after;
            return;
        }
        while at != NONE {
            let next = slab[at].chain;
            if next == slot {
                slab[at].chain = after;
                return;
            }
            at = next;
        }
    }

    fn link(&mut self, slab: &mut Slab, slot: Slot) {
        let bucket = self.bucket(&slab[slot].key);
        slab[slot].chain = self.heads[bucket];
        self.heads[bucket] = slot;
    }

    /// Chains everything anew: about 20 ms at a million entries, each time their number has doubled.
    fn grow(&mut self, slab: &mut Slab) {
        let inserted = (0..self.heads.len())
            .flat_map(|bucket| chain(slab, self.heads[bucket]))
            .collect::<Vec<_>>();
        self.heads = vec![NONE; self.heads.len() * 2];
        for slot in inserted {
            self.link(slab, slot);
        }
    }

    fn bucket(&self, key: &Key) -> usize {
        XxHash3_64::oneshot(&key.0) as usize & (self.heads.len() - 1)
    }
}

fn chain(slab: &Slab, head: Slot) -> impl Iterator<Item = Slot> {
    std::iter::successors(Some(head).filter(|head| *head != NONE), |slot| {
        Some(slab[*slot].chain).filter(|next| *next != NONE)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::File;
    use super::super::slab::Node;
    use super::*;
    use crate::key::{Name, Tag, Version};

    fn node(number: u16) -> Node {
        let mut key = [0; 32];
        key[..2].copy_from_slice(&number.to_le_bytes());
        Node::new(&File {
            name: Name {
                key: Key(key),
                tag: Tag(0),
                version: Version(0),
            },
            bytes: 0,
            used_at: 0,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn behaves_like_a_map(steps in proptest::collection::vec((any::<bool>(), 0_u16..3000), 0..6000)) {
            let (mut slab, mut table, mut model) = (Slab::new(), Table::new(), HashMap::new());
            for (insert, number) in steps {
                match (insert, model.get(&number).copied()) {
                    (true, None) => {
                        let slot = slab.insert(node(number));
                        table.insert(&mut slab, slot);
                        model.insert(number, slot);
                    }
                    (false, Some(slot)) => {
                        table.remove(&mut slab, slot);
                        slab.remove(slot);
                        model.remove(&number);
                    }
                    (_, found) => prop_assert_eq!(table.find(&slab, &node(number).key), found),
                }
            }
            for number in 0..3000 {
                prop_assert_eq!(table.find(&slab, &node(number).key), model.get(&number).copied());
            }
        }
    }
}
