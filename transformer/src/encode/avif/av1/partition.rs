//! The choice of how an area is divided into blocks.

use super::block::{Block, Partition, Tree};
use super::frame::Place;
use super::tile::TileCoder;
use super::transform::Size;

/// Samples of all planes of an area.
struct Area {
    planes: Vec<Vec<u8>>,
}

/// No area's total is as large.
const TOTAL_MAX: i64 = i64::MAX / 4;

impl TileCoder<'_> {
    /// The best division of an area, its samples and edges as it leaves them, and its total of bits and errors.
    pub(super) fn search(&mut self, row: usize, column: usize, log: u32) -> (Tree, i64) {
        if row >= self.units.1 || column >= self.units.0 {
            return (Tree::Nothing, 0);
        }
        if log == 6 || self.has_halves((row, column), log) != (true, true) {
            return self.split((row, column), log, TOTAL_MAX);
        }
        let before = self.around(column);
        let (block, whole) = self.blocks((row, column), log, (Partition::None, TOTAL_MAX));
        if log <= self.effort.smallest_log || Self::is_enough(&block) {
            return (block, whole);
        }
        let mut best = (block, whole);
        let mut after = (self.area((row, column), log), self.around(column));
        let mut alternatives = vec![Partition::Split];
        if self.effort.oblong && log > 3 {
            alternatives.extend([Partition::Horizontal, Partition::Vertical]);
        }
        for partition in alternatives {
            self.set_around(column, &before);
            let (tree, total) = match partition {
                Partition::Split => self.split((row, column), log, best.1),
                _ => self.blocks((row, column), log, (partition, best.1)),
            };
            if total < best.1 {
                best = (tree, total);
                after = (self.area((row, column), log), self.around(column));
            }
        }
        self.set_area((row, column), log, &after.0);
        self.set_around(column, &after.1);
        best
    }

    /// A block without levels is not divided.
    fn is_enough(tree: &Tree) -> bool {
        matches!(tree, Tree::Blocks(_, blocks) if blocks.iter().all(Block::skip))
    }

    fn split(&mut self, (row, column): (usize, usize), log: u32, limit: i64) -> (Tree, i64) {
        let half = 1 << (log - 3);
        let rate = self.partition_cost((row, column), log, Partition::Split);
        let mut total = self.quality.lambda.total(rate, 0);
        let mut trees = Vec::with_capacity(4);
        for at in 0..4 {
            let (row, column) = (row + at / 2 * half, column + at % 2 * half);
            let (tree, part) = if log == 3 {
                self.blocks((row, column), 2, (Partition::None, TOTAL_MAX))
            } else {
                self.search(row, column, log - 1)
            };
            total += part;
            trees.push(tree);
            if total >= limit {
                return (Tree::Nothing, TOTAL_MAX);
            }
        }
        (Tree::Split(trees), total)
    }

    /// One block, or two.
    fn blocks(
        &mut self,
        (row, column): (usize, usize),
        log: u32,
        (partition, limit): (Partition, i64),
    ) -> (Tree, i64) {
        let half = if log > 2 { 1 << (log - 3) } else { 0 };
        let rate = if log > 2 {
            self.partition_cost((row, column), log, partition)
        } else {
            0
        };
        let mut total = self.quality.lambda.total(rate, 0);
        let (size, second) = match partition {
            Partition::Horizontal => (
                Size {
                    width_log: log,
                    height_log: log - 1,
                },
                Some((row + half, column)),
            ),
            Partition::Vertical => (
                Size {
                    width_log: log - 1,
                    height_log: log,
                },
                Some((row, column + half)),
            ),
            _ => (Size::square(log), None),
        };
        let mut blocks = Vec::with_capacity(2);
        for (row, column) in [Some((row, column)), second].into_iter().flatten() {
            let (block, part) = self.block(Place { row, column, size });
            self.leave(&block);
            blocks.push(block);
            total += part;
            if total >= limit {
                return (Tree::Nothing, TOTAL_MAX);
            }
        }
        (Tree::Blocks(partition, blocks), total)
    }

    /// One block, reconstructed, and its total.
    fn block(&mut self, place: Place) -> (Block, i64) {
        let contexts = self.contexts(place);
        let lambda = self.quality.lambda;
        let luma = self.luma(place, contexts.mode);
        let mut block = Block {
            place,
            mode: luma.mode,
            delta: luma.delta,
            waves: luma.waves,
            chroma: None,
            levels: [const { Vec::new() }; 3],
            traces: [(0, 0); 3],
        };
        block.levels[0] = self.scratch.best.coded().to_vec();
        block.traces[0] = self.scratch.best.trace();
        let (mut modes, mut rate, mut error) = (luma.mode_rate, luma.rate, luma.error);
        if self.recon.len() > 1 && place.has_chroma() {
            let chosen = self.chroma(place, &luma, [contexts.planes[1], contexts.planes[2]]);
            block.chroma = Some(chosen.chroma);
            modes += chosen.mode_rate;
            rate += chosen.rate;
            error += chosen.error;
            for (plane, levels) in chosen.planes.into_iter().enumerate() {
                block.traces[plane + 1] = levels.trace;
                block.levels[plane + 1] = levels.levels;
            }
        }
        let skip = block.skip();
        if skip {
            rate = 0;
        }
        let flag = u32::from(self.costs.skip[contexts.skip][usize::from(skip)]);
        (block, lambda.total(modes + rate + flag, error))
    }

    fn area(&self, (row, column): (usize, usize), log: u32) -> Area {
        let planes = self.recon.iter().enumerate().map(|(plane, samples)| {
            let place = Place {
                row,
                column,
                size: Size::square(log),
            };
            let size = place.plane_size(plane);
            let mut block = vec![0; size.samples()];
            samples.copy_out(place.origin(plane), size, &mut block);
            block
        });
        Area {
            planes: planes.collect(),
        }
    }

    fn set_area(&mut self, (row, column): (usize, usize), log: u32, area: &Area) {
        let place = Place {
            row,
            column,
            size: Size::square(log),
        };
        for (plane, (samples, block)) in self.recon.iter_mut().zip(&area.planes).enumerate() {
            samples.copy_in(place.origin(plane), place.plane_size(plane), block);
        }
    }
}
