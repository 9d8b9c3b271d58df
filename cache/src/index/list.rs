//! A doubly linked list through the slab's nodes: the order of use, the least recent at the back.
//! A node is in one list at most; the caller knows which by the node's state.

use super::slab::{NONE, Slab, Slot};

/// The two ends; the links stand in the nodes.
#[derive(Debug)]
pub(crate) struct List {
    front: Slot,
    back: Slot,
}

impl List {
    pub(crate) const fn new() -> Self {
        Self {
            front: NONE,
            back: NONE,
        }
    }

    /// The slot at the back, or `None` when empty.
    pub(crate) fn back(&self) -> Option<Slot> {
        (self.back != NONE).then_some(self.back)
    }

    pub(crate) fn push_front(&mut self, slab: &mut Slab, slot: Slot) {
        slab[slot].previous = NONE;
        slab[slot].next = self.front;
        match self.front {
            NONE => self.back = slot,
            front => slab[front].previous = slot,
        }
        self.front = slot;
    }

    pub(crate) fn push_back(&mut self, slab: &mut Slab, slot: Slot) {
        slab[slot].next = NONE;
        slab[slot].previous = self.back;
        match self.back {
            NONE => self.front = slot,
            back => slab[back].next = slot,
        }
        self.back = slot;
    }

    pub(crate) fn unlink(&mut self, slab: &mut Slab, slot: Slot) {
        let (previous, next) = (slab[slot].previous, slab[slot].next);
        match previous {
            NONE => self.front = next,
            previous => slab[previous].next = next,
        }
        match next {
            NONE => self.back = previous,
            next => slab[next].previous = previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::super::File;
    use super::super::slab::Node;
    use super::*;
    use crate::key::{Key, Name, Tag, Version};

    fn walk(list: &List, slab: &Slab) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut slot = list.front;
        while slot != NONE {
            slots.push(slot);
            slot = slab[slot].next;
        }
        slots
    }

    proptest! {
        #[test]
        fn behaves_like_a_deque(steps in proptest::collection::vec((0..3, 0_usize..8), 0..60)) {
            let mut slab = Slab::new();
            let name = Name { key: Key([0; 32]), tag: Tag(0), version: Version(0) };
            for _ in 0..8 {
                slab.insert(Node::new(&File { name, bytes: 0, used_at: 0 }));
            }
            let (mut list, mut model) = (List::new(), VecDeque::new());
            for (kind, number) in steps {
                let slot = number as Slot;
                if let Some(at) = model.iter().position(|other| *other == slot) {
                    model.remove(at);
                    list.unlink(&mut slab, slot);
                }
                match kind {
                    0 => { model.push_front(slot); list.push_front(&mut slab, slot); }
                    1 => { model.push_back(slot); list.push_back(&mut slab, slot); }
                    _ => {}
                }
                prop_assert_eq!(list.back(), model.back().copied());
                prop_assert_eq!(walk(&list, &slab), Vec::from(model.clone()));
            }
        }
    }
}
