//! A tile while it is coded: its probabilities, its edges, and where its symbols go.

use super::block::{self, Block, Contexts, Partition, Tree};
use super::cdf::{Cdfs, Costs};
use super::coefficients::Context;
use super::effort::Effort;
use super::frame::{Place, Samples, Tile, UNITS, Unit};
use super::quantise::{Lambda, Levels, Quantiser};
use super::range::RangeCoder;
use super::transform::{SAMPLES_MAX, Size};

/// How a picture is quantised.
#[derive(Debug)]
pub(super) struct Quality {
    /// Of luma and of chroma.
    pub(super) quantisers: [Quantiser; 2],
    pub(super) lambda: Lambda,
    /// The step of luma.
    pub(super) step: u32,
    pub(super) index: u8,
}

/// Sizes of the blocks by unit, for the filters.
pub(super) type Sizes = Vec<Size>;

/// Everything that coding a tile changes or looks at.
#[derive(Debug)]
pub(super) struct TileCoder<'a> {
    pub(super) source: &'a [Samples],
    pub(super) recon: &'a mut [Samples],
    pub(super) sizes: &'a mut Sizes,
    /// The picture, in units.
    pub(super) units: (usize, usize),
    pub(super) tile: Tile,
    pub(super) quality: &'a Quality,
    pub(super) effort: Effort,
    pub(super) above: Vec<Unit>,
    pub(super) left: [Unit; UNITS],
    pub(super) costs: Costs,
    cdfs: Cdfs,
    coder: RangeCoder,
    pub(super) scratch: Scratch,
}

/// Memory that is used again for every block.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) trial: Levels,
    pub(super) best: Levels,
    pub(super) coefficients: [i16; SAMPLES_MAX],
}

/// Edges around an area, to go back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    above: [Unit; UNITS],
    left: [Unit; UNITS],
}

