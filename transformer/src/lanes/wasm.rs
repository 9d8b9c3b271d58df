//! Lanes as WebAssembly's 128-bit vectors. All of these operations are safe functions; arrays become
//! vectors lane by lane, which the compiler makes one load or store.

mod blocks;

pub(crate) use blocks::U8x16;

use core::arch::wasm32::{
    i8x16_narrow_i16x8, i8x16_shuffle, i8x16_splat, i16x8, i16x8_add, i16x8_extend_high_u8x16,
    i16x8_extend_low_u8x16, i16x8_extract_lane, i16x8_mul, i16x8_narrow_i32x4, i16x8_shuffle,
    i16x8_sub, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shr, i32x4_shuffle,
    i32x4_splat, i32x4_sub, i64x2_shuffle, u8x16, u8x16_extract_lane, u8x16_narrow_i16x8,
    u32x4_extract_lane, u64x2_extract_lane, v128, v128_xor,
};

/// Eight lanes of 16 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct I16x8(v128);

/// Four lanes of 32 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct I32x4(v128);

impl I16x8 {
    #[inline(always)]
    pub(crate) const fn new(l: [i16; 8]) -> Self {
        Self(i16x8(l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]))
    }

    /// The lanes in order.
    #[inline(always)]
    pub(crate) fn lanes(self) -> [i16; 8] {
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

    /// `a, b, a, b, a, b, a, b`: the other side of a [`I16x8::dot`].
    #[inline(always)]
    pub(crate) const fn pairs(a: i16, b: i16) -> Self {
        Self(i16x8(a, b, a, b, a, b, a, b))
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(i16x8_add(self.0, other.0))
    }

    /// Differences that wrap.
    #[inline(always)]
    pub(crate) fn sub(self, other: Self) -> Self {
        Self(i16x8_sub(self.0, other.0))
    }

    /// Products that wrap.
    #[inline(always)]
    pub(crate) fn mul(self, other: Self) -> Self {
        Self(i16x8_mul(self.0, other.0))
    }

    /// Products of neighbours added: lane 0 is `self[0] * other[0] + self[1] * other[1]`.
    #[inline(always)]
    pub(crate) fn dot(self, other: Self) -> I32x4 {
        I32x4(i32x4_dot_i16x8(self.0, other.0))
    }

    /// The first four lanes of each, in turn.
    #[inline(always)]
    pub(crate) fn zip_low(self, other: Self) -> Self {
        Self(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0))
    }

    /// The last four lanes of each, in turn.
    #[inline(always)]
    pub(crate) fn zip_high(self, other: Self) -> Self {
        Self(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0))
    }

    /// Lanes 0, 2, 4, 6 of both.
    #[inline(always)]
    pub(crate) fn evens(self, other: Self) -> Self {
        Self(i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(self.0, other.0))
    }

    /// Two neighbours, four times: lanes 0 and 1, or 2 and 3.
    #[inline(always)]
    pub(crate) fn pair<const PAIR: usize>(self) -> Self {
        if PAIR == 0 {
            Self(i32x4_shuffle::<0, 0, 0, 0>(self.0, self.0))
        } else {
            Self(i32x4_shuffle::<1, 1, 1, 1>(self.0, self.0))
        }
    }

    /// Lanes 1, 3, 5, 7 of both.
    #[inline(always)]
    pub(crate) fn odds(self, other: Self) -> Self {
        Self(i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(self.0, other.0))
    }
}

impl I32x4 {
    #[inline(always)]
    pub(crate) fn splat(value: i32) -> Self {
        Self(i32x4_splat(value))
    }

    /// Sums that wrap.
    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    /// Differences that wrap.
    #[inline(always)]
    pub(crate) fn sub(self, other: Self) -> Self {
        Self(i32x4_sub(self.0, other.0))
    }

    /// The lanes of each added, which wraps: those of the first in lane 0.
    #[inline(always)]
    pub(crate) fn totals(all: [Self; 4]) -> Self {
        let [a, b, c, d] = all.map(|one| one.0);
        let halves = |a, b| {
            i32x4_add(
                i32x4_shuffle::<0, 4, 1, 5>(a, b),
                i32x4_shuffle::<2, 6, 3, 7>(a, b),
            )
        };
        let (low, high) = (halves(a, b), halves(c, d));
        Self(i32x4_add(
            i64x2_shuffle::<0, 2>(low, high),
            i64x2_shuffle::<1, 3>(low, high),
        ))
    }

    /// Clamped to 0 to 255.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; 4] {
        let words = i16x8_narrow_i32x4(self.0, self.0);
        i32x4_extract_lane::<0>(u8x16_narrow_i16x8(words, words)).to_le_bytes()
    }

    /// Signed shift to the right.
    #[inline(always)]
    pub(crate) fn shr<const BITS: u32>(self) -> Self {
        Self(i32x4_shr(self.0, BITS))
    }

    /// Eight lanes of 16 bits, clamped: `self` first.
    #[inline(always)]
    pub(crate) fn narrow(self, high: Self) -> I16x8 {
        I16x8(i16x8_narrow_i32x4(self.0, high.0))
    }
}

