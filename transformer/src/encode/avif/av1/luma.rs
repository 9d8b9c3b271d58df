//! The choice of a block's luma: modes by their transformed residuals first, the best of them with all
//! their bits and errors.

use super::block::{has_deltas, mode_cost, waves_cost};
use super::coefficients::LevelCosts;
use super::edges::Edges;
use super::frame::{self, Place};
use super::modes::Mode;
use super::predict::{BLOCK_MAX, predict};
use super::quantise::quantise;
use super::satd::satd;
use super::tile::TileCoder;
use super::transform::{self, SAMPLES_MAX, Size, Waves};

/// What was chosen; its levels are the scratch's best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Luma {
    pub(super) mode: Mode,
    pub(super) delta: i8,
    pub(super) waves: Waves,
    /// What the mode costs, without that of the levels.
    pub(super) mode_rate: u32,
    /// Rate of the levels, and of the transform.
    pub(super) rate: u32,
    pub(super) error: i64,
}

/// A mode that may be chosen.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    mode: Mode,
    delta: i8,
    rate: u32,
    score: u64,
}

/// How many candidates there can be: all modes, and angles of two of them.
const CANDIDATES_MAX: usize = 13 + 2 * 6;

/// What a bit counts beside a transformed residual, in 1,024ths of a step.
const BIT_WEIGHT: u64 = 47;

/// Candidates, the best first.
struct Ranking {
    list: [Candidate; CANDIDATES_MAX],
    count: usize,
}

impl Ranking {
    fn insert(&mut self, candidate: Candidate) {
        let at = self.list[..self.count].partition_point(|other| other.score <= candidate.score);
        let end = (self.count + 1).min(CANDIDATES_MAX);
        if at < end {
            self.list.copy_within(at..end - 1, at + 1);
            self.list[at] = candidate;
            self.count = end;
        }
    }
}

/// A block's samples, and those around it.
type From<'a> = (&'a [u8], &'a Edges);

