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

/// The samples around a block, and its own.
type On<'a> = (&'a Edges, &'a mut Work);
/// The least total yet, and whose it is.
type Best = Option<(i64, Luma)>;

impl TileCoder<'_> {
    pub(super) fn luma(&mut self, place: Place, mode_context: usize) -> Luma {
        let size = place.size;
        let mut work = Work::new();
        self.source[0].copy_out(place.origin(0), size, &mut work.source);
        let mut edges = frame::edges(&self.recon[0], 0, place, &self.tile);
        edges.smooth = self.above[place.column].mode.is_smooth()
            || self.left[place.row % frame::UNITS].mode.is_smooth();
        let ranking = self.rank((&edges, &mut work), (size, mode_context));
        let mut best = None;
        let wanted = self.effort.modes.min(ranking.count);
        for candidate in &ranking.list[..wanted] {
            self.try_mode((&edges, &mut work), (place, *candidate), &mut best);
        }
        if !self.effort.all_waves
            && let Some((_, chosen)) = best
        {
            self.try_other_waves((&edges, &mut work), (place, chosen), &mut best);
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
        self.reconstruct_luma((&edges, &mut work), place, &chosen);
        chosen
    }

    fn rank(&self, (edges, work): On<'_>, (size, context): (Size, usize)) -> Ranking {
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
            ranking.insert(self.score((edges, &mut *work), (size, context), (mode, 0)));
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
                    ranking.insert(self.score((edges, &mut *work), (size, context), (mode, delta)));
                }
            }
        }
        ranking
    }

    fn score(
        &self,
        (edges, work): On<'_>,
        (size, context): (Size, usize),
        (mode, delta): (Mode, i8),
    ) -> Candidate {
        predict(edges, size, (mode, delta), &mut work.prediction);
        work.subtract(size);
        let rate = mode_cost(&self.costs, context, size, (mode, delta));
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
        (edges, work): On<'_>,
        (place, candidate): (Place, Candidate),
        best: &mut Best,
    ) {
        let prediction = &mut work.prediction;
        predict(
            edges,
            place.size,
            (candidate.mode, candidate.delta),
            prediction,
        );
        work.subtract(place.size);
        let luma = Luma {
            mode: candidate.mode,
            delta: candidate.delta,
            waves: Waves::COSINES,
            mode_rate: candidate.rate,
            rate: 0,
            error: 0,
        };
        self.try_waves(&work.residuals, place, (luma, &mut *best));
        if self.effort.all_waves && has_sines(place.size) {
            for waves in [Waves::SINES, Waves::SINE_COSINE, Waves::COSINE_SINE] {
                self.try_waves(&work.residuals, place, (Luma { waves, ..luma }, &mut *best));
            }
        }
    }

    fn try_other_waves(
        &mut self,
        (edges, work): On<'_>,
        (place, chosen): (Place, Luma),
        best: &mut Best,
    ) {
        if self.scratch.best.count == 0 || !has_sines(place.size) {
            return;
        }
        predict(
            edges,
            place.size,
            (chosen.mode, chosen.delta),
            &mut work.prediction,
        );
        work.subtract(place.size);
        for waves in [Waves::SINES, Waves::SINE_COSINE, Waves::COSINE_SINE] {
            self.try_waves(
                &work.residuals,
                place,
                (Luma { waves, ..chosen }, &mut *best),
            );
        }
    }

    fn try_waves(&mut self, residuals: &[i16], place: Place, (mut luma, best): (Luma, &mut Best)) {
        let size = place.size;
        let coefficients = &mut self.scratch.coefficients;
        transform::forward(residuals, size, luma.waves, coefficients);
        let coefficients = &self.scratch.coefficients;
        let context = self.contexts_of_luma(place);
        let costs = LevelCosts::new(&self.costs, context);
        let steps = self.quality.quantisers[0].steps(size);
        let lambda = self.quality.lambda;
        let trial = &mut self.scratch.trial;
        quantise(coefficients, (steps, lambda), (costs, context), trial);
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

    fn reconstruct_luma(&mut self, (edges, work): On<'_>, place: Place, luma: &Luma) {
        let size = place.size;
        let samples = &mut work.prediction;
        predict(edges, size, (luma.mode, luma.delta), samples);
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
    source: [u8; BLOCK_MAX],
    pub(super) prediction: [u8; BLOCK_MAX],
    pub(super) residuals: [i16; SAMPLES_MAX],
}

impl Work {
    pub(super) const fn new() -> Self {
        Self {
            source: [0; BLOCK_MAX],
            prediction: [0; BLOCK_MAX],
            residuals: [0; SAMPLES_MAX],
        }
    }

    /// Take what the prediction leaves of the block's own samples.
    fn subtract(&mut self, size: Size) {
        let residuals = &mut self.residuals[..size.samples()];
        subtract(&self.source, &self.prediction, residuals);
    }

    /// Take what the prediction leaves of other samples.
    pub(super) fn subtract_from(&mut self, source: &[u8], size: Size) {
        subtract(
            source,
            &self.prediction,
            &mut self.residuals[..size.samples()],
        );
    }
}

#[inline]
fn subtract(from: &[u8], what: &[u8], to: &mut [i16]) {
    for ((to, from), what) in to.iter_mut().zip(from).zip(what) {
        *to = i16::from(*from) - i16::from(*what);
    }
}
