//! The order in which coefficients are coded, and the contexts of their levels (AV1 specification, 5.11.39
//! and 8.3.2).

use std::sync::OnceLock;

use super::transform::Size;

/// Levels with room after them, so that neighbours need no check.
const STRIDE: usize = 36;
pub(super) const LEVELS: usize = STRIDE * STRIDE;

/// One place in the order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Among the coefficients.
    pub(super) at: u16,
    /// Among the levels.
    pub(super) level: u16,
    /// What is added to the context of the base, and to that of what is beyond it.
    base: u8,
    more: u8,
}

/// All places of a size, in order.
pub(super) fn places(size: Size) -> &'static [Place] {
    static SCANS: [OnceLock<Vec<Place>>; 16] = [const { OnceLock::new() }; 16];
    let at = (size.width_log - 2) * 4 + size.height_log - 2;
    SCANS[at as usize].get_or_init(|| order(size))
}

fn order(size: Size) -> Vec<Place> {
    let (width, height) = (size.width(), size.height());
    let mut places = Vec::with_capacity(size.samples());
    for diagonal in 0..width + height - 1 {
        let ascending = match width.cmp(&height) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => diagonal % 2 == 0,
        };
        let columns = diagonal.saturating_sub(height - 1)..=diagonal.min(width - 1);
        let mut add = |column: usize| places.push(place(size, column, diagonal - column));
        if ascending {
            columns.for_each(&mut add);
        } else {
            columns.rev().for_each(&mut add);
        }
    }
    places
}

fn place(size: Size, column: usize, row: usize) -> Place {
    const SQUARE: [[u8; 5]; 5] = [
        [0, 1, 6, 6, 21],
        [1, 6, 6, 21, 21],
        [6, 6, 21, 21, 21],
        [6, 21, 21, 21, 21],
        [21, 21, 21, 21, 21],
    ];
    const WIDE: [[u8; 5]; 5] = [
        [0, 16, 6, 6, 21],
        [16, 16, 6, 21, 21],
        [16, 16, 21, 21, 21],
        [16, 16, 21, 21, 21],
        [16, 16, 21, 21, 21],
    ];
    const TALL: [[u8; 5]; 5] = [
        [0, 11, 11, 11, 11],
        [11, 11, 11, 11, 11],
        [6, 6, 21, 21, 21],
        [6, 21, 21, 21, 21],
        [21, 21, 21, 21, 21],
    ];
    let offsets = match size.width_log.cmp(&size.height_log) {
        std::cmp::Ordering::Less => TALL,
        std::cmp::Ordering::Greater => WIDE,
        std::cmp::Ordering::Equal => SQUARE,
    };
    Place {
        at: (column * size.height() + row) as u16,
        level: (column * STRIDE + row) as u16,
        base: offsets[row.min(4)][column.min(4)],
        more: match (column, row) {
            (0, 0) => 0,
            (0 | 1, 0 | 1) => 7,
            _ => 14,
        },
    }
}

impl Place {
    /// The context of the base of a level from the levels after it.
    #[inline(always)]
    pub(super) fn base_context(self, levels: &[u8; LEVELS]) -> usize {
        if self.at == 0 {
            return 0;
        }
        let near = |by: usize| u32::from(levels[(usize::from(self.level) + by) % LEVELS].min(3));
        let sum = near(1) + near(STRIDE) + near(STRIDE + 1) + near(2) + near(2 * STRIDE);
        usize::from(self.base) + (sum.div_ceil(2)).min(4) as usize
    }

    /// The context of what a level has beyond the base.
    #[inline(always)]
    pub(super) fn more_context(self, levels: &[u8; LEVELS]) -> usize {
        let near = |by: usize| u32::from(levels[(usize::from(self.level) + by) % LEVELS]);
        let sum = near(1) + near(STRIDE) + near(STRIDE + 1);
        usize::from(self.more) + (sum.div_ceil(2)).min(6) as usize
    }

    /// The same where no levels come after it.
    #[inline(always)]
    pub(super) fn last_more_context(self) -> usize {
        self.more.into()
    }
}

/// The context of the last level's base by its place.
#[inline(always)]
pub(super) fn end_context(at: usize, size: Size) -> usize {
    let samples = size.samples();
    match at {
        0 => 0,
        at if at <= samples / 8 => 1,
        at if at <= samples / 4 => 2,
        _ => 3,
    }
}

/// Levels as contexts see them.
#[inline(always)]
pub(super) fn seen(level: i32) -> u8 {
    level.unsigned_abs().min(15) as u8
}
