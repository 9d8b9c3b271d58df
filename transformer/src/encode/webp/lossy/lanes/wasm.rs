//! Lanes as WebAssembly's 128-bit vectors. All of these operations are safe functions; arrays become
//! vectors lane by lane, which the compiler makes one load or store.

use core::arch::wasm32::{
    i16x8, i16x8_abs, i16x8_add, i16x8_bitmask, i16x8_eq, i16x8_extend_high_u8x16,
    i16x8_extend_low_u8x16, i16x8_extract_lane, i16x8_min, i16x8_mul, i16x8_narrow_i32x4,
    i16x8_replace_lane, i16x8_shl, i16x8_shr, i16x8_shuffle, i16x8_splat, i16x8_sub, i32x4,
    i32x4_add, i32x4_dot_i16x8, i32x4_extmul_high_i16x8, i32x4_extmul_high_u16x8,
    i32x4_extmul_low_i16x8, i32x4_extmul_low_u16x8, i32x4_extract_lane, i32x4_shr, i32x4_shuffle,
    i32x4_splat, i64x2_shuffle, u8x16, u8x16_extract_lane, u8x16_narrow_i16x8, u32x4_shr, v128,
    v128_xor,
};

/// Eight lanes of 16 bits.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct I16x8(v128);

/// Four lanes of 32 bits.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct I32x4(v128);

