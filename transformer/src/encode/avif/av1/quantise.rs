//! Coefficients to levels, each weighed by the bits that it costs and the error that it saves.

use super::coefficients::{Context, LevelCosts, beyond};
use super::scan::{self, LEVELS, seen};
use super::transform::{SAMPLES_MAX, Size};
use super::weights;

/// Steps of the coefficients of one size and kind of plane.
#[derive(Debug)]
pub(super) struct Steps {
    /// Step, and 65,536 over it, by place in memory.
    scales: Vec<(u16, u32)>,
    /// What an error counts by place, in 32nds.
    weights: Vec<u16>,
    /// Coefficients that are half as large as others have halved steps.
    shift: u32,
}

/// Steps of all sizes.
#[derive(Debug)]
pub(super) struct Quantiser {
    /// By logarithms of width and height.
    sizes: [Steps; 16],
}

/// How a kind of plane is quantised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indices {
    pub(super) constant: i16,
    pub(super) other: i16,
    /// Whether high frequencies are quantised more coarsely.
    pub(super) has_matrix: bool,
    /// 0 for luma, 1 for chroma.
    pub(super) kind: usize,
}

impl Quantiser {
    pub(super) fn new(indices: Indices) -> Self {
        Self {
            sizes: std::array::from_fn(|at| {
                let size = Size {
                    width_log: at as u32 / 4 + 2,
                    height_log: at as u32 % 4 + 2,
                };
                Steps::new(size, indices)
            }),
        }
    }

    pub(super) fn steps(&self, size: Size) -> &Steps {
        &self.sizes[((size.width_log - 2) * 4 + size.height_log - 2) as usize]
    }
}

impl Steps {
    fn new(size: Size, indices: Indices) -> Self {
        // The longest and the shortest sides do not meet in a transform.
        let samples = if size.width_log.abs_diff(size.height_log) > 2 {
            0
        } else {
            size.samples()
        };
        let shift = u32::from(size.width_log + size.height_log >= 9);
        let matrix = if indices.has_matrix && samples > 0 {
            weights::matrix(indices.kind, size)
        } else {
            vec![32; samples]
        };
        let scales = (0..samples).map(|at| {
            let flat = if at == 0 {
                indices.constant
            } else {
                indices.other
            };
            let step = (flat as u32 * u32::from(matrix[at]) + 16) >> 5;
            (step as u16, (1 << (16 + shift)) / step)
        });
        let weights = matrix.iter().map(|weight| 1024 / u16::from(*weight));
        Self {
            scales: scales.collect(),
            weights: weights.collect(),
            shift,
        }
    }

    /// What a decoder makes of a level.
    #[inline(always)]
    fn restore(&self, at: usize, level: i32) -> i32 {
        (level * i32::from(self.scales[at].0)) >> self.shift
    }

    /// The error of a coefficient, weighed, in the scale of 8.
    #[inline(always)]
    fn error(&self, at: usize, error: i32) -> i64 {
        let error = i64::from(error) << self.shift;
        (error * error * i64::from(self.weights[at])) >> 5
    }
}

/// A block's levels and what they are worth.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    /// In coding order; the first `count` matter.
    pub(super) ordered: Vec<i16>,
    pub(super) count: usize,
    /// In 512ths of a bit, with the flag that there are any.
    pub(super) rate: u32,
    /// The sum of squared errors of coefficients in the scale of 8.
    pub(super) error: i64,
}

impl Levels {
    pub(super) fn new() -> Self {
        Self {
            ordered: vec![0; SAMPLES_MAX],
            count: 0,
            rate: 0,
            error: 0,
        }
    }

    pub(super) fn coded(&self) -> &[i16] {
        &self.ordered[..self.count]
    }

    /// Take levels that were chosen before.
    pub(super) fn set(&mut self, levels: &[i16]) {
        self.count = levels.len();
        self.ordered[..levels.len()].copy_from_slice(levels);
    }

    /// What a decoder makes of them.
    pub(super) fn restore(&self, steps: &Steps, size: Size, to: &mut [i16]) {
        to[..size.samples()].fill(0);
        for (level, place) in self.coded().iter().zip(scan::places(size)) {
            let at = usize::from(place.at);
            let magnitude = steps.restore(at, i32::from(level.unsigned_abs()));
            to[at] = (magnitude * i32::from(level.signum())) as i16;
        }
    }

    /// What the signs and sizes are to the neighbours: the sum of levels, and the constant's sign.
    pub(super) fn trace(&self) -> (u8, u8) {
        let sum: u32 = self
            .coded()
            .iter()
            .map(|level| u32::from(level.unsigned_abs()))
            .sum();
        let sign = match self.coded().first().map_or(0, |level| level.signum()) {
            0 => 0,
            ..0 => 1,
            1.. => 2,
        };
        (sum.min(63) as u8, sign)
    }
}

/// What a 512th of a bit is worth in squared errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lambda(pub(super) i64);

