//! What the transforms and predictions of VP8 need besides, for blocks of four by four samples.

use super::{I16x8, I32x4};

/// Sixteen lanes of 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct U8x16(pub(super) [u8; 16]);

impl U8x16 {
    #[inline(always)]
    pub(crate) const fn new(lanes: &[u8; 16]) -> Self {
        Self(*lanes)
    }

    /// The lanes in order.
    #[inline(always)]
    pub(crate) const fn lanes(self) -> [u8; 16] {
        self.0
    }

    /// The lanes that are named, counted through both from the first of `self`, 0 to 31.
    #[inline(always)]
    pub(crate) fn pick(self, other: Self, places: &[u8; 16]) -> Self {
        Self(places.map(|place| {
            let place = usize::from(place);
            if place < 16 {
                self.0[place]
            } else {
                other.0[place - 16]
            }
        }))
    }

    /// Means, rounded up.
    #[inline(always)]
    pub(crate) fn mean(self, other: Self) -> Self {
        let mean = |lane: usize| (u16::from(self.0[lane]) + u16::from(other.0[lane])).div_ceil(2);
        Self(std::array::from_fn(|lane| mean(lane) as u8))
    }

    /// Means, rounded down.
    #[inline(always)]
    pub(crate) fn mean_down(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].midpoint(other.0[lane])
        }))
    }
}

impl I16x8 {
    #[inline(always)]
    pub(crate) const fn splat(value: i16) -> Self {
        Self([value; 8])
    }

    /// The upper halves of signed products: times `other`, over 65,536, rounded down.
    #[inline(always)]
    pub(crate) fn mul_high(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| {
            ((i32::from(self.0[at]) * i32::from(other.0[at])) >> 16) as i16
        }))
    }

    /// The upper 15 bits of unsigned products plus something: `(self * other + plus) >> 17`.
    #[inline(always)]
    pub(crate) fn scale(self, other: Self, plus: (I32x4, I32x4)) -> Self {
        Self(std::array::from_fn(|at| {
            let plus = if at < 4 {
                plus.0.0[at]
            } else {
                plus.1.0[at - 4]
            };
            let product = u32::from(self.0[at] as u16) * u32::from(other.0[at] as u16);
            (product.wrapping_add(plus as u32) >> 17) as i16
        }))
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self(self.0.map(i16::wrapping_abs))
    }

    /// -1 where negative, 0 elsewhere.
    #[inline(always)]
    pub(crate) fn sign(self) -> Self {
        Self(self.0.map(|lane| lane >> 15))
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(crate) fn shr<const BITS: u32>(self) -> Self {
        Self(self.0.map(|lane| lane >> BITS))
    }

    #[inline(always)]
    pub(crate) fn shl<const BITS: u32>(self) -> Self {
        Self(self.0.map(|lane| lane << BITS))
    }

    #[inline(always)]
    pub(crate) fn xor(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] ^ other.0[at]))
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at].min(other.0[at])))
    }

    /// Sums that stop at the ends.
    #[inline(always)]
    pub(crate) fn add_saturating(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| {
            self.0[at].saturating_add(other.0[at])
        }))
    }

    /// Differences that stop at the ends.
    #[inline(always)]
    pub(crate) fn sub_saturating(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| {
            self.0[at].saturating_sub(other.0[at])
        }))
    }

    /// A bit for each lane that is not zero, lane 0 lowest.
    #[inline(always)]
    pub(crate) fn nonzero_bits(self) -> u32 {
        (0..8).fold(0, |bits, at| bits | u32::from(self.0[at] != 0) << at)
    }

    /// Lane 0.
    #[inline(always)]
    pub(crate) const fn first(self) -> i16 {
        self.0[0]
    }

    /// The same with another lane 0.
    #[inline(always)]
    pub(crate) const fn with_first(mut self, lane: i16) -> Self {
        self.0[0] = lane;
        self
    }

    /// Lanes 4 to 7, then 0 to 3.
    #[inline(always)]
    pub(crate) const fn swap_halves(self) -> Self {
        let l = self.0;
        Self([l[4], l[5], l[6], l[7], l[0], l[1], l[2], l[3]])
    }

    /// The first half of each.
    #[inline(always)]
    pub(crate) const fn low_halves(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]])
    }

    /// The second half of each.
    #[inline(always)]
    pub(crate) const fn high_halves(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[4], a[5], a[6], a[7], b[4], b[5], b[6], b[7]])
    }

    /// A lane of the first half, a lane of the second, in turn.
    #[inline(always)]
    pub(crate) const fn zip_halves(self) -> Self {
        let l = self.0;
        Self([l[0], l[4], l[1], l[5], l[2], l[6], l[3], l[7]])
    }

    /// Four rows of four, two in `self` and two in `other`, turned.
    #[inline(always)]
    pub(crate) const fn transpose(self, other: Self) -> (Self, Self) {
        let (a, b) = (self.0, other.0);
        (
            Self([a[0], a[4], b[0], b[4], a[1], a[5], b[1], b[5]]),
            Self([a[2], a[6], b[2], b[6], a[3], a[7], b[3], b[7]]),
        )
    }

    /// Sixteen lanes of a block's rows in the order in which they are coded.
    #[inline(always)]
    pub(crate) const fn zigzag(self, other: Self) -> (Self, Self) {
        let (a, b) = (self.0, other.0);
        (
            Self([a[0], a[1], a[4], b[0], a[5], a[2], a[3], a[6]]),
            Self([b[1], b[4], b[5], b[2], a[7], b[3], b[6], b[7]]),
        )
    }
}

impl I32x4 {
    #[inline(always)]
    pub(crate) const fn new(lanes: [i32; 4]) -> Self {
        Self(lanes)
    }

    /// All lanes added.
    #[inline(always)]
    pub(crate) fn sum(self) -> i32 {
        let [a, b, c, d] = self.0;
        (a.wrapping_add(c)).wrapping_add(b.wrapping_add(d))
    }
}
