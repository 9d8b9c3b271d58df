//! The choice of a block's chroma, for both planes at once.

use super::block::{Chroma, chroma_cost};
use super::coefficients::{Context, LevelCosts};
use super::edges::Edges;
use super::frame::{self, Place, UNITS};
use super::luma::{Luma, Work, add_restored};
use super::modes::Mode;
use super::predict::{BLOCK_MAX, predict};
use super::quantise::{Levels, quantise};
use super::satd::satd;
use super::tile::TileCoder;
use super::transform::{self, Size};

/// The largest block of chroma.
const CHROMA_MAX: usize = 256;
/// The largest share of luma, in eighths.
const ALPHA_MAX: i64 = 16;

/// One plane's levels.
#[derive(Debug, Clone)]
pub(super) struct PlaneLevels {
    pub(super) levels: Vec<i16>,
    pub(super) trace: (u8, u8),
}

/// What was chosen.
#[derive(Debug, Clone)]
pub(super) struct ChosenChroma {
    pub(super) chroma: Chroma,
    pub(super) planes: [PlaneLevels; 2],
    pub(super) mode_rate: u32,
    pub(super) rate: u32,
    pub(super) error: i64,
}

/// What is known of both planes before a mode is chosen.
struct Planes {
    size: Size,
    sources: [[u8; CHROMA_MAX]; 2],
    edges: [Edges; 2],
    /// Luma less its mean, in eighths.
    luma: [i16; CHROMA_MAX],
}

impl TileCoder<'_> {
    /// Choose and reconstruct the chroma of a block whose luma stands.
    pub(super) fn chroma(
        &mut self,
        block: Place,
        luma: &Luma,
        contexts: [Context; 2],
    ) -> ChosenChroma {
        let planes = self.planes(block.of_chroma());
        let alphas = planes.alphas();
        let mut candidates = self.rank_chroma(block.size, &planes, luma);
        candidates.truncate(self.effort.chroma_modes);
        if alphas != [0, 0] {
            let chroma = Chroma {
                mode: Mode::FromLuma,
                delta: 0,
                alphas,
            };
            candidates.push((0, chroma));
        }
        let mut best: Option<(i64, ChosenChroma)> = None;
        for (_, chroma) in candidates {
            let tried = self.try_chroma((block.size, luma.mode), &planes, (chroma, contexts));
            let rate = tried.mode_rate + tried.rate;
            let total = self.quality.lambda.total(rate, tried.error);
            if best.as_ref().is_none_or(|(least, _)| total < *least) {
                best = Some((total, tried));
            }
        }
        let constant = Chroma {
            mode: Mode::Constant,
            delta: 0,
            alphas: [0, 0],
        };
        let chosen = match best {
            Some((_, chosen)) => chosen,
            None => self.try_chroma((block.size, luma.mode), &planes, (constant, contexts)),
        };
        self.reconstruct_chroma(block.of_chroma(), &planes, &chosen);
        chosen
    }

    fn planes(&self, place: Place) -> Planes {
        let size = place.plane_size(1);
        let smooth = self.above[place.column | 1].chroma_mode.is_smooth()
            || self.left[(place.row | 1) % UNITS].chroma_mode.is_smooth();
        let mut sources = [[0; CHROMA_MAX]; 2];
        for (plane, source) in sources.iter_mut().enumerate() {
            self.source[plane + 1].copy_out(place.origin(1), size, source);
        }
        let edges = std::array::from_fn(|plane| {
            let mut edges = frame::edges(&self.recon[plane + 1], plane + 1, place, &self.tile);
            edges.smooth = smooth;
            edges
        });
        let mut luma = [0; CHROMA_MAX];
        self.luma_of_chroma(place, size, &mut luma);
        Planes {
            size,
            sources,
            edges,
            luma,
        }
    }

    /// Luma's samples in fours, less their mean (AV1 specification, 7.11.5).
    fn luma_of_chroma(&self, place: Place, size: Size, to: &mut [i16; CHROMA_MAX]) {
        let (x, y) = place.origin(0);
        let mut sum = 0;
        for (row, to) in to
            .chunks_exact_mut(size.width())
            .take(size.height())
            .enumerate()
        {
            let upper = self.recon[0].row(x, y + row * 2).as_chunks::<2>().0;
            let lower = self.recon[0].row(x, y + row * 2 + 1).as_chunks::<2>().0;
            for ((to, upper), lower) in to.iter_mut().zip(upper).zip(lower) {
                let four = upper
                    .iter()
                    .chain(lower)
                    .map(|sample| i16::from(*sample))
                    .sum::<i16>();
                *to = four * 2;
                sum += i32::from(*to);
            }
        }
        let count = size.samples() as i32;
        let mean = ((sum + count / 2) / count) as i16;
        for sample in &mut to[..size.samples()] {
            *sample -= mean;
        }
    }

    fn rank_chroma(&self, size: Size, planes: &Planes, luma: &Luma) -> Vec<(u64, Chroma)> {
        const MODES: [Mode; 5] = [
            Mode::Constant,
            Mode::Vertical,
            Mode::Horizontal,
            Mode::Smooth,
            Mode::Paeth,
        ];
        let mut work = Work::new();
        let one = |(mode, delta)| {
            let chroma = Chroma {
                mode,
                delta,
                alphas: [0, 0],
            };
            let errors: u32 = (0..2)
                .map(|plane| {
                    planes.predict(plane, chroma, &mut work.prediction);
                    work.subtract_from(&planes.sources[plane], planes.size);
                    satd(&work.residuals, planes.size)
                })
                .sum();
            let rate = chroma_cost(&self.costs, size, luma.mode, chroma);
            let bits = u64::from(rate) * u64::from(self.quality.step) * 47;
            ((u64::from(errors) << 9) + (bits >> 10), chroma)
        };
        let same = (luma.mode, luma.delta);
        let others = MODES
            .map(|mode| (mode, 0))
            .into_iter()
            .filter(|other| *other != same);
        let mut ranked: Vec<_> = std::iter::once(same).chain(others).map(one).collect();
        ranked.sort_by_key(|(score, _)| *score);
        ranked
    }

    fn try_chroma(
        &mut self,
        (size, luma): (Size, Mode),
        planes: &Planes,
        (chroma, contexts): (Chroma, [Context; 2]),
    ) -> ChosenChroma {
        let waves = chroma.mode.waves(planes.size);
        let steps = self.quality.quantisers[1].steps(planes.size);
        let (mut rate, mut error) = (0, 0);
        let mut work = Work::new();
        let levels = std::array::from_fn(|plane| {
            planes.predict(plane, chroma, &mut work.prediction);
            work.subtract_from(&planes.sources[plane], planes.size);
            let coefficients = &mut self.scratch.coefficients;
            transform::forward(&work.residuals, planes.size, waves, coefficients);
            let costs = LevelCosts::new(&self.costs, contexts[plane]);
            let trial = &mut self.scratch.trial;
            let lambda = self.quality.lambda;
            quantise(
                coefficients,
                (steps, lambda),
                (costs, contexts[plane]),
                trial,
            );
            rate += trial.rate;
            error += trial.error;
            PlaneLevels {
                levels: trial.coded().to_vec(),
                trace: trial.trace(),
            }
        });
        ChosenChroma {
            chroma,
            planes: levels,
            mode_rate: chroma_cost(&self.costs, size, luma, chroma),
            rate,
            error,
        }
    }

    fn reconstruct_chroma(&mut self, place: Place, planes: &Planes, chosen: &ChosenChroma) {
        let waves = chosen.chroma.mode.waves(planes.size);
        let steps = self.quality.quantisers[1].steps(planes.size);
        for plane in 0..2 {
            let mut samples = [0; BLOCK_MAX];
            planes.predict(plane, chosen.chroma, &mut samples);
            let mut levels = Levels::new();
            levels.set(&chosen.planes[plane].levels);
            add_restored(&levels, steps, (planes.size, waves), &mut samples);
            self.recon[plane + 1].copy_in(place.origin(1), planes.size, &samples);
        }
    }
}