impl Lambda {
    #[inline(always)]
    pub(super) const fn total(self, rate: u32, error: i64) -> i64 {
        (error << 9) + self.0 * rate as i64
    }
}

/// One value of a level.
#[derive(Debug, Clone, Copy)]
struct Choice {
    level: i32,
    rate: u32,
    /// The error beside that of zero.
    error: i64,
    total: i64,
}

/// The state of one block's choice.
struct Search<'a> {
    steps: &'a Steps,
    costs: LevelCosts<'a>,
    lambda: Lambda,
    coefficients: &'a [i16],
    around: [u8; LEVELS],
}

/// Levels of a block.
pub(super) fn quantise(
    coefficients: &[i16],
    (steps, lambda): (&Steps, Lambda),
    (costs, context): (LevelCosts<'_>, Context),
    to: &mut Levels,
) {
    let places = scan::places(context.size);
    let mut zero_error = 0;
    to.count = 0;
    for (at, (place, level)) in places.iter().zip(&mut to.ordered).enumerate() {
        let from = usize::from(place.at);
        let magnitude = i32::from(coefficients[from]).abs();
        zero_error += steps.error(from, magnitude);
        *level = ((magnitude as u32 * steps.scales[from].1 + (1 << 15)) >> 16) as i16;
        if *level > 0 {
            // What does not fit into 16 bits is not restored the same by all decoders.
            if steps.restore(from, i32::from(*level)) > i32::from(i16::MAX) {
                *level -= 1;
            }
            to.count = at + 1;
        }
    }
    to.rate = costs.all_zero(true);
    to.error = zero_error;
    if to.count == 0 {
        return;
    }
    let mut search = Search {
        steps,
        costs,
        lambda,
        coefficients,
        around: [0; LEVELS],
    };
    let (total, rate, error) = search.run(places, to);
    let any = costs.all_zero(false);
    if total + lambda.0 * i64::from(any) >= lambda.0 * i64::from(to.rate) {
        to.count = 0;
        return;
    }
    to.rate = rate + any;
    to.error = zero_error + error;
    for (level, place) in to.ordered[..to.count].iter_mut().zip(places) {
        if coefficients[usize::from(place.at)] < 0 {
            *level = -*level;
        }
    }
}

impl Search<'_> {
    /// From the last level to the first: each as it is or one less, and whether all after it are left out.
    fn run(&mut self, places: &[scan::Place], to: &mut Levels) -> (i64, u32, i64) {
        let mut end = to.count - 1;
        let (mut total, mut rate, mut error) = (i64::MAX, 0, 0);
        for at in (0..to.count).rev() {
            let place = places[at];
            let level = i32::from(to.ordered[at]);
            if at < end {
                let chosen = self.middle(at, place, level);
                total += chosen.total;
                rate += chosen.rate;
                error += chosen.error;
                to.ordered[at] = chosen.level as i16;
                self.around[usize::from(place.level)] = seen(chosen.level);
            }
            if level > 0 {
                let last = self.last(at, place, level);
                if last.total < total {
                    (total, rate, error) = (last.total, last.rate, last.error);
                    for place in &places[at + 1..=end] {
                        self.around[usize::from(place.level)] = 0;
                    }
                    end = at;
                    to.ordered[at] = last.level as i16;
                    self.around[usize::from(place.level)] = seen(last.level);
                }
            }
        }
        to.count = end + 1;
        (total, rate, error)
    }

    fn middle(&self, at: usize, place: scan::Place, level: i32) -> Choice {
        let (base, more) = self.costs.rows(place, &self.around);
        if level == 0 {
            return self.choice((at, place), 0, base[0].into());
        }
        let one = |level: i32| {
            let rate = u32::from(base[level.min(3) as usize]) + beyond(level, more);
            self.choice((at, place), level, rate)
        };
        better(one(level), one(level - 1))
    }

    fn last(&self, at: usize, place: scan::Place, level: i32) -> Choice {
        let (base, more) = self.costs.end_rows(at, place);
        let count = self.costs.count(at + 1);
        let one = |level: i32| {
            let rate = count + u32::from(base[level.min(3) as usize - 1]) + beyond(level, more);
            self.choice((at, place), level, rate)
        };
        if level > 1 {
            better(one(level), one(level - 1))
        } else {
            one(level)
        }
    }

    #[inline(always)]
    fn choice(&self, (at, place): (usize, scan::Place), level: i32, rate: u32) -> Choice {
        let from = usize::from(place.at);
        let coefficient = i32::from(self.coefficients[from]);
        let (rate, error) = if level == 0 {
            (rate, 0)
        } else {
            let left = coefficient.abs() - self.steps.restore(from, level);
            (
                rate + self.costs.sign(at, coefficient < 0),
                self.steps.error(from, left) - self.steps.error(from, coefficient),
            )
        };
        Choice {
            level,
            rate,
            error,
            total: self.lambda.total(rate, error),
        }
    }
}

#[inline(always)]
fn better(a: Choice, b: Choice) -> Choice {
    if b.total < a.total { b } else { a }
}
