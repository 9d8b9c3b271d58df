//! One prediction for both planes of a macroblock's chroma.

use super::super::predict::{Mode, predict};
use super::super::quantise::Levels;
use super::super::tokens::Kind;
use super::super::transform::{Block, Coefficients, forward, restore};
use super::{Modes, Price, Scene, expected, flag, is_flat, least};

/// What the modes cost, in 256ths of a bit; in the order of `Mode::ALL`.
const MODE_COSTS: [u32; 4] = [302, 439, 642, 984];
/// Where nearly nothing is coded, a mode other than the mean must save this much: it shows as stripes.
const FLAT_PENALTY: u32 = 140 * 8;
const FLAT_MAX: u32 = 2;

/// A prediction tried.
pub(super) struct Chroma {
    pub(super) mode: Mode,
    pub(super) levels: [Levels; 8],
    pub(super) samples: [[Block; 4]; 2],
}

struct Attempt {
    mode: Mode,
    price: Price,
    levels: [Levels; 8],
    restored: [Coefficients; 8],
}

/// What a mode costs.
pub(super) const fn mode_rate(mode: Mode) -> u32 {
    MODE_COSTS[mode as usize]
}

pub(super) fn best(scene: &Scene<'_>, source: &[[Block; 4]; 2], modes: Modes) -> Chroma {
    let mode = match modes {
        Modes::Mean => Mode::Mean,
        Modes::All | Modes::Whole => promising(scene, source),
    };
    let mut best = attempt(scene, source, mode);
    if mode != Mode::Mean && is_flat(&best.levels, FLAT_MAX) {
        best.price.rate += FLAT_PENALTY;
        let mean = attempt(scene, source, Mode::Mean);
        let weight = scene.segment.chroma_weight;
        if mean.price.score(weight) <= best.price.score(weight) {
            best = mean;
        }
    }
    Chroma {
        mode: best.mode,
        levels: best.levels,
        samples: std::array::from_fn(|plane| {
            let prediction = predict::<4>(best.mode, &scene.chroma[plane].edges());
            std::array::from_fn(|at| restore(&prediction[at], best.restored[plane * 4 + at]))
        }),
    }
}

/// The mode that leaves least. Looking at all of them closely saves no bytes.
fn promising(scene: &Scene<'_>, source: &[[Block; 4]; 2]) -> Mode {
    let (edges, step) = (
        [scene.chroma[0].edges(), scene.chroma[1].edges()],
        scene.segment.quantisers.chroma.step,
    );
    least(|mode| {
        let mut left = 0;
        for (source, edges) in source.iter().zip(&edges) {
            let prediction = predict::<4>(mode, edges);
            let pairs = source.iter().zip(&prediction);
            left += pairs
                .map(|(source, to)| forward(source, to).magnitude())
                .sum::<u32>();
        }
        expected(left, mode_rate(mode), step)
    })
}

fn attempt(scene: &Scene<'_>, source: &[[Block; 4]; 2], mode: Mode) -> Attempt {
    let mut attempt = Attempt {
        mode,
        price: Price {
            rate: mode_rate(mode),
            error: 0,
        },
        levels: [Levels::NONE; 8],
        restored: [Coefficients::ZERO; 8],
    };
    let (mut above, mut left) = (scene.above, scene.left);
    for (plane, source) in source.iter().enumerate() {
        let prediction = predict::<4>(mode, &scene.chroma[plane].edges());
        for (at, (source, prediction)) in source.iter().zip(&prediction).enumerate() {
            let coefficients = forward(source, prediction);
            let (levels, restored) = scene.segment.quantisers.chroma.quantise(coefficients);
            let (column, row) = (4 + plane * 2 + at % 2, 4 + plane * 2 + at / 2);
            let context = usize::from(above[column] + left[row]);
            attempt.price.add(Price {
                rate: scene.costs.block(Kind::Chroma, context, &levels),
                error: coefficients.error(restored),
            });
            (above[column], left[row]) = (flag(&levels), flag(&levels));
            attempt.levels[plane * 4 + at] = levels;
            attempt.restored[plane * 4 + at] = restored;
        }
    }
    attempt
}
