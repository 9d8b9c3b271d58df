//! The horizontal half: a row with fraction bits comes in, a row of bytes of the new width goes out.

use std::ops::Range;

use super::down::LINE_BITS;
use super::weights::{WEIGHT_BITS, Weights};
use crate::lanes::{I16x8, I32x4};

/// Columns that are added up at a time.
pub(super) const TAPS_STEP: usize = 8;
/// Samples of the result that are made at a time.
const WANTED_STEP: usize = 4;
/// How far apart those may begin to be looked at through one window.
const SPREAD_MAX: usize = 31;
/// Samples of a window: as many as the spread, and three steps behind.
const WINDOW: usize = 64;

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
            1 => self.write_fours::<1>(line, fours),
            2 => self.write_fours::<2>(line, fours),
            3 => self.write_fours::<3>(line, fours),
            _ => self.write_fours_by_any(line, fours),
        }
        if let Some(starts) = self.starts.get(fours.len())
            && !rest.is_empty()
        {
            let weights = WANTED_STEP * self.steps;
            let last = four(
                line,
                starts,
                &self.weights[fours.len() * weights..][..weights],
            );
            rest.copy_from_slice(&last[..rest.len()]);
        }
    }

    #[inline(always)]
    fn write_fours<const STEPS: usize>(&self, line: &[i16], fours: &mut [[u8; WANTED_STEP]]) {
        for ((out, starts), weights) in fours.iter_mut().zip(&self.starts).zip(self.groups()) {
            *out = match window(line, starts) {
                Some(window) => four_within::<STEPS>(window, starts, weights),
                None => four(line, starts, weights),
            };
        }
    }

    fn write_fours_by_any(&self, line: &[i16], fours: &mut [[u8; WANTED_STEP]]) {
        for ((out, starts), weights) in fours.iter_mut().zip(&self.starts).zip(self.groups()) {
            *out = four(line, starts, weights);
        }
    }

    /// The weights of four samples of the result at a time.
    fn groups(&self) -> std::slice::ChunksExact<'_, [i16; TAPS_STEP]> {
        self.weights.chunks_exact(self.steps * WANTED_STEP)
    }
}

/// The samples around those that four of the result look at: one check for all that follows. `None` near the
/// end of the line, and where the four are too far apart.
#[inline(always)]
fn window<'a>(line: &'a [i16], starts: &[usize; WANTED_STEP]) -> Option<&'a [i16; WINDOW]> {
    let spread = starts[WANTED_STEP - 1].wrapping_sub(starts[0]);
    let window = line.get(starts[0]..)?.first_chunk()?;
    (spread <= SPREAD_MAX).then_some(window)
}

/// Four samples of the result, with a number of steps that is known: no loop is left, and nothing to check.
#[inline(always)]
fn four_within<const STEPS: usize>(
    window: &[i16; WINDOW],
    starts: &[usize; WANTED_STEP],
    weights: &[[i16; TAPS_STEP]],
) -> [u8; WANTED_STEP] {
    let mut sums = [I32x4::splat(0); WANTED_STEP];
    let (weights, _) = weights.as_chunks::<STEPS>();
    for ((sum, start), weights) in sums.iter_mut().zip(starts).zip(weights) {
        let from = start.wrapping_sub(starts[0]) & SPREAD_MAX;
        let samples = window[from..].as_chunks::<TAPS_STEP>().0;
        for (samples, weights) in samples.iter().zip(weights) {
            *sum = sum.add(I16x8::new(*samples).dot(I16x8::new(*weights)));
        }
    }
    finished(sums)
}

/// Four samples of the result, whatever their number of steps; `weights` are theirs.
fn four(
    line: &[i16],
    starts: &[usize; WANTED_STEP],
    weights: &[[i16; TAPS_STEP]],
) -> [u8; WANTED_STEP] {
    let mut sums = [I32x4::splat(0); WANTED_STEP];
    let steps = weights.len() / WANTED_STEP;
    for ((sum, &start), weights) in sums.iter_mut().zip(starts).zip(weights.chunks_exact(steps)) {
        let samples = line[start..].as_chunks::<TAPS_STEP>().0;
        for (samples, weights) in samples.iter().zip(weights) {
            *sum = sum.add(I16x8::new(*samples).dot(I16x8::new(*weights)));
        }
    }
    finished(sums)
}

/// The sums without their fraction bits.
#[inline(always)]
fn finished(sums: [I32x4; WANTED_STEP]) -> [u8; WANTED_STEP] {
    const SHIFT: u32 = WEIGHT_BITS + LINE_BITS;
    let half = I32x4::splat(1 << (SHIFT - 1));
    I32x4::totals(sums).add(half).shr::<SHIFT>().bytes()
}
