//! How a picture is divided into tiles: not at all, but where it is so large that it must be (AV1
//! specification, 5.9.15).

use super::bits::Bits;
use super::frame::{Tile, UNITS};

/// Superblocks that a tile may be wide, that it may hold, and tiles in each direction.
const WIDTH_MAX: usize = 64;
const AREA_MAX: usize = 2304;
const COUNT_MAX: usize = 64;

/// The division.
#[derive(Debug)]
pub(super) struct Tiles {
    pub(super) parts: Vec<Tile>,
    columns_log: u32,
    rows_log: u32,
    /// How many more divisions there could be.
    may_grow: (bool, bool),
}

/// Halvings until `from` covers `to`.
fn halvings(from: usize, to: usize) -> u32 {
    (0..usize::BITS).find(|log| from << log >= to).unwrap_or(0)
}

impl Tiles {
    /// Of a picture in units.
    pub(super) fn new((wide, high): (usize, usize)) -> Self {
        let (columns, rows) = (wide.div_ceil(UNITS), high.div_ceil(UNITS));
        let columns_log = halvings(WIDTH_MAX, columns);
        let least = columns_log.max(halvings(AREA_MAX, columns * rows));
        let rows_log = least - columns_log;
        let may_grow = (
            columns_log < halvings(1, columns.min(COUNT_MAX)),
            rows_log < halvings(1, rows.min(COUNT_MAX)),
        );
        let ranges = |count: usize, log: u32, units: usize| {
            let step = count.div_ceil(1 << log) * UNITS;
            (0..units)
                .step_by(step)
                .map(move |from| (from, (from + step).min(units)))
        };
        let tiles = ranges(rows, rows_log, high).flat_map(|rows| {
            ranges(columns, columns_log, wide).map(move |columns| Tile { rows, columns })
        });
        Self {
            parts: tiles.collect(),
            columns_log,
            rows_log,
            may_grow,
        }
    }

    pub(super) fn describe(&self, bits: &mut Bits) {
        bits.flag(true); // all of the same size
        if self.may_grow.0 {
            bits.flag(false);
        }
        if self.may_grow.1 {
            bits.flag(false);
        }
        if self.columns_log + self.rows_log > 0 {
            bits.put(0, self.columns_log + self.rows_log);
            bits.put(3, 2); // sizes have four bytes
        }
    }

    /// Append the tiles' bytes.
    pub(super) fn append(&self, coded: &[Vec<u8>], to: &mut Vec<u8>) {
        if self.columns_log + self.rows_log > 0 {
            to.push(0); // all tiles are here
        }
        for (at, tile) in coded.iter().enumerate() {
            if at + 1 < coded.len() {
                to.extend((tile.len() as u32 - 1).to_le_bytes());
            }
            to.extend_from_slice(tile);
        }
    }
}
