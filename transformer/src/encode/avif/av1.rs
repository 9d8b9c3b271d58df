//! An encoder of AV1 key frames: planes of eight bits in, the units of one still picture out. Whole numbers
//! only, so that all machines write the same bytes.

mod bits;
mod block;
mod butterfly;
mod cdf;
mod chroma;
mod coefficients;
mod cosine;
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
use self::tile::{Quality, TileCoder};
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

/// A coded picture, and the planes that a decoder makes of it.
#[derive(Debug)]
struct Coded {
    units: Vec<u8>,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests look at it"))]
    planes: Vec<Samples>,
}

impl Still {
    /// One plane of grey, or three with the colours at half the sides.
    pub(super) fn encode(&self, planes: &[Plane]) -> Vec<u8> {
        self.code(planes).units
    }

    fn code(&self, planes: &[Plane]) -> Coded {
        let coloured = planes.len() > 1;
        let source: Vec<_> = planes
            .iter()
            .enumerate()
            .map(|(plane, from)| {
                let unit = if plane == 0 { SUPERBLOCK } else { SUPERBLOCK / 2 };
                Samples::repeat(&from.samples, from.width, unit)
            })
            .collect();
        let mut recon: Vec<_> = source.iter().map(Samples::like).collect();
        let units = (source[0].width / 4, source[0].height / 4);
        let mut sizes = vec![Size::square(3); units.0 * units.1];
        let quantisation = quantisation(self.quantiser.max(1));
        let quality = quality(quantisation);
        let tiles = Tiles::new(units);
        let effort = Effort::new(self.speed);
        let coded: Vec<_> = tiles
            .tiles
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
        deblock::deblock(&mut recon, self.size, (&sizes, units.0), filters);
        let headers = Headers {
            size: self.size,
            coloured,
            quantisation,
            filters,
            tiles: &tiles,
        };
        Coded {
            units: headers.with(&coded),
            planes: recon,
        }
    }
}

fn quantisation(index: u8) -> Quantisation {
    let level = match index {
        ..=40 => 10,
        41..=100 => 9,
        101..=160 => 8,
        161..=200 => 7,
        201..=220 => 6,
        221..=240 => 5,
        241.. => 4,
    };
    Quantisation {
        index,
        chroma_deltas: (0, 0),
        matrices: Some([level, level]),
    }
}

fn quality(quantisation: Quantisation) -> Quality {
    let at = |delta: i8| (i32::from(quantisation.index) + i32::from(delta)).clamp(0, 255) as usize;
    let quantiser = |kind: usize, (constant, other): (i8, i8)| {
        Quantiser::new(Indices {
            constant: DC[at(constant)],
            other: AC[at(other)],
            matrix: quantisation.matrices.map_or(15, |levels| levels[kind]),
            kind,
        })
    };
    let step = i64::from(AC[at(0)]);
    Quality {
        quantisers: [quantiser(0, (0, 0)), quantiser(1, quantisation.chroma_deltas)],
        lambda: Lambda(step * step * 137 / 1024),
        step: step as u32,
        index: quantisation.index,
    }
}

#[cfg(test)]
mod tests;
