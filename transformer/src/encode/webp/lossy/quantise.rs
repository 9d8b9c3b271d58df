//! Coefficients to levels: steps between levels, and where rounding goes over. The arithmetic and the
//! constants that are no part of RFC 6386 follow libwebp, so that a quality means the same.

use super::tables::{AC, DC};
use super::transform::Coefficients;
use crate::lanes::{I16x8, I32x4};

/// What the coefficients of a block became.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    /// Without signs, in coding order.
    pub(super) magnitudes: [i16; 16],
    /// A bit for each that is negative, the first lowest.
    pub(super) negative: u32,
    /// A bit for each that is not zero.
    pub(super) nonzero: u32,
}

impl Levels {
    pub(super) const NONE: Self = Self {
        magnitudes: [0; 16],
        negative: 0,
        nonzero: 0,
    };
}

/// How one kind of block is quantised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantiser {
    steps: (I16x8, I16x8),
    inverse: (I16x8, I16x8),
    /// What is added before rounding down, for the first four coefficients and for all others.
    bias: (I32x4, I32x4),
    sharpen: (I16x8, I16x8),
    /// The mean of the steps.
    pub(super) step: u32,
}

/// The kinds: they round differently, since errors show differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plane {
    Luma,
    LumaConstants,
    Chroma,
}

/// Fractions of 2 to the 17th.
const ONE: i32 = 1 << 17;
/// The highest level that has a code.
const LEVEL_MAX: i16 = 2047;
/// libwebp's `kFreqSharpening`: high frequencies of luma are lifted a little.
const SHARPEN: [i32; 16] = [
    0, 30, 60, 90, 30, 60, 90, 90, 60, 90, 90, 90, 90, 90, 90, 90,
];

impl Quantiser {
    /// For steps of the constant coefficient and of all others.
    fn new(constant: i32, other: i32, plane: Plane) -> Self {
        // libwebp's `kBiasMatrices`, in 256ths.
        let bias = match plane {
            Plane::Luma => (96, 110),
            Plane::LumaConstants => (96, 108),
            Plane::Chroma => (110, 115),
        };
        let steps: [i32; 16] = std::array::from_fn(|at| if at == 0 { constant } else { other });
        let sharpen: [i32; 16] = match plane {
            Plane::Luma => std::array::from_fn(|at| (SHARPEN[at] * steps[at]) >> 11),
            Plane::LumaConstants | Plane::Chroma => [0; 16],
        };
        let lanes = |of: &dyn Fn(usize) -> i32| {
            let half = |from| I16x8::new(std::array::from_fn(|at| of(from + at) as u16 as i16));
            (half(0), half(8))
        };
        let (first, rest) = (bias.0 << 9, bias.1 << 9);
        Self {
            steps: lanes(&|at| steps[at]),
            inverse: lanes(&|at| ONE / steps[at]),
            bias: (I32x4::new([first, rest, rest, rest]), I32x4::splat(rest)),
            sharpen: lanes(&|at| sharpen[at]),
            step: (steps.iter().sum::<i32>() as u32 + 8) >> 4,
        }
    }

    /// Levels, and the coefficients that the decoder will make of them.
    #[inline(always)]
    pub(super) fn quantise(&self, coefficients: Coefficients) -> (Levels, Coefficients) {
        let Coefficients(low, high) = coefficients;
        let (low_sign, high_sign) = (low.sign(), high.sign());
        let (low, high) = (
            low.abs().add(self.sharpen.0),
            high.abs().add(self.sharpen.1),
        );
        let max = I16x8::splat(LEVEL_MAX);
        let low = low.scale(self.inverse.0, self.bias).min(max);
        let high = high
            .scale(self.inverse.1, (self.bias.1, self.bias.1))
            .min(max);
        let restored = Coefficients(
            low.mul(self.steps.0).xor(low_sign).sub(low_sign),
            high.mul(self.steps.1).xor(high_sign).sub(high_sign),
        );
        let signs = low_sign.zigzag(high_sign);
        let (low, high) = low.zigzag(high);
        let levels = Levels {
            magnitudes: Coefficients(low, high).rows(),
            negative: signs.0.nonzero_bits() | signs.1.nonzero_bits() << 8,
            nonzero: low.nonzero_bits() | high.nonzero_bits() << 8,
        };
        (levels, restored)
    }
}

/// The indices of a frame's or segment's steps: one, and what chroma's differ by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indices {
    pub(super) index: u8,
    pub(super) chroma_constant: i8,
    pub(super) chroma_other: i8,
}

/// The quantisers of a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantisers {
    pub(super) luma: Quantiser,
    pub(super) constants: Quantiser,
    pub(super) chroma: Quantiser,
}

impl Quantisers {
    pub(super) fn new(indices: Indices) -> Self {
        let at = |difference: i8, max: i32| {
            (i32::from(indices.index) + i32::from(difference)).clamp(0, max) as usize
        };
        let (dc, ac) = (|at: usize| i32::from(DC[at]), |at: usize| i32::from(AC[at]));
        Self {
            luma: Quantiser::new(dc(at(0, 127)), ac(at(0, 127)), Plane::Luma),
            constants: Quantiser::new(
                dc(at(0, 127)) * 2,
                (ac(at(0, 127)) * 155 / 100).max(8),
                Plane::LumaConstants,
            ),
            // Chroma's constants are never coarser than a step of 132 (RFC 6386, 9.6).
            chroma: Quantiser::new(
                dc(at(indices.chroma_constant, 117)),
                ac(at(indices.chroma_other, 127)),
                Plane::Chroma,
            ),
        }
    }
}
