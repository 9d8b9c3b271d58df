//! A macroblock in, how it is coded out: of all predictions the one whose bits and errors together cost
//! least, under the probabilities as they are known so far.

mod luma_blocks;
mod luma_whole;
mod chroma;

use super::border::{Border, Flags};
use super::cost::{Costs, ModeCosts};
use super::predict::{BlockMode, Mode};
use super::quantise::{Indices, Levels, Quantisers};
use super::transform::{Block, Coefficients};

/// How luma is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Luma {
    Whole(Mode),
    Blocks([BlockMode; 16]),
}

/// How many bits modes may take: what must be coded in the first partition has a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modes {
    All,
    /// Only whole macroblocks.
    Whole,
    /// Only the mode with the shortest code.
    Mean,
}

/// A macroblock as it will be coded.
#[derive(Debug)]
pub(super) struct Coded {
    pub(super) luma: Luma,
    pub(super) chroma: Mode,
    /// What the modes cost, in 256ths of a bit.
    pub(super) modes_rate: u32,
    /// The constants' block, of whole macroblocks only.
    pub(super) constants: Levels,
    pub(super) luma_levels: [Levels; 16],
    pub(super) chroma_levels: [Levels; 8],
    pub(super) luma_samples: [Block; 16],
    pub(super) chroma_samples: [[Block; 4]; 2],
}

/// Everything that a decision looks at.
pub(super) struct Scene<'a> {
    pub(super) segment: &'a Segment,
    pub(super) costs: &'a Costs,
    pub(super) mode_costs: &'a ModeCosts,
    pub(super) luma: &'a Border,
    pub(super) chroma: &'a [Border; 2],
    pub(super) above: Flags,
    pub(super) left: Flags,
    /// The modes of the blocks above and to the left.
    pub(super) modes_above: [BlockMode; 4],
    pub(super) modes_left: [BlockMode; 4],
}

/// What a segment's macroblocks have in common.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) quantisers: Quantisers,
    /// What a 256th of a bit weighs against a 256th of a squared error.
    luma_weight: u64,
    chroma_weight: u64,
}

impl Segment {
    pub(super) fn new(indices: Indices) -> Self {
        let quantisers = Quantisers::new(indices);
        // libwebp's weight of luma's blocks, for all decisions: of the weights tried, on eight photographs
        // at three qualities, the one with the fewest bytes at equal quality.
        let weight = |step: u32| ((3 * u64::from(step) * u64::from(step)) >> 7).max(1);
        Self {
            luma_weight: weight(quantisers.luma.step),
            chroma_weight: weight(quantisers.chroma.step),
            quantisers,
        }
    }
}

/// Bits in 256ths, and squared errors of samples.
#[derive(Debug, Clone, Copy, Default)]
struct Price {
    rate: u32,
    /// In quarters, as coefficients have them.
    error: u32,
}

impl Price {
    #[inline(always)]
    fn score(self, weight: u64) -> u64 {
        u64::from(self.rate) * weight + u64::from(self.error) * 64
    }

    #[inline(always)]
    fn add(&mut self, other: Self) {
        self.rate += other.rate;
        self.error += other.error;
    }
}

/// Decide on a macroblock's samples.
pub(super) fn decide(
    scene: &Scene<'_>,
    (luma, chroma): (&[Block; 16], &[[Block; 4]; 2]),
    modes: Modes,
) -> Coded {
    let whole = luma_whole::best(scene, luma, modes);
    let blocks = if modes == Modes::All {
        luma_blocks::best(scene, luma, whole.price.score(scene.segment.luma_weight))
    } else {
        None
    };
    let chroma = chroma::best(scene, chroma, modes);
    match blocks {
        Some(blocks) => Coded {
            luma: Luma::Blocks(blocks.modes),
            chroma: chroma.mode,
            modes_rate: blocks.modes_rate + chroma::mode_rate(chroma.mode),
            constants: Levels::NONE,
            luma_levels: blocks.levels,
            chroma_levels: chroma.levels,
            luma_samples: blocks.samples,
            chroma_samples: chroma.samples,
        },
        None => Coded {
            luma: Luma::Whole(whole.mode),
            chroma: chroma.mode,
            modes_rate: luma_whole::mode_rate(whole.mode) + chroma::mode_rate(chroma.mode),
            luma_samples: whole.samples(scene),
            constants: whole.constants,
            luma_levels: whole.levels,
            chroma_levels: chroma.levels,
            chroma_samples: chroma.samples,
        },
    }
}

/// What a mode leaves, by the sum of its coefficients, with what it costs in 256ths of a bit: a bit is worth half a
/// step of a coefficient.
#[inline(always)]
const fn expected(magnitude: u32, rate: u32, step: u32) -> u32 {
    magnitude + ((rate * step) >> 9)
}

/// The mode of a whole macroblock of which least is expected.
#[inline(always)]
fn least(expected: impl Fn(Mode) -> u32) -> Mode {
    let modes = Mode::ALL.map(|mode| (expected(mode), mode));
    modes[1..]
        .iter()
        .fold(
            modes[0],
            |best, other| if other.0 < best.0 { *other } else { best },
        )
        .1
}

/// One where a block has coefficients.
const fn flag(levels: &Levels) -> u8 {
    (levels.nonzero != 0) as u8
}

/// Whether blocks have so few coefficients that their look is decided by the prediction alone.
fn is_flat(levels: &[Levels], nonzero_max: u32) -> bool {
    let count: u32 = levels
        .iter()
        .map(|levels| (levels.nonzero & !1).count_ones())
        .sum();
    count <= nonzero_max
}

const NO_COEFFICIENTS: [Coefficients; 16] = [Coefficients::ZERO; 16];
