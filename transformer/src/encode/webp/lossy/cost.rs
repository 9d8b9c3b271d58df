//! What decisions cost, in 256ths of a bit, under given probabilities.

use super::quantise::Levels;
use super::tables::{BANDS, BLOCK_MODES, ENTROPY, Probabilities};
use super::tokens::{Branch, Kind, walk};

/// The cost of an outcome whose `false` has a probability of so many 256ths.
#[inline(always)]
pub(super) fn bit(outcome: bool, probability: u8) -> u32 {
    let index = if outcome {
        255 - probability
    } else {
        probability
    };
    u32::from(ENTROPY[usize::from(index)])
}

/// Levels below this have a cost of their own at each site; the tree ends here.
const TABLED: usize = 67;

/// The costs at one kind, band and context.
#[derive(Debug, Clone, Copy)]
struct Site {
    /// Of each level, the sign and (in contexts that ask) "not the end" included.
    levels: [u16; TABLED + 1],
    /// Of "the end", and of "not the end".
    end: u16,
    on: u16,
}

/// The costs of coefficients.
#[derive(Debug)]
pub(super) struct Costs {
    sites: Vec<Site>,
    /// The extra bits of levels of 67 and more.
    long: Vec<u16>,
}

impl Costs {
    pub(super) fn new(probabilities: &Probabilities) -> Self {
        let extra = |level: u32| {
            let mut cost = 0;
            walk(level, |branch, outcome| {
                if let Branch::Fixed(odds) = branch {
                    cost += bit(outcome, odds);
                }
            });
            cost
        };
        let fixed: [u32; TABLED] =
            std::array::from_fn(|level| extra(level.max(1) as u32) + bit(true, 128));
        let sites = probabilities
            .as_flattened()
            .as_flattened()
            .iter()
            .enumerate();
        Self {
            sites: sites
                .map(|(at, odds)| Site::new(odds, at % 3, &fixed))
                .collect(),
            long: (TABLED as u32..2048)
                .map(|level| (extra(level) + bit(true, 128)) as u16)
                .collect(),
        }
    }

    /// Of a block in the context of how many neighbours have coefficients.
    #[inline(always)]
    pub(super) fn block(&self, kind: Kind, context: usize, levels: &Levels) -> u32 {
        let sites = &self.sites[kind as usize * 24..][..24];
        let first = kind.first();
        let mut site = &sites[BANDS[first] * 3 + context];
        if levels.nonzero == 0 {
            return u32::from(site.end);
        }
        let mut cost = if context == 0 { u32::from(site.on) } else { 0 };
        let last = 31 - levels.nonzero.leading_zeros() as usize;
        for (at, &level) in levels.magnitudes[..=last & 15]
            .iter()
            .enumerate()
            .skip(first)
        {
            let level = level as usize;
            cost += u32::from(site.levels[level.min(TABLED)]);
            if level >= TABLED {
                cost += u32::from(self.long[level - TABLED]);
            }
            site = &sites[BANDS[at + 1] * 3 + level.min(2)];
        }
        if last < 15 {
            cost += u32::from(site.end);
        }
        cost
    }
}

impl Site {
    fn new(odds: &[u8; 11], context: usize, fixed: &[u32; TABLED]) -> Self {
        let on = bit(true, odds[0]);
        let asked = if context == 0 { 0 } else { on };
        let tree = |level: usize| {
            let mut cost = 0;
            walk(level as u32, |branch, outcome| {
                if let Branch::Tree(branch) = branch {
                    cost += bit(outcome, odds[branch]);
                }
            });
            cost + bit(true, odds[1]) + asked
        };
        Self {
            levels: std::array::from_fn(|level| {
                let cost = match level {
                    0 => bit(false, odds[1]) + asked,
                    TABLED => tree(level),
                    _ => tree(level) + fixed[level],
                };
                cost as u16
            }),
            end: bit(false, odds[0]) as u16,
            on: on as u16,
        }
    }
}

/// The decisions that code a mode of a block: branches of `BLOCK_MODES` and their outcomes.
pub(super) const MODE_PATHS: [&[(usize, bool)]; 10] = [
    &[(0, false)],
    &[(0, true), (1, false)],
    &[(0, true), (1, true), (2, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, false)],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, false),
        (4, true),
        (5, false),
    ],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, false),
        (4, true),
        (5, true),
    ],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, true),
        (6, true),
        (7, false),
    ],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, true),
        (6, true),
        (7, true),
        (8, false),
    ],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, true),
        (6, true),
        (7, true),
        (8, true),
    ],
];

/// The costs of blocks' modes: by the mode above, to the left, and their own.
pub(super) type ModeCosts = [[[u16; 10]; 10]; 10];

pub(super) fn mode_costs() -> Box<ModeCosts> {
    let mut costs = Box::new([[[0; 10]; 10]; 10]);
    for (costs, odds) in costs
        .as_flattened_mut()
        .iter_mut()
        .zip(BLOCK_MODES.as_flattened())
    {
        for (cost, path) in costs.iter_mut().zip(MODE_PATHS) {
            let sum: u32 = (path.iter())
                .map(|&(branch, outcome)| bit(outcome, odds[branch]))
                .sum();
            *cost = sum as u16;
        }
    }
    costs
}
