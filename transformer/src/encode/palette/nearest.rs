//! The nearest of some colours. They are sorted along green, the axis that weighs most, so that a search looks
//! at few of them: what is farther along that axis alone is farther.

use super::space::{Point, distance};

const AXIS: usize = 1;

/// Colours to be found.
pub(super) struct Nearest {
    /// Along the axis, with the number that each had.
    sorted: Vec<(Point, u8)>,
}

impl Nearest {
    /// At most 256.
    pub(super) fn new(colours: impl Iterator<Item = Point>) -> Self {
        let mut sorted: Vec<(Point, u8)> = colours.zip(0..=u8::MAX).collect();
        sorted.sort_by(|one, other| one.0[AXIS].total_cmp(&other.0[AXIS]));
        Self { sorted }
    }

    /// The place of a colour.
    pub(super) fn place(&self, number: u8) -> Point {
        let found = self.sorted.iter().find(|&&(_, known)| known == number);
        found.map_or([0.0; 4], |&(place, _)| place)
    }

    /// The number of the one that is nearest; 0 where there is none.
    pub(super) fn find(&self, wanted: Point) -> u8 {
        let start = self
            .sorted
            .partition_point(|(place, _)| place[AXIS] < wanted[AXIS]);
        let (mut below, mut above) = (start, start);
        let (mut best, mut number) = (f32::INFINITY, 0);
        loop {
            let gap = |at: Option<usize>| {
                let place = at.and_then(|at| self.sorted.get(at));
                place.map_or(f32::INFINITY, |(place, _)| {
                    let gap = place[AXIS] - wanted[AXIS];
                    gap * gap
                })
            };
            let (down, up) = (gap(below.checked_sub(1)), gap(Some(above)));
            if down.min(up) >= best {
                return number;
            }
            let at = if down < up {
                below -= 1;
                below
            } else {
                above += 1;
                above - 1
            };
            let (place, known) = self.sorted[at];
            let found = distance(place, wanted);
            if found < best {
                (best, number) = (found, known);
            }
        }
    }
}