impl<'a> TileCoder<'a> {
    pub(super) fn new(
        (source, recon): (&'a [Samples], &'a mut [Samples]),
        sizes: &'a mut Sizes,
        (units, tile): ((usize, usize), Tile),
        (quality, effort): (&'a Quality, Effort),
    ) -> Self {
        let cdfs = Cdfs::new(quality.index);
        Self {
            source,
            recon,
            sizes,
            units,
            tile,
            quality,
            effort,
            above: vec![Unit::NONE; units.0.next_multiple_of(UNITS)],
            left: [Unit::NONE; UNITS],
            costs: Costs::new(&cdfs),
            cdfs,
            coder: RangeCoder::new(),
            scratch: Scratch {
                trial: Levels::new(),
                best: Levels::new(),
                coefficients: [0; SAMPLES_MAX],
            },
        }
    }

    /// Code all superblocks, row by row.
    pub(super) fn code(mut self) -> Vec<u8> {
        for row in (self.tile.rows.0..self.tile.rows.1).step_by(UNITS) {
            self.left = [Unit::NONE; UNITS];
            for column in (self.tile.columns.0..self.tile.columns.1).step_by(UNITS) {
                self.costs = Costs::new(&self.cdfs);
                let before = self.around(column);
                let (tree, _) = self.search(row, column, 6);
                self.set_around(column, &before);
                self.write((row, column), 6, &tree);
            }
        }
        self.coder.finish()
    }

    fn write(&mut self, (row, column): (usize, usize), log: u32, tree: &Tree) {
        let partition = match tree {
            Tree::Blocks(partition, _) => *partition,
            Tree::Split(_) => Partition::Split,
            Tree::Nothing => return,
        };
        if log > 2 {
            self.write_partition((row, column), log, partition);
        }
        match tree {
            Tree::Blocks(_, blocks) => {
                for block in blocks {
                    let contexts = self.contexts(block.place);
                    block::write(&mut self.coder, &mut self.cdfs, &contexts, block);
                    self.leave(block);
                }
            }
            Tree::Split(trees) => {
                let half = 1 << (log - 3);
                for (at, tree) in trees.iter().enumerate() {
                    self.write((row + at / 2 * half, column + at % 2 * half), log - 1, tree);
                }
            }
            Tree::Nothing => {}
        }
    }

    fn write_partition(&mut self, (row, column): (usize, usize), log: u32, partition: Partition) {
        let context = self.partition_context(row, column, log);
        let (has_rows, has_columns) = self.has_halves((row, column), log);
        let split = partition == Partition::Split;
        if log == 3 {
            let cdf = &mut self.cdfs.partition_8[context];
            return self.coder.symbol(cdf, partition as usize);
        }
        let cdf = &mut self.cdfs.partition[(log as usize - 4) * 4 + context];
        match (has_rows, has_columns) {
            (true, true) => self.coder.symbol(cdf, partition as usize),
            // The partitions that divide columns: 2, 3, 4, 6, 7 and 9.
            (false, true) => self.coder.choice(share(cdf, [2, 3, 4, 6, 7, 9]), split),
            // Those that divide rows.
            (true, false) => self.coder.choice(share(cdf, [1, 3, 4, 5, 6, 8]), split),
            (false, false) => {}
        }
    }

    /// Whether the second half of an area's rows and of its columns begin in the picture.
    pub(super) fn has_halves(&self, (row, column): (usize, usize), log: u32) -> (bool, bool) {
        let half = 1 << (log - 3);
        (row + half < self.units.1, column + half < self.units.0)
    }

    pub(super) fn partition_context(&self, row: usize, column: usize, log: u32) -> usize {
        let smaller = |unit: &Unit| usize::from(u32::from(unit.side_log) < log);
        smaller(&self.left[row % UNITS]) * 2 + smaller(&self.above[column])
    }

    pub(super) fn partition_cost(
        &self,
        (row, column): (usize, usize),
        log: u32,
        what: Partition,
    ) -> u32 {
        if self.has_halves((row, column), log) != (true, true) {
            return 0;
        }
        let context = self.partition_context(row, column, log);
        match log {
            3 => self.costs.partition_8[context][what as usize].into(),
            _ => self.costs.partition[(log as usize - 4) * 4 + context][what as usize].into(),
        }
    }

    pub(super) fn contexts(&self, place: Place) -> Contexts {
        let (above, left) = (&self.above[place.column], &self.left[place.row % UNITS]);
        Contexts {
            mode: above.mode.context() * 5 + left.mode.context(),
            skip: usize::from(above.skip) + usize::from(left.skip),
            planes: std::array::from_fn(|plane| {
                if plane == 0 || !place.has_chroma() {
                    self.level_context(place, 0)
                } else {
                    self.level_context(place.of_chroma(), plane)
                }
            }),
        }
    }

    pub(super) fn contexts_of_luma(&self, place: Place) -> Context {
        self.level_context(place, 0)
    }

    /// The place is that which the plane's samples cover.
    fn level_context(&self, place: Place, number: usize) -> Context {
        let step = if number == 0 { 1 } else { 2 };
        let above = &self.above[place.column..][..place.units_wide()];
        let left = &self.left[place.row % UNITS..][..place.units_high()];
        let mut sign = 0;
        let mut any = |units: &[Unit]| {
            let mut any = false;
            for unit in units.iter().step_by(step) {
                any |= unit.sums[number] != 0 || unit.signs[number] != 0;
                sign += match unit.signs[number] {
                    1 => -1,
                    2 => 1,
                    _ => 0,
                };
            }
            usize::from(any)
        };
        let both = any(above) + any(left);
        Context {
            size: place.plane_size(number),
            kind: usize::from(number > 0),
            all_zero: if number == 0 { 0 } else { 7 + both },
            sign: match sign {
                0 => 0,
                ..0 => 1,
                1.. => 2,
            },
        }
    }

    /// Let a block be a neighbour.
    pub(super) fn leave(&mut self, block: &Block) {
        let place = block.place;
        let (wide, high) = (
            place.units_wide().min(self.units.0 - place.column),
            place.units_high().min(self.units.1 - place.row),
        );
        let above = &mut self.above[place.column..][..place.units_wide()];
        mark(above, (wide, place.size.width_log), block);
        let left = &mut self.left[place.row % UNITS..][..place.units_high()];
        mark(left, (high, place.size.height_log), block);
        for row in self
            .sizes
            .chunks_exact_mut(self.units.0)
            .skip(place.row)
            .take(high)
        {
            row[place.column..][..wide].fill(place.size);
        }
        if let Some(chroma) = block.chroma {
            let place = place.of_chroma();
            let wide = place.units_wide().min(self.units.0 - place.column);
            let high = place.units_high().min(self.units.1 - place.row);
            let above = &mut self.above[place.column..][..wide];
            let left = &mut self.left[place.row % UNITS..][..high];
            for unit in above.iter_mut().chain(left) {
                unit.chroma_mode = chroma.mode;
                for plane in 1..3 {
                    (unit.sums[plane], unit.signs[plane]) = block.traces[plane];
                }
            }
        }
    }

    /// Edges from a column on.
    pub(super) fn around(&self, column: usize) -> Around {
        let mut above = [Unit::NONE; UNITS];
        let from = &self.above[column..];
        let count = from.len().min(UNITS);
        above[..count].copy_from_slice(&from[..count]);
        Around {
            above,
            left: self.left,
        }
    }

    pub(super) fn set_around(&mut self, column: usize, around: &Around) {
        let to = &mut self.above[column..];
        let count = to.len().min(UNITS);
        to[..count].copy_from_slice(&around.above[..count]);
        self.left = around.left;
    }
}

/// Let a block be the neighbour of what comes behind one of its edges, of which so many units are in the picture.
fn mark(edge: &mut [Unit], (inside, side_log): (usize, u32), block: &Block) {
    let skip = block.skip();
    for (at, unit) in edge.iter_mut().enumerate() {
        unit.mode = block.mode;
        unit.skip = skip;
        unit.side_log = side_log as u8;
        if at < inside {
            (unit.sums[0], unit.signs[0]) = block.traces[0];
        }
    }
}

/// The probability, in 32,768ths, that none of some symbols comes.
fn share(cdf: &[u16; 10], symbols: [usize; 6]) -> u16 {
    let bound = |symbol: usize| if symbol < 9 { cdf[symbol] } else { 32_768 };
    let sum: u16 = symbols
        .into_iter()
        .map(|symbol| bound(symbol) - bound(symbol - 1))
        .sum();
    32_768 - sum
}