impl TileCoder<'_> {
    pub(super) fn luma(&mut self, place: Place, mode_context: usize) -> Luma {
        let size = place.size;
        let mut work = Work::new();
        let mut source = [0; BLOCK_MAX];
        self.source[0].copy_out(place.origin(0), size, &mut source);
        let mut edges = frame::edges(&self.recon[0], 0, place, &self.tile);
        edges.smooth = self.above[place.column].mode.is_smooth()
            || self.left[place.row % frame::UNITS].mode.is_smooth();
        let ranking = self.rank((&source, &edges), size, mode_context, &mut work);
        let mut best = None;
        let wanted = self.effort.modes.min(ranking.count);
        for candidate in &ranking.list[..wanted] {
            self.try_mode((&source, &edges), place, *candidate, &mut work, &mut best);
        }
        if !self.effort.all_waves
            && let Some((_, chosen)) = best
        {
            self.try_other_waves((&source, &edges), place, chosen, &mut work, &mut best);
        }
        let (_, chosen) = best.unwrap_or((
            0,
            Luma {
                mode: Mode::Constant,
                delta: 0,
                waves: Waves::COSINES,
                mode_rate: 0,
                rate: 0,
                error: 0,
            },
        ));
        self.reconstruct_luma(&edges, place, &chosen, &mut work);
        chosen
    }

    fn rank(&self, from: From<'_>, size: Size, context: usize, work: &mut Work) -> Ranking {
        let mut ranking = Ranking {
            list: [Candidate {
                mode: Mode::Constant,
                delta: 0,
                rate: 0,
                score: 0,
            }; CANDIDATES_MAX],
            count: 0,
        };
        for mode in Mode::LUMA {
            ranking.insert(self.score(from, size, context, (mode, 0), work));
        }
        if self.effort.deltas && has_deltas(size) {
            let slanting = ranking.list[..ranking.count]
                .iter()
                .filter(|c| c.mode.is_directional());
            let mut best = [Mode::Vertical; 2];
            for (to, from) in best.iter_mut().zip(slanting) {
                *to = from.mode;
            }
            for mode in best {
                for delta in [-3, -2, -1, 1, 2, 3] {
                    ranking.insert(self.score(from, size, context, (mode, delta), work));
                }
            }
        }
        ranking
    }

    fn score(
        &self,
        (source, edges): From<'_>,
        size: Size,
        context: usize,
        (mode, delta): (Mode, i8),
        work: &mut Work,
    ) -> Candidate {
        predict(edges, size, mode, delta, &mut work.prediction);
        work.subtract_from(source, size);
        let rate = mode_cost(&self.costs, context, size, mode, delta);
        let bits = u64::from(rate) * u64::from(self.quality.step) * BIT_WEIGHT;
        Candidate {
            mode,
            delta,
            rate,
            score: (u64::from(satd(&work.residuals, size)) << 9) + (bits >> 10),
        }
    }

    fn try_mode(
        &mut self,
        (source, edges): From<'_>,
        place: Place,
        candidate: Candidate,
        work: &mut Work,
        best: &mut Option<(i64, Luma)>,
    ) {
        let prediction = &mut work.prediction;
        predict(
            edges,
            place.size,
            candidate.mode,
            candidate.delta,
            prediction,
        );
        work.subtract_from(source, place.size);
        let luma = Luma {
            mode: candidate.mode,
            delta: candidate.delta,
            waves: Waves::COSINES,
            mode_rate: candidate.rate,
            rate: 0,
            error: 0,
        };
        self.try_waves(&work.residuals, place, luma, best);
        if self.effort.all_waves && has_sines(place.size) {
            for waves in [Waves::SINES, Waves::SINE_COSINE, Waves::COSINE_SINE] {
                self.try_waves(&work.residuals, place, Luma { waves, ..luma }, best);
            }
        }
    }

    fn try_other_waves(
        &mut self,
        (source, edges): From<'_>,
        place: Place,
        chosen: Luma,
        work: &mut Work,
        best: &mut Option<(i64, Luma)>,
    ) {
        if self.scratch.best.count == 0 || !has_sines(place.size) {
            return;
        }
        predict(
            edges,
            place.size,
            chosen.mode,
            chosen.delta,
            &mut work.prediction,
        );
        work.subtract_from(source, place.size);
        for waves in [Waves::SINES, Waves::SINE_COSINE, Waves::COSINE_SINE] {
            self.try_waves(&work.residuals, place, Luma { waves, ..chosen }, best);
        }
    }

    fn try_waves(
        &mut self,
        residuals: &[i16],
        place: Place,
        mut luma: Luma,
        best: &mut Option<(i64, Luma)>,
    ) {
        let size = place.size;
        let coefficients = &mut self.scratch.coefficients;
        transform::forward(residuals, size, luma.waves, coefficients);
        let coefficients = &self.scratch.coefficients;
        let context = self.contexts_of_luma(place);
        let costs = LevelCosts::new(&self.costs, context);
        let steps = self.quality.quantisers[0].steps(size);
        let lambda = self.quality.lambda;
        let trial = &mut self.scratch.trial;
        quantise(coefficients, steps, (costs, context), lambda, trial);
        luma.rate = trial.rate;
        luma.error = trial.error;
        if trial.count > 0 {
            luma.rate += waves_cost(&self.costs, size, luma.mode, luma.waves);
        }
        let total = lambda.total(luma.mode_rate + luma.rate, luma.error);
        if best.is_none_or(|(least, _)| total < least) {
            *best = Some((total, luma));
            std::mem::swap(&mut self.scratch.trial, &mut self.scratch.best);
        }
    }

    fn reconstruct_luma(&mut self, edges: &Edges, place: Place, luma: &Luma, work: &mut Work) {
        let size = place.size;
        let samples = &mut work.prediction;
        predict(edges, size, luma.mode, luma.delta, samples);
        let steps = self.quality.quantisers[0].steps(size);
        add_restored(&self.scratch.best, steps, (size, luma.waves), samples);
        self.recon[0].copy_in(place.origin(0), size, samples);
    }
}

const fn has_sines(size: Size) -> bool {
    size.width_log < 5 && size.height_log < 5
}

/// Add what a decoder makes of levels to a prediction.
pub(super) fn add_restored(
    levels: &super::quantise::Levels,
    steps: &super::quantise::Steps,
    (size, waves): (Size, Waves),
    samples: &mut [u8],
) {
    if levels.count == 0 {
        return;
    }
    let mut coefficients = [0; SAMPLES_MAX];
    levels.restore(steps, size, &mut coefficients);
    let mut residuals = [0; SAMPLES_MAX];
    transform::inverse(&coefficients, size, waves, &mut residuals);
    for (sample, residual) in samples.iter_mut().zip(&residuals[..size.samples()]) {
        *sample = i16::from(*sample).saturating_add(*residual).clamp(0, 255) as u8;
    }
}

/// Samples and residuals of a block, used again for each mode.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) prediction: [u8; BLOCK_MAX],
    pub(super) residuals: [i16; SAMPLES_MAX],
}

impl Work {
    pub(super) const fn new() -> Self {
        Self {
            prediction: [0; BLOCK_MAX],
            residuals: [0; SAMPLES_MAX],
        }
    }

    /// Take what the prediction leaves.
    #[inline]
    pub(super) fn subtract_from(&mut self, source: &[u8], size: Size) {
        let residuals = self.residuals[..size.samples()].iter_mut();
        for ((residual, source), prediction) in residuals.zip(source).zip(&self.prediction) {
            *residual = i16::from(*source) - i16::from(*prediction);
        }
    }
}
