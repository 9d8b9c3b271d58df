//! How much drawing may hold at once. What is taken comes back when it is dropped.

use std::cell::Cell;
use std::rc::Rc;

/// What is left, shared by all canvases of a page.
#[derive(Clone)]
pub(super) struct Room {
    left: Rc<Cell<u64>>,
    picture_pixels_max: u64,
}

/// A part of it.
pub(super) struct Share {
    left: Rc<Cell<u64>>,
    bytes: u64,
}

impl Room {
    pub(super) fn new(bytes: u64, picture_pixels_max: u64) -> Self {
        Self {
            left: Rc::new(Cell::new(bytes)),
            picture_pixels_max,
        }
    }

    /// Room for `bytes`, if there is as much.
    pub(super) fn take(&self, bytes: u64) -> Option<Share> {
        let left = self.left.get().checked_sub(bytes)?;
        self.left.set(left);
        Some(Share {
            left: Rc::clone(&self.left),
            bytes,
        })
    }

    /// Whether a picture was reckoned with.
    pub(super) fn holds_picture(&self, width: u32, height: u32) -> bool {
        u64::from(width) * u64::from(height) <= self.picture_pixels_max
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.left.set(self.left.get() + self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_comes_back() {
        let room = Room::new(10, 6);
        let share = room.take(6);
        assert!(share.is_some() && room.take(5).is_none());
        drop(share);
        assert!(room.take(10).is_some());
        assert!(room.holds_picture(2, 3) && !room.holds_picture(u32::MAX, u32::MAX));
    }
}
