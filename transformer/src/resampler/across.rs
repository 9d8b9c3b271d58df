//! The horizontal half: a row with fraction bits comes in, a row of bytes of the new width goes out.

use std::ops::Range;

use super::down::LINE_BITS;
use super::weights::{WEIGHT_BITS, Weights};
use crate::lanes::{I16x8, I32x4};

/// Columns that are added up at a time.
pub(super) const TAPS_STEP: usize = 8;
/// Samples of the result that are made at a time.
const WANTED_STEP: usize = 4;

/// The weights of all columns, by where they begin in the columns that are held.
#[derive(Debug, Clone)]
pub(super) struct Across {
    columns: Range<usize>,
    /// Whole steps: what is past the last sample wanted weighs nothing.
    starts: Vec<[usize; WANTED_STEP]>,
    steps: usize,
    weights: Vec<[i16; TAPS_STEP]>,
}

impl Across {
    pub(super) fn new(weights: &Weights) -> Self {
        let first = weights.starts.iter().min().copied().unwrap_or(0);
        let last = weights.starts.iter().max().copied().unwrap_or(0);
        let steps = weights.taps / TAPS_STEP;
        let wanted = weights.starts.len().next_multiple_of(WANTED_STEP);
        let mut starts: Vec<usize> = weights.starts.iter().map(|start| start - first).collect();
        starts.resize(wanted, 0);
        let mut values = weights.values.as_chunks().0.to_vec();
        values.resize(wanted * steps, [0; TAPS_STEP]);
        Self {
            columns: first..last + weights.taps,
            starts: starts.as_chunks().0.to_vec(),
            steps,
            weights: values,
        }
    }

    /// The columns of the source that are looked at; the last may be past its end, and weigh nothing.
    pub(super) fn columns(&self) -> Range<usize> {
        self.columns.clone()
    }

    /// Write a row; `line` holds the columns that are looked at.
    pub(super) fn write(&self, line: &[[i16; 16]], out: &mut [u8]) {
        let line = line.as_flattened();
        let (fours, rest) = out.as_chunks_mut::<WANTED_STEP>();
        match self.steps {
            1 => self.write_fours(line, fours, weighted::<1>),
            2 => self.write_fours(line, fours, weighted::<2>),
            3 => self.write_fours(line, fours, weighted::<3>),
            _ => self.write_fours(line, fours, weighted_by_any),
        }
        if let Some(starts) = self.starts.get(fours.len())
            && !rest.is_empty()
        {
            let from = fours.len() * WANTED_STEP * self.steps;
            let last = four(line, starts, &self.weights[from..], weighted_by_any);
            rest.copy_from_slice(&last[..rest.len()]);
        }
    }

    #[inline(always)]
    fn write_fours(&self, line: &[i16], fours: &mut [[u8; WANTED_STEP]], weighted: impl Weighted) {
        let groups = self.weights.chunks_exact(self.steps * WANTED_STEP);
        for ((out, starts), weights) in fours.iter_mut().zip(&self.starts).zip(groups) {
            *out = four(line, starts, weights, weighted);
        }
    }
}

/// Multiplies samples by weights, of which there may be more than are wanted, and adds up to four lanes.
trait Weighted: Fn(&[i16], &[[i16; TAPS_STEP]]) -> I32x4 + Copy {}

impl<F: Fn(&[i16], &[[i16; TAPS_STEP]]) -> I32x4 + Copy> Weighted for F {}

/// Four samples of the result; `weights` are theirs, and maybe others behind.
#[inline(always)]
fn four(
    line: &[i16],
    starts: &[usize; WANTED_STEP],
    weights: &[[i16; TAPS_STEP]],
    weighted: impl Weighted,
) -> [u8; WANTED_STEP] {
    const SHIFT: u32 = WEIGHT_BITS + LINE_BITS;
    let half = I32x4::splat(1 << (SHIFT - 1));
    let sums = [
        one::<0>(line, starts, weights, weighted),
        one::<1>(line, starts, weights, weighted),
        one::<2>(line, starts, weights, weighted),
        one::<3>(line, starts, weights, weighted),
    ];
    I32x4::totals(sums).add(half).shr::<SHIFT>().bytes()
}

/// The sums of sample `INDEX` of four. Not a closure, which would stay a call of its own.
#[inline(always)]
fn one<const INDEX: usize>(
    line: &[i16],
    starts: &[usize; WANTED_STEP],
    weights: &[[i16; TAPS_STEP]],
    weighted: impl Weighted,
) -> I32x4 {
    let steps = weights.len() / WANTED_STEP;
    weighted(&line[starts[INDEX]..], &weights[INDEX * steps..][..steps])
}

/// With a number of steps that is known: no loop is left.
#[inline(always)]
fn weighted<const STEPS: usize>(samples: &[i16], weights: &[[i16; TAPS_STEP]]) -> I32x4 {
    let samples = &samples.as_chunks::<TAPS_STEP>().0[..STEPS];
    let weights = &weights[..STEPS];
    let mut sum = I32x4::splat(0);
    for step in 0..STEPS {
        sum = sum.add(I16x8::new(samples[step]).dot(I16x8::new(weights[step])));
    }
    sum
}

#[inline(always)]
fn weighted_by_any(samples: &[i16], weights: &[[i16; TAPS_STEP]]) -> I32x4 {
    let samples = samples.as_chunks::<TAPS_STEP>().0;
    let mut sum = I32x4::splat(0);
    for (samples, weights) in samples.iter().zip(weights) {
        sum = sum.add(I16x8::new(*samples).dot(I16x8::new(*weights)));
    }
    sum
}
