//! An encoder of AV1 key frames: planes of eight bits in, the units of one still picture out. Whole numbers
//! only, so that all machines write the same bytes.
#![expect(
    clippy::inline_always,
    reason = "what works on lanes or single coefficients must become part of the loops that use it"
)]
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "what a symbol says is yes or no, and so are directions of transforms and edges"
)]

mod bits;
mod block;
mod butterfly;
mod cdf;
mod chroma;
mod coefficients;
mod cosine;
#[cfg(test)]
mod deblock;
mod edges;
mod effort;
mod filters;
mod frame;
mod header;
mod luma;
mod modes;
mod partition;
mod predict;
mod quantise;
mod range;
mod satd;
mod scan;
mod sine;
mod tables;
mod tile;
mod tiles;
mod transform;
mod weights;

use self::effort::Effort;
use self::filters::Filters;
use self::frame::Samples;
use self::header::{Headers, Quantisation};
use self::quantise::{Indices, Lambda, Quantiser};
use self::tables::{AC, DC};
use self::tile::{Quality, Sizes, TileCoder};
use self::tiles::Tiles;
use self::transform::Size;
use super::planes::Plane;

/// Sides of a superblock, in luma's samples and in chroma's.
const SUPERBLOCK: usize = 64;

/// How a picture is coded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Still {
    pub(super) size: (usize, usize),
    /// 0 (best) to 255.
    pub(super) quantiser: u8,
    /// 1 (slow, small) to 10.
    pub(super) speed: u8,
}

impl Still {
    /// One plane of grey, or three with the colours at half the sides.
    pub(super) fn encode(&self, planes: &[Plane]) -> Vec<u8> {
        self.code(planes).0
    }

    /// The units; and the planes that a decoder makes of them before it filters them, with the blocks' sizes.
    fn code(&self, planes: &[Plane]) -> (Vec<u8>, Vec<Samples>, Sizes) {
        let coloured = planes.len() > 1;
        let source: Vec<_> = planes
            .iter()
            .enumerate()
            .map(|(plane, from)| {
                let unit = if plane == 0 {
                    SUPERBLOCK
                } else {
                    SUPERBLOCK / 2
                };
                Samples::repeat(&from.samples, from.width, unit)
            })
            .collect();
        let mut recon: Vec<_> = source.iter().map(Samples::like).collect();
        let units = (source[0].width / 4, source[0].height / 4);
        let mut sizes = vec![Size::square(3); units.0 * units.1];
        // The index of 0 is another format, without loss.
        let index = self.quantiser.max(1);
        let quantisation = Quantisation {
            index,
            has_matrix: index > FLAT_INDEX_MAX,
        };
        let quality = quality(quantisation);
        let tiles = Tiles::new(units);
        let effort = Effort::new(self.speed);
        let coded: Vec<_> = tiles
            .parts
            .iter()
            .map(|tile| {
                TileCoder::new(
                    (&source, &mut recon),
                    &mut sizes,
                    (units, *tile),
                    (&quality, effort),
                )
                .code()
            })
            .collect();
        let filters = Filters::new(quality.step);
        let headers = Headers {
            size: self.size,
            coloured,
            quantisation,
            filters,
            tiles: &tiles,
        };
        (headers.with(&coded), recon, sizes)
    }
}

/// Up to which index all frequencies are quantised alike: there hardly a difference can be seen.
const FLAT_INDEX_MAX: u8 = 10;
/// What squared errors a bit is worth, in 1,024ths of a squared step.
const LAMBDA: i64 = 100;

fn quality(quantisation: Quantisation) -> Quality {
    let index = quantisation.index;
    let step = AC[usize::from(index)];
    let quantiser = |kind: usize| {
        Quantiser::new(Indices {
            constant: DC[usize::from(index)],
            other: step,
            has_matrix: quantisation.has_matrix,
            kind,
        })
    };
    Quality {
        quantisers: [quantiser(0), quantiser(1)],
        lambda: Lambda(i64::from(step).pow(2) * LAMBDA / 1024),
        step: step as u32,
        index,
    }
}

#[cfg(test)]
mod tests;
