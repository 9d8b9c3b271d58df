//! How much each sample counts: an axis comes in, for every sample of the result its first neighbour and
//! their weights go out. The weights of a sample add up to one exactly, so that flat stays flat.

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
        let ratio = axis.ratio();
        let stretch = ratio.max(1.0);
        let support = LOBES * stretch;
        let bounds = |index: usize| {
            let centre = axis.span.start + (index as f64 + 0.5) * ratio;
            let first = (centre - support).max(0.0) as usize;
            let last = ((centre + support).ceil() as usize).min(axis.available);
            let first = first.min(axis.available - 1);
            (centre, first, last.max(first + 1))
        };
        let longest = (0..axis.wanted)
            .map(|index| bounds(index).2 - bounds(index).1)
            .max()
            .unwrap_or(1);
        let taps = longest.next_multiple_of(step);
        let mut weights = Self {
            starts: Vec::with_capacity(axis.wanted),
            taps,
            values: vec![0; axis.wanted * taps],
        };
        let mut kernel = Vec::with_capacity(longest);
        for (index, values) in weights.values.chunks_exact_mut(taps).enumerate() {
            let (centre, first, last) = bounds(index);
            let nearest = (first as f64 + 0.5 - centre) / stretch;
            lanczos(nearest, 1.0 / stretch, last - first, &mut kernel);
            if axis.samples == Samples::Means {
                sharpen(&mut kernel);
            }
            round(&kernel, values);
            weights.starts.push(first);
        }
        weights
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
