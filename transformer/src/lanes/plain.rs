//! Lanes as arrays: the same arithmetic as `wasm.rs`, to the bit, for machines that test and profile.

mod blocks;

pub(crate) use blocks::U8x16;

/// Eight lanes of 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct I16x8([i16; 8]);

/// Four lanes of 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct I32x4([i32; 4]);

impl I16x8 {
    #[inline(always)]
    pub(crate) const fn new(lanes: [i16; 8]) -> Self {
        Self(lanes)
    }

    /// The lanes in order.
    #[inline(always)]
    pub(crate) const fn lanes(self) -> [i16; 8] {
        self.0
    }

    /// `a, b, a, b, a, b, a, b`: the other side of a [`I16x8::dot`].
    #[inline(always)]
    pub(crate) const fn pairs(a: i16, b: i16) -> Self {
        Self([a, b, a, b, a, b, a, b])
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].wrapping_add(other.0[lane])
        }))
    }

    /// Differences that wrap.
    #[inline(always)]
    pub(crate) fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].wrapping_sub(other.0[lane])
        }))
    }

    /// Products that wrap.
    #[inline(always)]
    pub(crate) fn mul(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].wrapping_mul(other.0[lane])
        }))
    }

    /// Products of neighbours added: lane 0 is `self[0] * other[0] + self[1] * other[1]`.
    #[inline(always)]
    pub(crate) fn dot(self, other: Self) -> I32x4 {
        I32x4(std::array::from_fn(|lane| {
            let product = |at: usize| i32::from(self.0[at]) * i32::from(other.0[at]);
            product(lane * 2).wrapping_add(product(lane * 2 + 1))
        }))
    }

    /// The first four lanes of each, in turn.
    #[inline(always)]
    pub(crate) const fn zip_low(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]])
    }

    /// The last four lanes of each, in turn.
    #[inline(always)]
    pub(crate) const fn zip_high(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]])
    }

    /// Lanes 0, 2, 4, 6 of both.
    #[inline(always)]
    pub(crate) const fn evens(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0], a[2], a[4], a[6], b[0], b[2], b[4], b[6]])
    }

    /// Two neighbours, four times: lanes 0 and 1, or 2 and 3.
    #[inline(always)]
    pub(crate) fn pair<const PAIR: usize>(self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[PAIR.min(1) * 2 + lane % 2]
        }))
    }

    /// Lanes 1, 3, 5, 7 of both.
    #[inline(always)]
    pub(crate) const fn odds(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[1], a[3], a[5], a[7], b[1], b[3], b[5], b[7]])
    }
}

impl I32x4 {
    #[inline(always)]
    pub(crate) const fn splat(value: i32) -> Self {
        Self([value; 4])
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].wrapping_add(other.0[lane])
        }))
    }

    /// Differences that wrap.
    #[inline(always)]
    pub(crate) fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            self.0[lane].wrapping_sub(other.0[lane])
        }))
    }

    /// The lanes of each added, which wraps: those of the first in lane 0.
    #[inline(always)]
    pub(crate) fn totals(all: [Self; 4]) -> Self {
        Self(all.map(|one| one.0.into_iter().fold(0, i32::wrapping_add)))
    }

    /// Clamped to 0 to 255.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; 4] {
        self.0.map(|lane| lane.clamp(0, 255) as u8)
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(crate) fn shr<const BITS: u32>(self) -> Self {
        Self(self.0.map(|lane| lane >> BITS))
    }

    /// Eight lanes of 16 bits, clamped: `self` first.
    #[inline(always)]
    pub(crate) fn narrow(self, high: Self) -> I16x8 {
        let clamp = |lane: i32| lane.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
        I16x8(std::array::from_fn(|lane| {
            clamp(if lane < 4 {
                self.0[lane]
            } else {
                high.0[lane - 4]
            })
        }))
    }
}

/// Sixteen lanes clamped to 0 to 255.
#[inline(always)]
pub(crate) fn narrow_to_u8(low: I16x8, high: I16x8) -> [u8; 16] {
    let clamp = |lane: i16| lane.clamp(0, 255) as u8;
    std::array::from_fn(|lane| {
        clamp(if lane < 8 {
            low.0[lane]
        } else {
            high.0[lane - 8]
        })
    })
}

/// Eight lanes of each clamped to -128 to 127, with 128 added.
#[inline(always)]
pub(crate) fn centred_rows(low: I16x8, high: I16x8) -> [[u8; 8]; 2] {
    [low, high].map(|row| row.0.map(|lane| (lane.clamp(-128, 127) + 128) as u8))
}

/// Four columns of four, two and two, as rows; clamped to -128 to 127, with 128 added.
#[inline(always)]
pub(crate) fn centred_columns(low: I16x8, high: I16x8) -> [[u8; 4]; 4] {
    let columns = centred_rows(low, high);
    std::array::from_fn(|row| std::array::from_fn(|at| columns[at / 2][at % 2 * 4 + row]))
}

/// Eight rows of eight, turned.
#[inline(always)]
pub(crate) fn transpose_8x8(rows: [I16x8; 8]) -> [I16x8; 8] {
    std::array::from_fn(|row| I16x8(std::array::from_fn(|lane| rows[lane].0[row])))
}

/// Sixteen bytes as lanes of 16 bits.
#[inline(always)]
pub(crate) fn widen(bytes: &[u8; 16]) -> (I16x8, I16x8) {
    let half = |from: usize| I16x8(std::array::from_fn(|lane| i16::from(bytes[from + lane])));
    (half(0), half(8))
}

/// A byte of each in turn, as lanes of 16 bits: thirty-two.
#[inline(always)]
pub(crate) fn widen_pairs(a: U8x16, b: U8x16) -> [I16x8; 4] {
    let lane = |lane: usize| i16::from([a.0, b.0][lane % 2][lane / 2]);
    std::array::from_fn(|quarter| I16x8(std::array::from_fn(|at| lane(quarter * 8 + at))))
}

/// Three rows of sixteen, a byte of each in turn.
#[inline(always)]
pub(crate) fn interleave_3(rows: [[u8; 16]; 3]) -> [u8; 48] {
    std::array::from_fn(|at| rows[at % 3][at / 3])
}
