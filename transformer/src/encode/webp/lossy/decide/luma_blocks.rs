//! Sixteen predictions for a macroblock's luma, one for each block of 4x4, each made from the decoded
//! blocks before it.

use super::super::predict::{BlockEdges, BlockMode, predict_block};
use super::super::quantise::Levels;
use super::super::tokens::Kind;
use super::super::transform::{Block, Coefficients, forward, restore};
use super::{Price, Scene, expected, flag, is_flat};

/// What "by blocks" costs, in 256ths of a bit.
const BLOCKS_COST: u32 = 211;
/// Where nearly nothing is coded, a mode other than the mean must save this much: it shows as stripes.
const FLAT_PENALTY: u32 = 140;
const FLAT_MAX: u32 = 3;
/// How many of the ten modes are looked at closely: a fourth shows neither in bytes nor in scores, seven more
/// save 0.5 % of bytes and take a fifth more time.
const CLOSE_LOOKS: usize = 3;

/// Predictions tried, the best of each block.
pub(super) struct Blocks {
    pub(super) modes: [BlockMode; 16],
    pub(super) modes_rate: u32,
    pub(super) levels: [Levels; 16],
    pub(super) samples: [Block; 16],
}

/// One block's best.
struct Best {
    mode: BlockMode,
    price: Price,
    levels: Levels,
    restored: Coefficients,
    prediction: Block,
}

/// `None` as soon as it is clear that the score will not stay below a limit.
pub(super) fn best(scene: &Scene<'_>, source: &[Block; 16], limit: u64) -> Option<Blocks> {
    let mut surroundings = Surroundings::new(scene);
    let mut blocks = Blocks {
        modes: [BlockMode::Mean; 16],
        modes_rate: BLOCKS_COST,
        levels: [Levels::NONE; 16],
        samples: [[0; 16]; 16],
    };
    let (mut above, mut left) = (scene.above, scene.left);
    let (mut modes_above, mut modes_left) = (scene.modes_above, scene.modes_left);
    let mut price = Price {
        rate: BLOCKS_COST,
        error: 0,
    };
    for (at, source) in source.iter().enumerate() {
        let (column, row) = (at % 4, at / 4);
        let context = usize::from(above[column] + left[row]);
        let costs = &scene.mode_costs[modes_above[column] as usize][modes_left[row] as usize];
        let best = best_of_block(scene, source, &surroundings.edges(at), (context, costs));
        price.add(best.price);
        blocks.modes_rate += u32::from(costs[best.mode as usize]);
        if price.score(scene.segment.luma_weight) >= limit {
            return None;
        }
        let samples = restore(&best.prediction, best.restored);
        surroundings.take(at, &samples);
        (above[column], left[row]) = (flag(&best.levels), flag(&best.levels));
        (modes_above[column], modes_left[row]) = (best.mode, best.mode);
        (blocks.modes[at], blocks.levels[at]) = (best.mode, best.levels);
        blocks.samples[at] = samples;
    }
    Some(blocks)
}

fn best_of_block(
    scene: &Scene<'_>,
    source: &Block,
    edges: &BlockEdges,
    (context, costs): (usize, &[u16; 10]),
) -> Best {
    let predictions = predict_block(edges);
    let coefficients: [Coefficients; 10] =
        std::array::from_fn(|mode| forward(source, &predictions[mode]));
    let weight = scene.segment.luma_weight;
    let attempt = |mode: usize, score_max: u64| {
        let (levels, restored) = scene.segment.quantisers.luma.quantise(coefficients[mode]);
        let mut price = Price {
            rate: u32::from(costs[mode]),
            error: coefficients[mode].error(restored),
        };
        if mode > 0 && is_flat(&[levels], FLAT_MAX) {
            price.rate += FLAT_PENALTY;
        }
        if price.score(weight) < score_max {
            price.rate += scene.costs.block(Kind::Luma, context, &levels);
        }
        Best {
            mode: BlockMode::ALL[mode],
            price,
            levels,
            restored,
            prediction: predictions[mode],
        }
    };
    let step = scene.segment.quantisers.luma.step;
    let [first, others @ ..] = promising(std::array::from_fn(|mode| {
        expected(coefficients[mode].magnitude(), u32::from(costs[mode]), step)
    }));
    let mut best = attempt(first, u64::MAX);
    for mode in others.into_iter().take(CLOSE_LOOKS - 1) {
        let score_max = best.price.score(weight);
        let other = attempt(mode, score_max);
        if other.price.score(weight) < score_max {
            best = other;
        }
    }
    best
}

/// Modes by what is expected of them, the least first.
#[inline(always)]
fn promising(expected: [u32; 10]) -> [usize; 10] {
    // The mode stands in the lowest digit.
    let mut order: [u32; 10] = std::array::from_fn(|mode| expected[mode] * 16 + mode as u32);
    order.sort_unstable();
    order.map(|mode| (mode & 15) as usize)
}

/// The decoded samples that blocks are predicted from: the left column from below, the corner, the row
/// above and four more (and three that fill up lanes), overwritten as blocks are decoded so that each finds its own edges in place.
struct Surroundings([u8; 40]);

impl Surroundings {
    fn new(scene: &Scene<'_>) -> Self {
        let edges = scene.luma.edges();
        let mut samples = [0; 40];
        for (to, &from) in samples.iter_mut().zip(edges.left.iter().rev()) {
            *to = from;
        }
        samples[16] = edges.corner;
        samples[17..33].copy_from_slice(&edges.above);
        samples[33..37].copy_from_slice(&scene.luma.above_right());
        Self(samples)
    }

    /// Where the samples above a block begin.
    const fn above(at: usize) -> usize {
        17 + at % 4 * 4 - at / 4 * 4
    }

    fn edges(&self, at: usize) -> BlockEdges {
        let from = Self::above(at) - 5;
        std::array::from_fn(|edge| self.0[from + edge])
    }

    fn take(&mut self, at: usize, block: &Block) {
        let above = Self::above(at);
        // Its lowest row is above the block below, whose row starts four samples before.
        self.0[above - 4..above].copy_from_slice(&block[12..]);
        if at % 4 == 3 {
            // The last block of a row leaves the samples above and to the right as they are for the next.
            self.0.copy_within(above + 4..above + 8, above);
        } else {
            for row in 0..3 {
                self.0[above + row] = block[(2 - row) * 4 + 3];
            }
        }
    }
}