impl Planes {
    fn predict(&self, plane: usize, chroma: Chroma, to: &mut [u8]) {
        if chroma.mode != Mode::FromLuma {
            return predict(
                &self.edges[plane],
                self.size,
                (chroma.mode, chroma.delta),
                to,
            );
        }
        predict(&self.edges[plane], self.size, (Mode::Constant, 0), to);
        let alpha = i32::from(chroma.alphas[plane]);
        for (to, luma) in to[..self.size.samples()].iter_mut().zip(&self.luma) {
            let scaled = alpha * i32::from(*luma);
            let rounded = (scaled.abs() + 32) >> 6;
            *to = (i32::from(*to) + rounded * scaled.signum()).clamp(0, 255) as u8;
        }
    }

    /// The shares of luma that leave the least, in eighths.
    fn alphas(&self) -> [i8; 2] {
        let samples = self.size.samples();
        let luma = &self.luma[..samples];
        let energy: i64 = luma.iter().map(|sample| i64::from(*sample).pow(2)).sum();
        if energy == 0 {
            return [0, 0];
        }
        std::array::from_fn(|plane| {
            let mut constant = [0; BLOCK_MAX];
            predict(
                &self.edges[plane],
                self.size,
                (Mode::Constant, 0),
                &mut constant,
            );
            let products = luma.iter().zip(&self.sources[plane]).zip(&constant);
            let sum: i64 = products
                .map(|((luma, source), constant)| {
                    i64::from(*luma) * (i64::from(*source) - i64::from(*constant))
                })
                .sum();
            let share = (sum * 128 + energy * sum.signum()) / (2 * energy);
            share.clamp(-ALPHA_MAX, ALPHA_MAX) as i8
        })
    }
}
