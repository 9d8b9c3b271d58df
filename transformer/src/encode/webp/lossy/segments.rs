//! Macroblocks to four segments by how much their texture hides: coarser steps where errors are masked,
//! finer ones where they show. The measure, the clustering and the constants follow libwebp at its
//! default strength, so that a quality means the same.

use super::planes::Planes;
use super::predict::{Edges, Mode, predict};
use super::quantise::Indices;
use super::tables::AC;
use super::transform::{Block, forward};

/// As many as the format has.
pub(super) const SEGMENTS: usize = 4;
/// libwebp's `sns_strength`, of 100.
const STRENGTH: i32 = 50;
/// libwebp's `filter_strength`, of 100.
const FILTER_STRENGTH: i32 = 60;
/// How often the centres are moved at most.
const ROUNDS_MAX: usize = 6;

/// What the header says of a picture's segments, and the segment of each macroblock.
#[derive(Debug)]
pub(super) struct Segments {
    pub(super) of: Vec<u8>,
    pub(super) indices: [Indices; SEGMENTS],
    pub(super) filter_levels: [u8; SEGMENTS],
}

impl Segments {
    pub(super) fn new(planes: &Planes, quality: u8) -> Self {
        let textures: Vec<Texture> = (0..planes.rows * planes.columns)
            .map(|at| Texture::new(planes, (at % planes.columns, at / planes.columns)))
            .collect();
        let clusters = Clusters::new(&textures);
        let chroma: u32 = textures.iter().map(|texture| texture.chroma).sum();
        let chroma = chroma as i32 / textures.len() as i32;
        let indices = clusters.offsets().map(|(offset, _)| Indices {
            index: index(quality, offset),
            // libwebp's `uv_alpha`: 30 to 100 stands for steps 4 lower to 6 higher.
            chroma_other: ((chroma - 64) * 10 / 70 * STRENGTH / 100).clamp(-4, 6) as i8,
            chroma_constant: (-4 * STRENGTH / 100) as i8,
        });
        let filter_levels = std::array::from_fn(|at| {
            let step = i32::from(AC[usize::from(indices[at].index)]) >> 2;
            let level = step.min(63) * 5 * FILTER_STRENGTH / (256 + clusters.offsets()[at].1);
            if level < 2 { 0 } else { level.min(63) as u8 }
        });
        Self {
            of: textures
                .iter()
                .map(|texture| clusters.of[usize::from(texture.ease)])
                .collect(),
            indices,
            filter_levels,
        }
    }
}

/// The index of the steps for a quality, moved by a segment's offset of -127 to 127.
fn index(quality: u8, offset: i32) -> u8 {
    let quality = f64::from(quality) / 100.0;
    let linear = if quality < 0.75 {
        quality * (2.0 / 3.0)
    } else {
        2.0 * quality - 1.0
    };
    let amplitude = 0.9 * f64::from(STRENGTH) / 100.0 / 128.0;
    let exponent = 1.0 - amplitude * f64::from(offset);
    let compression = linear.cbrt().powf(exponent);
    ((127.0 * (1.0 - compression)) as i32).clamp(0, 127) as u8
}

/// What a macroblock looks like to a rough transform.
#[derive(Debug, Clone, Copy)]
struct Texture {
    /// 255 where nothing is left after prediction, 0 where errors hide best.
    ease: u8,
    chroma: u32,
}

impl Texture {
    fn new(planes: &Planes, position: (usize, usize)) -> Self {
        let luma = planes.luma(position);
        let edges = planes.luma.edges(position);
        let modes = [Mode::Mean, Mode::TrueMotion];
        let best = modes.map(|mode| Histogram::of(&luma, &edges, mode).spread());
        let luma = best[0].max(best[1]);
        let chroma = planes.chroma(position);
        let edges = [0, 1].map(|plane| planes.chroma[plane].edges(position));
        let best = modes.map(|mode| {
            let mut histogram = Histogram::of(&chroma[0], &edges[0], mode);
            histogram.add(&chroma[1], &edges[1], mode);
            histogram.spread()
        });
        let chroma = best[0].max(best[1]);
        Self {
            ease: 255 - ((3 * luma + chroma + 2) >> 2).min(255) as u8,
            chroma,
        }
    }
}