impl I16x8 {
    #[inline(always)]
    pub(in super::super) const fn new(l: [i16; 8]) -> Self {
        Self(i16x8(l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]))
    }

    #[inline(always)]
    pub(in super::super) const fn splat(v: i16) -> Self {
        Self(i16x8(v, v, v, v, v, v, v, v))
    }

    /// `a, b, a, b, a, b, a, b`: the other side of a [`I16x8::dot`].
    #[inline(always)]
    pub(in super::super) const fn pairs(a: i16, b: i16) -> Self {
        Self(i16x8(a, b, a, b, a, b, a, b))
    }

    #[inline(always)]
    pub(in super::super) fn lanes(self) -> [i16; 8] {
        [
            i16x8_extract_lane::<0>(self.0),
            i16x8_extract_lane::<1>(self.0),
            i16x8_extract_lane::<2>(self.0),
            i16x8_extract_lane::<3>(self.0),
            i16x8_extract_lane::<4>(self.0),
            i16x8_extract_lane::<5>(self.0),
            i16x8_extract_lane::<6>(self.0),
            i16x8_extract_lane::<7>(self.0),
        ]
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(i16x8_add(self.0, other.0))
    }

    /// Differences that wrap.
    #[inline(always)]
    pub(in super::super) fn sub(self, other: Self) -> Self {
        Self(i16x8_sub(self.0, other.0))
    }

    /// Products that wrap.
    #[inline(always)]
    pub(in super::super) fn mul(self, other: Self) -> Self {
        Self(i16x8_mul(self.0, other.0))
    }

    /// The upper halves of signed products: times `other`, over 65,536, rounded down.
    #[inline(always)]
    pub(in super::super) fn mul_high(self, other: Self) -> Self {
        Self(i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(
            i32x4_extmul_low_i16x8(self.0, other.0),
            i32x4_extmul_high_i16x8(self.0, other.0),
        ))
    }

    /// The upper 15 bits of unsigned products plus something: `(self * other + plus) >> 17`.
    #[inline(always)]
    pub(in super::super) fn scale(self, other: Self, plus: (I32x4, I32x4)) -> Self {
        let low = i32x4_extmul_low_u16x8(self.0, other.0);
        let high = i32x4_extmul_high_u16x8(self.0, other.0);
        let low = u32x4_shr(i32x4_add(low, plus.0.0), 17);
        let high = u32x4_shr(i32x4_add(high, plus.1.0), 17);
        Self(i16x8_narrow_i32x4(low, high))
    }

    #[inline(always)]
    pub(in super::super) fn abs(self) -> Self {
        Self(i16x8_abs(self.0))
    }

    /// -1 where negative, 0 elsewhere.
    #[inline(always)]
    pub(in super::super) fn sign(self) -> Self {
        Self(i16x8_shr(self.0, 15))
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(in super::super) fn shr<const BITS: u32>(self) -> Self {
        Self(i16x8_shr(self.0, BITS))
    }

    #[inline(always)]
    pub(in super::super) fn shl<const BITS: u32>(self) -> Self {
        Self(i16x8_shl(self.0, BITS))
    }

    #[inline(always)]
    pub(in super::super) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    #[inline(always)]
    pub(in super::super) fn min(self, other: Self) -> Self {
        Self(i16x8_min(self.0, other.0))
    }

    /// A bit for each lane that is not zero, lane 0 lowest.
    #[inline(always)]
    pub(in super::super) fn nonzero_bits(self) -> u32 {
        0xFF ^ u32::from(i16x8_bitmask(i16x8_eq(self.0, i16x8_splat(0))))
    }

    /// Products of neighbours added: lane 0 is `self[0] * other[0] + self[1] * other[1]`.
    #[inline(always)]
    pub(in super::super) fn dot(self, other: Self) -> I32x4 {
        I32x4(i32x4_dot_i16x8(self.0, other.0))
    }

    /// Lane 0.
    #[inline(always)]
    pub(in super::super) fn first(self) -> i16 {
        i16x8_extract_lane::<0>(self.0)
    }

    /// The same with another lane 0.
    #[inline(always)]
    pub(in super::super) fn with_first(self, lane: i16) -> Self {
        Self(i16x8_replace_lane::<0>(self.0, lane))
    }

    /// Lanes 4 to 7, then 0 to 3.
    #[inline(always)]
    pub(in super::super) fn swap_halves(self) -> Self {
        Self(i64x2_shuffle::<1, 0>(self.0, self.0))
    }

    /// The first half of each.
    #[inline(always)]
    pub(in super::super) fn low_halves(self, other: Self) -> Self {
        Self(i64x2_shuffle::<0, 2>(self.0, other.0))
    }

    /// The second half of each.
    #[inline(always)]
    pub(in super::super) fn high_halves(self, other: Self) -> Self {
        Self(i64x2_shuffle::<1, 3>(self.0, other.0))
    }

    /// A lane of the first half, a lane of the second, in turn.
    #[inline(always)]
    pub(in super::super) fn zip_halves(self) -> Self {
        Self(i16x8_shuffle::<0, 4, 1, 5, 2, 6, 3, 7>(self.0, self.0))
    }

    /// Four rows of four, two in `self` and two in `other`, turned.
    #[inline(always)]
    pub(in super::super) fn transpose(self, other: Self) -> (Self, Self) {
        (
            Self(i16x8_shuffle::<0, 4, 8, 12, 1, 5, 9, 13>(self.0, other.0)),
            Self(i16x8_shuffle::<2, 6, 10, 14, 3, 7, 11, 15>(self.0, other.0)),
        )
    }

    /// Sixteen lanes of a block's rows in the order in which they are coded.
    #[inline(always)]
    pub(in super::super) fn zigzag(self, other: Self) -> (Self, Self) {
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
    pub(in super::super) const fn new(l: [i32; 4]) -> Self {
        Self(i32x4(l[0], l[1], l[2], l[3]))
    }

    #[inline(always)]
    pub(in super::super) fn splat(value: i32) -> Self {
        Self(i32x4_splat(value))
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(in super::super) fn shr<const BITS: u32>(self) -> Self {
        Self(i32x4_shr(self.0, BITS))
    }

    /// All lanes added.
    #[inline(always)]
    pub(in super::super) fn sum(self) -> i32 {
        let pairs = i32x4_add(self.0, i32x4_shuffle::<2, 3, 0, 1>(self.0, self.0));
        i32x4_extract_lane::<0>(pairs).wrapping_add(i32x4_extract_lane::<1>(pairs))
    }

    /// Eight lanes of 16 bits, clamped: `self` first.
    #[inline(always)]
    pub(in super::super) fn narrow(self, high: Self) -> I16x8 {
        I16x8(i16x8_narrow_i32x4(self.0, high.0))
    }
}

/// Sixteen samples as lanes of 16 bits.
#[inline(always)]
pub(in super::super) fn split(b: &[u8; 16]) -> (I16x8, I16x8) {
    let lanes = u8x16(
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15],
    );
    (
        I16x8(i16x8_extend_low_u8x16(lanes)),
        I16x8(i16x8_extend_high_u8x16(lanes)),
    )
}

/// Sixteen lanes clamped to 0 to 255.
#[inline(always)]
pub(in super::super) fn join(low: I16x8, high: I16x8) -> [u8; 16] {
    let lanes = u8x16_narrow_i16x8(low.0, high.0);
    [
        u8x16_extract_lane::<0>(lanes),
        u8x16_extract_lane::<1>(lanes),
        u8x16_extract_lane::<2>(lanes),
        u8x16_extract_lane::<3>(lanes),
        u8x16_extract_lane::<4>(lanes),
        u8x16_extract_lane::<5>(lanes),
        u8x16_extract_lane::<6>(lanes),
        u8x16_extract_lane::<7>(lanes),
        u8x16_extract_lane::<8>(lanes),
        u8x16_extract_lane::<9>(lanes),
        u8x16_extract_lane::<10>(lanes),
        u8x16_extract_lane::<11>(lanes),
        u8x16_extract_lane::<12>(lanes),
        u8x16_extract_lane::<13>(lanes),
        u8x16_extract_lane::<14>(lanes),
        u8x16_extract_lane::<15>(lanes),
    ]
}
