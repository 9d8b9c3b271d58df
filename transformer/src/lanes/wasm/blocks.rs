//! What the transforms and predictions of VP8 need besides, for blocks of four by four samples.

use core::arch::wasm32::{
    i8x16_sub, i8x16_swizzle, i16x8, i16x8_abs, i16x8_add_sat, i16x8_bitmask, i16x8_eq,
    i16x8_extract_lane, i16x8_min, i16x8_narrow_i32x4, i16x8_replace_lane, i16x8_shl, i16x8_shr,
    i16x8_shuffle, i16x8_splat, i16x8_sub_sat, i32x4, i32x4_add, i32x4_extmul_high_i16x8,
    i32x4_extmul_high_u16x8, i32x4_extmul_low_i16x8, i32x4_extmul_low_u16x8, i32x4_extract_lane,
    i32x4_shuffle, i64x2_shuffle, u8x16_avgr, u8x16_splat, u32x4_shr, v128, v128_and, v128_or,
    v128_xor,
};

use super::{I16x8, I32x4, bytes, vector};

/// Sixteen lanes of 8 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct U8x16(pub(super) v128);

impl U8x16 {
    #[inline(always)]
    pub(crate) fn new(lanes: &[u8; 16]) -> Self {
        Self(vector(lanes))
    }

    /// The lanes in order.
    #[inline(always)]
    pub(crate) fn lanes(self) -> [u8; 16] {
        bytes(self.0)
    }

    /// The lanes that are named, counted through both from the first of `self`, 0 to 31.
    #[inline(always)]
    pub(crate) fn pick(self, other: Self, places: &[u8; 16]) -> Self {
        let places = vector(places);
        // A place outside gives zero.
        let first = i8x16_swizzle(self.0, places);
        let second = i8x16_swizzle(other.0, i8x16_sub(places, u8x16_splat(16)));
        Self(v128_or(first, second))
    }

    /// Means, rounded up.
    #[inline(always)]
    pub(crate) fn mean(self, other: Self) -> Self {
        Self(u8x16_avgr(self.0, other.0))
    }

    /// Means, rounded down.
    #[inline(always)]
    pub(crate) fn mean_down(self, other: Self) -> Self {
        let odd = v128_and(v128_xor(self.0, other.0), u8x16_splat(1));
        Self(i8x16_sub(u8x16_avgr(self.0, other.0), odd))
    }
}

impl I16x8 {
    #[inline(always)]
    pub(crate) const fn splat(v: i16) -> Self {
        Self(i16x8(v, v, v, v, v, v, v, v))
    }

    /// The upper halves of signed products: times `other`, over 65,536, rounded down.
    #[inline(always)]
    pub(crate) fn mul_high(self, other: Self) -> Self {
        Self(i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(
            i32x4_extmul_low_i16x8(self.0, other.0),
            i32x4_extmul_high_i16x8(self.0, other.0),
        ))
    }

    /// The upper 15 bits of unsigned products plus something: `(self * other + plus) >> 17`.
    #[inline(always)]
    pub(crate) fn scale(self, other: Self, plus: (I32x4, I32x4)) -> Self {
        let low = i32x4_extmul_low_u16x8(self.0, other.0);
        let high = i32x4_extmul_high_u16x8(self.0, other.0);
        let low = u32x4_shr(i32x4_add(low, plus.0.0), 17);
        let high = u32x4_shr(i32x4_add(high, plus.1.0), 17);
        Self(i16x8_narrow_i32x4(low, high))
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self(i16x8_abs(self.0))
    }

    /// -1 where negative, 0 elsewhere.
    #[inline(always)]
    pub(crate) fn sign(self) -> Self {
        Self(i16x8_shr(self.0, 15))
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(crate) fn shr<const BITS: u32>(self) -> Self {
        Self(i16x8_shr(self.0, BITS))
    }

    #[inline(always)]
    pub(crate) fn shl<const BITS: u32>(self) -> Self {
        Self(i16x8_shl(self.0, BITS))
    }

    #[inline(always)]
    pub(crate) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        Self(i16x8_min(self.0, other.0))
    }

    /// Sums that stop at the ends.
    #[inline(always)]
    pub(crate) fn add_saturating(self, other: Self) -> Self {
        Self(i16x8_add_sat(self.0, other.0))
    }

    /// Differences that stop at the ends.
    #[inline(always)]
    pub(crate) fn sub_saturating(self, other: Self) -> Self {
        Self(i16x8_sub_sat(self.0, other.0))
    }

    /// A bit for each lane that is not zero, lane 0 lowest.
    #[inline(always)]
    pub(crate) fn nonzero_bits(self) -> u32 {
        0xFF ^ u32::from(i16x8_bitmask(i16x8_eq(self.0, i16x8_splat(0))))
    }

    /// Lane 0.
    #[inline(always)]
    pub(crate) fn first(self) -> i16 {
        i16x8_extract_lane::<0>(self.0)
    }

    /// The same with another lane 0.
    #[inline(always)]
    pub(crate) fn with_first(self, lane: i16) -> Self {
        Self(i16x8_replace_lane::<0>(self.0, lane))
    }

    /// Lanes 4 to 7, then 0 to 3.
    #[inline(always)]
    pub(crate) fn swap_halves(self) -> Self {
        Self(i64x2_shuffle::<1, 0>(self.0, self.0))
    }

    /// The first half of each.
    #[inline(always)]
    pub(crate) fn low_halves(self, other: Self) -> Self {
        Self(i64x2_shuffle::<0, 2>(self.0, other.0))
    }

    /// The second half of each.
    #[inline(always)]
    pub(crate) fn high_halves(self, other: Self) -> Self {
        Self(i64x2_shuffle::<1, 3>(self.0, other.0))
    }

    /// A lane of the first half, a lane of the second, in turn.
    #[inline(always)]
    pub(crate) fn zip_halves(self) -> Self {
        Self(i16x8_shuffle::<0, 4, 1, 5, 2, 6, 3, 7>(self.0, self.0))
    }

    /// Four rows of four, two in `self` and two in `other`, turned.
    #[inline(always)]
    pub(crate) fn transpose(self, other: Self) -> (Self, Self) {
        (
            Self(i16x8_shuffle::<0, 4, 8, 12, 1, 5, 9, 13>(self.0, other.0)),
            Self(i16x8_shuffle::<2, 6, 10, 14, 3, 7, 11, 15>(self.0, other.0)),
        )
    }

    /// Sixteen lanes of a block's rows in the order in which they are coded.
    #[inline(always)]
    pub(crate) fn zigzag(self, other: Self) -> (Self, Self) {
        (
            Self(i16x8_shuffle::<0, 1, 4, 8, 5, 2, 3, 6>(self.0, other.0)),
            Self(i16x8_shuffle::<9, 12, 13, 10, 7, 11, 14, 15>(
                self.0, other.0,
            )),
        )
    }
}

impl I32x4 {
    #[inline(always)]
    pub(crate) const fn new(l: [i32; 4]) -> Self {
        Self(i32x4(l[0], l[1], l[2], l[3]))
    }

    /// All lanes added.
    #[inline(always)]
    pub(crate) fn sum(self) -> i32 {
        let pairs = i32x4_add(self.0, i32x4_shuffle::<2, 3, 0, 1>(self.0, self.0));
        i32x4_extract_lane::<0>(pairs).wrapping_add(i32x4_extract_lane::<1>(pairs))
    }
}