/// How many coefficients there are of each magnitude, in eighths and up to 31. Neighbours are counted apart: most
/// are zero, and a count that has just been written is slow to read again.
struct Histogram([[u16; 32]; 4]);

impl Histogram {
    fn of<const BLOCKS: usize>(source: &[Block; BLOCKS], edges: &Edges, mode: Mode) -> Self {
        let mut histogram = Self([[0; 32]; 4]);
        histogram.add(source, edges, mode);
        histogram
    }

    fn add<const BLOCKS: usize>(&mut self, source: &[Block; BLOCKS], edges: &Edges, mode: Mode) {
        let prediction = predict::<BLOCKS>(mode, edges);
        for (source, prediction) in source.iter().zip(&prediction) {
            let eighths = forward(source, prediction).eighths();
            for four in eighths.as_chunks::<4>().0 {
                for (counts, &eighth) in self.0.iter_mut().zip(four) {
                    counts[eighth as usize & 31] += 1;
                }
            }
        }
    }

    /// How far the magnitudes reach beside how often the commonest occurs.
    fn spread(&self) -> u32 {
        let counts: [u32; 32] =
            std::array::from_fn(|at| self.0.iter().map(|counts| u32::from(counts[at])).sum());
        let most = counts.iter().copied().max().unwrap_or(0);
        let last = counts
            .iter()
            .rposition(|&count| count > 0)
            .unwrap_or(0)
            .max(1);
        if most > 1 {
            510 * last as u32 / most
        } else {
            0
        }
    }
}

/// Values of 0 to 255 around as many centres as there are segments.
struct Clusters {
    of: [u8; 256],
    centres: [i32; SEGMENTS],
    mean: i32,
}

impl Clusters {
    fn new(textures: &[Texture]) -> Self {
        let mut counts = [0i32; 256];
        for texture in textures {
            counts[usize::from(texture.ease)] += 1;
        }
        let lowest = counts.iter().position(|&count| count > 0).unwrap_or(0) as i32;
        let highest = counts.iter().rposition(|&count| count > 0).unwrap_or(0) as i32;
        let mut clusters = Self {
            of: [0; 256],
            centres: std::array::from_fn(|at| {
                lowest + (2 * at as i32 + 1) * (highest - lowest) / (2 * SEGMENTS as i32)
            }),
            mean: 0,
        };
        for _ in 0..ROUNDS_MAX {
            if clusters.settle(&counts) < 5 {
                break;
            }
        }
        clusters
    }

    /// Give each value to the nearest centre and move the centres to the middle of what they got; the
    /// distance moved.
    fn settle(&mut self, counts: &[i32; 256]) -> i32 {
        let mut sums = [(0i64, 0i64); SEGMENTS];
        let mut nearest = 0;
        for (value, &count) in (0i32..).zip(counts) {
            while nearest + 1 < SEGMENTS
                && (value - self.centres[nearest + 1]).abs() < (value - self.centres[nearest]).abs()
            {
                nearest += 1;
            }
            self.of[value as usize] = nearest as u8;
            sums[nearest].0 += i64::from(count) * i64::from(value);
            sums[nearest].1 += i64::from(count);
        }
        let mut moved = 0;
        for (centre, (sum, count)) in self.centres.iter_mut().zip(sums) {
            if count > 0 {
                let middle = ((sum + count / 2) / count) as i32;
                moved += (*centre - middle).abs();
                *centre = middle;
            }
        }
        let (sum, count) = sums
            .iter()
            .fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        self.mean = ((sum + count / 2) / count.max(1)) as i32;
        moved
    }

    /// How far each centre is from the mean (-127 to 127), and from the lowest (0 to 255).
    fn offsets(&self) -> [(i32, i32); SEGMENTS] {
        let lowest = self.centres.into_iter().min().unwrap_or(0);
        let highest = self.centres.into_iter().max().unwrap_or(0);
        let width = (highest - lowest).max(1);
        self.centres.map(|centre| {
            let mean = 255 * (centre - self.mean) / width;
            (
                mean.clamp(-127, 127),
                (255 * (centre - lowest) / width).clamp(0, 255),
            )
        })
    }
}