/// Sixteen lanes clamped to 0 to 255.
#[inline(always)]
pub(crate) fn narrow_to_u8(low: I16x8, high: I16x8) -> [u8; 16] {
    bytes(u8x16_narrow_i16x8(low.0, high.0))
}

/// Eight lanes of each clamped to -128 to 127, with 128 added. Taken out as words: byte by byte would be as
/// many stores.
#[inline(always)]
pub(crate) fn centred_rows(low: I16x8, high: I16x8) -> [[u8; 8]; 2] {
    let rows = centred(low, high);
    [
        u64x2_extract_lane::<0>(rows).to_le_bytes(),
        u64x2_extract_lane::<1>(rows).to_le_bytes(),
    ]
}

/// Four columns of four, two and two, as rows; clamped to -128 to 127, with 128 added.
#[inline(always)]
pub(crate) fn centred_columns(low: I16x8, high: I16x8) -> [[u8; 4]; 4] {
    let columns = centred(low, high);
    let rows =
        i8x16_shuffle::<0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15>(columns, columns);
    [
        u32x4_extract_lane::<0>(rows).to_le_bytes(),
        u32x4_extract_lane::<1>(rows).to_le_bytes(),
        u32x4_extract_lane::<2>(rows).to_le_bytes(),
        u32x4_extract_lane::<3>(rows).to_le_bytes(),
    ]
}

#[inline(always)]
fn centred(low: I16x8, high: I16x8) -> v128 {
    v128_xor(i8x16_narrow_i16x8(low.0, high.0), i8x16_splat(-128))
}

/// Eight rows of eight, turned.
#[inline(always)]
pub(crate) fn transpose_8x8(rows: [I16x8; 8]) -> [I16x8; 8] {
    let [a, b, c, d, e, f, g, h] = rows;
    // Neighbouring rows interleaved, then pairs of pairs, then halves.
    let low = [a.zip_low(b), c.zip_low(d), e.zip_low(f), g.zip_low(h)];
    let high = [a.zip_high(b), c.zip_high(d), e.zip_high(f), g.zip_high(h)];
    let quarter = |pairs: [I16x8; 4]| {
        let [ab, cd, ef, gh] = pairs.map(|pair| pair.0);
        let upper = (
            i32x4_shuffle::<0, 4, 1, 5>(ab, cd),
            i32x4_shuffle::<0, 4, 1, 5>(ef, gh),
        );
        let lower = (
            i32x4_shuffle::<2, 6, 3, 7>(ab, cd),
            i32x4_shuffle::<2, 6, 3, 7>(ef, gh),
        );
        [
            i64x2_shuffle::<0, 2>(upper.0, upper.1),
            i64x2_shuffle::<1, 3>(upper.0, upper.1),
            i64x2_shuffle::<0, 2>(lower.0, lower.1),
            i64x2_shuffle::<1, 3>(lower.0, lower.1),
        ]
        .map(I16x8)
    };
    let ([r0, r1, r2, r3], [r4, r5, r6, r7]) = (quarter(low), quarter(high));
    [r0, r1, r2, r3, r4, r5, r6, r7]
}

#[inline(always)]
fn bytes(lanes: v128) -> [u8; 16] {
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

/// Sixteen bytes as lanes of 16 bits.
#[inline(always)]
pub(crate) fn widen(bytes: &[u8; 16]) -> (I16x8, I16x8) {
    let lanes = vector(bytes);
    (
        I16x8(i16x8_extend_low_u8x16(lanes)),
        I16x8(i16x8_extend_high_u8x16(lanes)),
    )
}

/// A byte of each in turn, as lanes of 16 bits: thirty-two.
#[inline(always)]
pub(crate) fn widen_pairs(a: U8x16, b: U8x16) -> [I16x8; 4] {
    let (a, b) = (a.0, b.0);
    let low = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b);
    let high = i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b);
    [
        I16x8(i16x8_extend_low_u8x16(low)),
        I16x8(i16x8_extend_high_u8x16(low)),
        I16x8(i16x8_extend_low_u8x16(high)),
        I16x8(i16x8_extend_high_u8x16(high)),
    ]
}

/// Three rows of sixteen, a byte of each in turn.
#[inline(always)]
pub(crate) fn interleave_3(rows: [[u8; 16]; 3]) -> [u8; 48] {
    let [r, g, b] = rows.map(|row| vector(&row));
    // 0 stands where the third row's byte is put in by the second shuffle.
    let rg0 = i8x16_shuffle::<0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5>(r, g);
    let rg1 = i8x16_shuffle::<21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26>(r, g);
    let rg2 = i8x16_shuffle::<0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0>(r, g);
    let out = [
        i8x16_shuffle::<0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15>(rg0, b),
        i8x16_shuffle::<0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15>(rg1, b),
        i8x16_shuffle::<26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31>(rg2, b),
    ];
    let mut interleaved = [0; 48];
    for (chunk, lanes) in interleaved.as_chunks_mut().0.iter_mut().zip(out) {
        *chunk = bytes(lanes);
    }
    interleaved
}

#[inline(always)]
fn vector(b: &[u8; 16]) -> v128 {
    u8x16(
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15],
    )
}
