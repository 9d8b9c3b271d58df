//! The eight ways a picture can be turned and mirrored, as a group: they combine, undo each other,
//! and say what becomes of a size and of a rectangle. No pixel is touched here.

use crate::geometry::{Rect, Size};
use crate::options::{Mirror, Turn};

/// First transposed (or not), then mirrored left to right (or not), then top to bottom (or not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Orientation {
    /// Rows become columns: the axes change places.
    pub transpose: bool,
    /// Left and right change places.
    pub flip_x: bool,
    /// Top and bottom change places.
    pub flip_y: bool,
}

impl Orientation {
    /// As it is.
    pub(crate) const UPRIGHT: Self = Self::of([false, false, false]);

    const fn of([transpose, flip_x, flip_y]: [bool; 3]) -> Self {
        Self {
            transpose,
            flip_x,
            flip_y,
        }
    }

    /// What an EXIF orientation asks a viewer to do. Values outside 2 to 8 ask nothing.
    pub(crate) const fn from_exif(value: u8) -> Self {
        Self::of(match value {
            2 => [false, true, false],
            3 => [false, true, true],
            4 => [false, false, true],
            5 => [true, false, false],
            6 => [true, true, false],
            7 => [true, true, true],
            8 => [true, false, true],
            _ => [false, false, false],
        })
    }

    /// A clockwise turn.
    pub(crate) const fn from_turn(turn: Turn) -> Self {
        Self::from_exif(match turn {
            Turn::Quarter => 6,
            Turn::Half => 3,
            Turn::ThreeQuarters => 8,
        })
    }

    /// A reflection.
    pub(crate) const fn from_mirror(mirror: Mirror) -> Self {
        Self::from_exif(match mirror {
            Mirror::Horizontal => 2,
            Mirror::Vertical => 4,
        })
    }

    /// This, and then `next`. A transposition that comes after a flip turns its axis.
    pub(crate) const fn then(self, next: Self) -> Self {
        let moved = if next.transpose { self.swapped() } else { self };
        Self::of([
            self.transpose != next.transpose,
            moved.flip_x != next.flip_x,
            moved.flip_y != next.flip_y,
        ])
    }

    /// What undoes this.
    pub(crate) const fn inverse(self) -> Self {
        if self.transpose { self.swapped() } else { self }
    }

    const fn swapped(self) -> Self {
        Self::of([self.transpose, self.flip_y, self.flip_x])
    }

    /// The size that `size` has afterwards.
    pub(crate) const fn size(self, size: Size) -> Size {
        if self.transpose {
            Size {
                width: size.height,
                height: size.width,
            }
        } else {
            size
        }
    }

    /// Where `rect`, a part of a picture of `size`, lies afterwards.
    pub(crate) const fn rect(self, rect: Rect, size: Size) -> Rect {
        let (size_after, mut left, mut top) = if self.transpose {
            (self.size(size), rect.top, rect.left)
        } else {
            (size, rect.left, rect.top)
        };
        let part = self.size(rect.size);
        if self.flip_x {
            left = size_after.width - left - part.width;
        }
        if self.flip_y {
            top = size_after.height - top - part.height;
        }
        Rect {
            left,
            top,
            size: part,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Orientation> {
        (1..=8).map(Orientation::from_exif)
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let quarter = Orientation::from_turn(Turn::Quarter);
        let half = quarter.then(quarter);
        assert_eq!(half, Orientation::from_turn(Turn::Half));
        assert_eq!(
            half.then(quarter),
            Orientation::from_turn(Turn::ThreeQuarters)
        );
        assert_eq!(half.then(half), Orientation::UPRIGHT);
    }

    #[test]
    fn every_orientation_is_undone_by_its_inverse() {
        let size = Size {
            width: 7,
            height: 5,
        };
        let rect = Rect {
            left: 1,
            top: 2,
            size: Size {
                width: 3,
                height: 2,
            },
        };
        for orientation in all() {
            assert_eq!(
                orientation.then(orientation.inverse()),
                Orientation::UPRIGHT
            );
            assert_eq!(
                orientation.inverse().then(orientation),
                Orientation::UPRIGHT
            );
            let there = orientation.rect(rect, size);
            assert_eq!(
                orientation.inverse().rect(there, orientation.size(size)),
                rect
            );
        }
    }

    #[test]
    fn a_rectangle_follows_two_orientations_as_it_follows_both_at_once() {
        let size = Size {
            width: 9,
            height: 4,
        };
        let rect = Rect {
            left: 2,
            top: 1,
            size: Size {
                width: 4,
                height: 1,
            },
        };
        for first in all() {
            for second in all() {
                let stepwise = second.rect(first.rect(rect, size), first.size(size));
                assert_eq!(stepwise, first.then(second).rect(rect, size));
            }
        }
    }
}
