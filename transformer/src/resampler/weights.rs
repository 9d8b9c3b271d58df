//! How much each sample counts: an axis comes in, for every sample of the result its first neighbour and
//! their weights go out. The weights of a sample add up to one exactly, so that flat stays flat.

use std::ops::Range;

use super::{Axis, Samples};

/// Lobes of the kernel to either side.
pub(super) const LOBES: f64 = 3.0;
/// Fraction bits of a weight. The kernel's largest is one, which just fits into 16 bits with them.
pub(super) const WEIGHT_BITS: u32 = 14;

/// Weights along one axis.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// Per sample of the result, the first sample that it looks at.
    pub(super) starts: Vec<usize>,
    /// Samples that each looks at; those behind the last that counts weigh nothing.
    pub(super) taps: usize,
    /// `taps` for each sample of the result.
    pub(super) values: Vec<i16>,
}

impl Weights {
    /// For `axis`, with a number of taps that `step` divides.
    pub(super) fn new(axis: Axis, step: usize) -> Self {
        let kernel = Kernel::new(axis);
        let longest = (0..axis.wanted)
            .map(|index| kernel.reach(index).len())
            .max()
            .unwrap_or(1);
        let taps = longest.next_multiple_of(step);
        let mut weights = Self {
            starts: Vec::with_capacity(axis.wanted),
            taps,
            values: vec![0; axis.wanted * taps],
        };
        let mut parts = Vec::with_capacity(longest);
        for (index, values) in weights.values.chunks_exact_mut(taps).enumerate() {
            kernel.weigh(index, &mut parts);
            round(&parts, values);
            weights.starts.push(kernel.reach(index).start);
        }
        weights
    }
}

/// The kernel along an axis, with what its samples tell.
struct Kernel {
    axis: Axis,
    /// Samples of the axis for which one is stored: two of halves.
    finer: usize,
    /// Finer samples in one of the result, and how far the kernel is stretched.
    ratio: f64,
    stretch: f64,
}

impl Kernel {
    fn new(axis: Axis) -> Self {
        let finer = if axis.samples == Samples::Halves {
            2
        } else {
            1
        };
        let ratio = axis.ratio() * finer as f64;
        Self {
            axis,
            finer,
            ratio,
            stretch: ratio.max(1.0),
        }
    }

    /// Where a sample of the result lies, and the finer samples that it looks at.
    fn place(&self, index: usize) -> (f64, Range<usize>) {
        let support = LOBES * self.stretch;
        let start = self.axis.span.start * self.finer as f64;
        let centre = start + (index as f64 + 0.5) * self.ratio;
        let available = self.axis.available * self.finer;
        let first = ((centre - support).max(0.0) as usize).min(available - 1);
        let last = ((centre + support).ceil() as usize).min(available);
        (centre, first..last.max(first + 1))
    }

    /// The stored samples that a sample of the result looks at.
    fn reach(&self, index: usize) -> Range<usize> {
        let (_, finer) = self.place(index);
        if self.finer == 1 {
            return finer;
        }
        let last = (finer.end / 2 + 1).min(self.axis.available);
        finer.start.saturating_sub(1) / 2..last
    }

    /// What each of those weighs.
    fn weigh(&self, index: usize, weights: &mut Vec<f64>) {
        let (centre, finer) = self.place(index);
        let nearest = (finer.start as f64 + 0.5 - centre) / self.stretch;
        lanczos(nearest, 1.0 / self.stretch, finer.len(), weights);
        match self.axis.samples {
            Samples::Points => {}
            Samples::Means => sharpen(weights),
            Samples::Halves => {
                let reach = self.reach(index);
                let mut stored = vec![0.0; reach.len()];
                for (at, weight) in finer.zip(&*weights) {
                    let nearer = at / 2;
                    let farther = if at % 2 == 0 {
                        nearer.saturating_sub(1)
                    } else {
                        (nearer + 1).min(self.axis.available - 1)
                    };
                    stored[nearer - reach.start] += weight * 0.75;
                    stored[farther - reach.start] += weight * 0.25;
                }
                *weights = stored;
            }
        }
    }
}

/// The kernel at `count` places from `first` on, `step` apart. One sine in all: the others follow by
/// turning, and the sine of three times an angle is a polynomial of the angle's.
fn lanczos(first: f64, step: f64, count: usize, kernel: &mut Vec<f64>) {
    let third = |place: f64| place * std::f64::consts::FRAC_PI_3;
    let (turn_sine, turn_cosine) = third(step).sin_cos();
    let (mut sine, mut cosine) = third(first).sin_cos();
    kernel.clear();
    for index in 0..count {
        let place = first + index as f64 * step;
        let angle = third(place);
        kernel.push(if place.abs() >= LOBES {
            0.0
        } else if angle.abs() < 1e-6 {
            1.0
        } else {
            let whole = sine * (3.0 - 4.0 * sine * sine);
            whole * sine / (3.0 * angle * angle)
        });
        (sine, cosine) = (
            sine * turn_cosine + cosine * turn_sine,
            cosine * turn_cosine - sine * turn_sine,
        );
    }
}

/// Let the kernel give back what means have lost. Of a wave with f periods from one sample to the next, a mean over
/// that width leaves sin(pi f) / (pi f), about 1 - (pi f)^2 / 6; each sample less a 24th of what its neighbours
/// have more lifts it by (1 - cos(2 pi f)) / 12, about (pi f)^2 / 6.
fn sharpen(kernel: &mut [f64]) {
    const PART: f64 = 1.0 / 24.0;
    let mut before = 0.0;
    for at in 0..kernel.len() {
        let here = kernel[at];
        let after = kernel.get(at + 1).copied().unwrap_or(0.0);
        kernel[at] = here + (2.0 * here - before - after) * PART;
        before = here;
    }
}

/// To fixed point, with what rounding takes from one given to the next.
fn round(kernel: &[f64], values: &mut [i16]) {
    let sum: f64 = kernel.iter().sum();
    let unit = f64::from(1 << WEIGHT_BITS);
    let scale = if sum.abs() > 1e-9 { unit / sum } else { 0.0 };
    let (mut total, mut given) = (0.0, 0);
    for (value, weight) in values.iter_mut().zip(kernel) {
        total += weight * scale;
        let upto = (total + 0.5).floor() as i32;
        *value = (upto - given) as i16;
        given = upto;
    }
}
