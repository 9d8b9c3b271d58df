//! One prediction for all of a macroblock's luma; the constants of its blocks are coded together.

use super::super::border::CONSTANTS;
use super::super::predict::{Mode, predict};
use super::super::quantise::Levels;
use super::super::tokens::Kind;
use super::super::transform::{
    Block, Coefficients, forward, forward_constants, restore, restore_constants,
};
use super::{Modes, NO_COEFFICIENTS, Price, Scene, expected, flag, least};

/// What the modes cost, in 256ths of a bit, "not by blocks" included; in the order of `Mode::ALL`.
const MODE_COSTS: [u32; 4] = [663, 872, 919, 919];

/// A prediction tried.
pub(super) struct Whole {
    pub(super) mode: Mode,
    pub(super) price: Price,
    pub(super) constants: Levels,
    pub(super) levels: [Levels; 16],
    restored: [Coefficients; 16],
}

/// What a mode costs.
pub(super) const fn mode_rate(mode: Mode) -> u32 {
    MODE_COSTS[mode as usize]
}

pub(super) fn best(scene: &Scene<'_>, source: &[Block; 16], modes: Modes) -> Whole {
    let mode = match modes {
        Modes::Mean => Mode::Mean,
        Modes::All | Modes::Whole => promising(scene, source),
    };
    attempt(scene, source, mode)
}

/// The mode that leaves least. Looking at all of them closely saves no bytes.
fn promising(scene: &Scene<'_>, source: &[Block; 16]) -> Mode {
    let (edges, step) = (scene.luma.edges(), scene.segment.quantisers.luma.step);
    least(|mode| {
        let prediction = predict::<16>(mode, &edges);
        let pairs = source.iter().zip(&prediction);
        let left: u32 = pairs
            .map(|(source, to)| forward(source, to).magnitude())
            .sum();
        expected(left, mode_rate(mode), step)
    })
}

fn attempt(scene: &Scene<'_>, source: &[Block; 16], mode: Mode) -> Whole {
    let quantisers = &scene.segment.quantisers;
    let prediction = predict::<16>(mode, &scene.luma.edges());
    let mut whole = Whole {
        mode,
        price: Price {
            rate: mode_rate(mode),
            error: 0,
        },
        constants: Levels::NONE,
        levels: [Levels::NONE; 16],
        restored: NO_COEFFICIENTS,
    };
    let mut constants = [0; 16];
    let (mut above, mut left) = (scene.above, scene.left);
    for (at, (source, prediction)) in source.iter().zip(&prediction).enumerate() {
        let coefficients = forward(source, prediction);
        constants[at] = coefficients.constant();
        let coefficients = coefficients.with_constant(0);
        let (levels, restored) = quantisers.luma.quantise(coefficients);
        let context = usize::from(above[at % 4] + left[at / 4]);
        whole.price.add(Price {
            rate: scene.costs.block(Kind::LumaRest, context, &levels),
            error: coefficients.error(restored),
        });
        (above[at % 4], left[at / 4]) = (flag(&levels), flag(&levels));
        (whole.levels[at], whole.restored[at]) = (levels, restored);
    }
    let coefficients = Coefficients::from_rows(forward_constants(&constants));
    let (levels, restored) = quantisers.constants.quantise(coefficients);
    let context = usize::from(scene.above[CONSTANTS] + scene.left[CONSTANTS]);
    whole.price.rate += scene.costs.block(Kind::LumaConstants, context, &levels);
    whole.constants = levels;
    let restored = restore_constants(&restored.rows());
    let pairs = whole
        .restored
        .iter_mut()
        .zip(constants.into_iter().zip(restored));
    for (to, (constant, restored)) in pairs {
        let error = i32::from(constant) - i32::from(restored);
        whole.price.error += (error * error) as u32;
        *to = to.with_constant(restored);
    }
    whole
}

impl Whole {
    /// What the decoder will see.
    pub(super) fn samples(&self, scene: &Scene<'_>) -> [Block; 16] {
        let prediction = predict::<16>(self.mode, &scene.luma.edges());
        std::array::from_fn(|at| restore(&prediction[at], self.restored[at]))
    }
}
