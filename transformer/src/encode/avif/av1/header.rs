//! The headers of a still picture (AV1 specification, 5.5 and 5.9), in their shortest form.

use super::bits::{Bits, Kind, append_unit};
use super::filters::Filters;
use super::tiles::Tiles;
use super::weights;

/// The highest level: no limits.
const LEVEL_NONE: u32 = 31;

/// How a picture's coefficients are quantised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantisation {
    pub(super) index: u8,
    /// Whether high frequencies are quantised more coarsely.
    pub(super) has_matrix: bool,
}

/// What the headers say.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    pub(super) size: (usize, usize),
    pub(super) coloured: bool,
    pub(super) quantisation: Quantisation,
    pub(super) filters: Filters,
    pub(super) tiles: &'a Tiles,
}

impl Headers<'_> {
    /// All units of a picture whose tiles are coded.
    pub(super) fn with(&self, tiles: &[Vec<u8>]) -> Vec<u8> {
        let mut units = Vec::new();
        append_unit(Kind::Sequence, &self.sequence(), &mut units);
        let mut frame = self.frame().into_bytes();
        self.tiles.append(tiles, &mut frame);
        append_unit(Kind::Frame, &frame, &mut units);
        units
    }

    fn sequence(&self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.put(0, 3); // profile
        bits.flag(true); // a still picture
        bits.flag(true); // with short headers
        bits.put(LEVEL_NONE, 5);
        let (width, height) = (self.size.0 as u32 - 1, self.size.1 as u32 - 1);
        let counts = [width, height].map(|side| (32 - side.leading_zeros()).max(1));
        bits.put(counts[0] - 1, 4);
        bits.put(counts[1] - 1, 4);
        bits.put(width, counts[0]);
        bits.put(height, counts[1]);
        bits.flag(false); // superblocks of 128
        bits.flag(false); // filtered predictions
        bits.flag(true); // edges of predictions are smoothed
        bits.flag(false); // enlarged
        bits.flag(false); // filtered by direction
        bits.flag(false); // restoration
        bits.flag(false); // more than eight bits
        bits.flag(!self.coloured);
        bits.flag(true); // colours are described:
        bits.put(1, 8); // BT.709's primaries
        bits.put(13, 8); // sRGB's curve
        bits.put(6, 8); // BT.601's matrix
        bits.flag(true); // the full range
        if self.coloured {
            bits.put(0, 2); // where chroma is, unknown
            bits.flag(false); // blue and red are quantised alike
        }
        bits.flag(false); // grain
        bits.end_with_one();
        bits.into_bytes()
    }

    fn frame(&self) -> Bits {
        let mut bits = Bits::default();
        bits.flag(false); // probabilities that do not learn
        bits.flag(false); // screen content
        bits.flag(false); // another size when shown
        self.tiles.describe(&mut bits);
        self.quantisation(&mut bits);
        bits.flag(false); // segments
        if self.quantisation.index > 0 {
            bits.flag(false); // quantisers by superblock
        }
        self.filters.describe(self.coloured, &mut bits);
        bits.flag(false); // sizes of transforms: the largest
        bits.flag(false); // fewer transforms
        bits
    }

    fn quantisation(&self, bits: &mut Bits) {
        let quantisation = self.quantisation;
        bits.put(quantisation.index.into(), 8);
        bits.flag(false); // another index for luma's constants
        if self.coloured {
            bits.put(0, 2); // other indices for chroma
        }
        bits.flag(quantisation.has_matrix);
        if quantisation.has_matrix {
            for level in weights::LEVELS {
                bits.put(level.into(), 4);
            }
        }
    }
}
