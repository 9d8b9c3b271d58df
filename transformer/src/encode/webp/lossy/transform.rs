//! Differences of 4x4 samples to coefficients and back (RFC 6386, 14.3 and 14.4). The way back is the
//! decoder's to the bit; the way there is scaled so that squared errors of coefficients are four times
//! those of samples.

use crate::lanes::{I16x8, I32x4, narrow_to_u8, widen};

/// 4x4 samples, row by row.
pub(super) type Block = [u8; 16];

/// Sixteen coefficients, row by row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coefficients(pub(super) I16x8, pub(super) I16x8);

impl Coefficients {
    pub(super) const ZERO: Self = Self(I16x8::splat(0), I16x8::splat(0));

    #[inline(always)]
    pub(super) fn constant(self) -> i16 {
        self.0.first()
    }

    #[inline(always)]
    pub(super) fn with_constant(self, value: i16) -> Self {
        Self(self.0.with_first(value), self.1)
    }

    #[inline(always)]
    pub(super) fn from_rows(rows: [i16; 16]) -> Self {
        let half = |from: usize| I16x8::new(std::array::from_fn(|at| rows[from + at]));
        Self(half(0), half(8))
    }

    #[inline(always)]
    pub(super) fn rows(self) -> [i16; 16] {
        let (low, high) = (self.0.lanes(), self.1.lanes());
        std::array::from_fn(|at| if at < 8 { low[at] } else { high[at - 8] })
    }

    /// Magnitudes in eighths, 31 at most.
    #[inline(always)]
    pub(super) fn eighths(self) -> [i16; 16] {
        let eighths = |row: I16x8| row.abs().shr::<3>().min(I16x8::splat(31));
        Self(eighths(self.0), eighths(self.1)).rows()
    }

    /// The squared distance.
    #[inline(always)]
    pub(super) fn error(self, other: Self) -> u32 {
        let (low, high) = (self.0.sub(other.0), self.1.sub(other.1));
        low.dot(low).add(high.dot(high)).sum() as u32
    }

    /// All magnitudes added.
    #[inline(always)]
    pub(super) fn magnitude(self) -> u32 {
        let sum = self.0.abs().add(self.1.abs());
        sum.dot(I16x8::splat(1)).sum() as u32
    }
}

/// What prediction leaves, as coefficients.
#[inline(always)]
pub(super) fn forward(source: &Block, prediction: &Block) -> Coefficients {
    let (source, prediction) = (widen(source), widen(prediction));
    let (low, high) = (source.0.sub(prediction.0), source.1.sub(prediction.1));
    let (low, high) = low.transpose(high);
    let (even, odd) = butterflies(low, high);
    let odd = (
        odd.0.add(I32x4::splat(1812)).shr::<9>(),
        odd.1.add(I32x4::splat(937)).shr::<9>(),
    );
    let odd = odd.0.narrow(odd.1);
    let low = even.0.shl::<3>().low_halves(odd);
    let high = even.1.shl::<3>().low_halves(odd.swap_halves());
    let (low, high) = low.transpose(high);
    let (even, odd) = butterflies(low, high);
    let round = I32x4::splat(1 << 15);
    let odd = odd
        .0
        .add(round)
        .shr::<16>()
        .narrow(odd.1.add(round).shr::<16>());
    let round = I16x8::splat(7);
    Coefficients(
        even.0.add(round).shr::<4>().low_halves(odd),
        even.1.add(round).shr::<4>().low_halves(odd.swap_halves()),
    )
}

/// Four rows to rows 0 and 2 (in the lower halves) and, before scaling, rows 1 and 3.
#[inline(always)]
fn butterflies(low: I16x8, high: I16x8) -> ((I16x8, I16x8), (I32x4, I32x4)) {
    let turned = high.swap_halves();
    let (sums, differences) = (low.add(turned), low.sub(turned));
    let other = sums.swap_halves();
    let zipped = differences.zip_halves();
    (
        (sums.add(other), sums.sub(other)),
        (
            zipped.dot(I16x8::pairs(5352, 2217)),
            zipped.dot(I16x8::pairs(2217, -5352)),
        ),
    )
}

/// A prediction and coefficients to what the decoder will see.
#[inline(always)]
pub(super) fn restore(prediction: &Block, coefficients: Coefficients) -> Block {
    let (low, high) = inverse(coefficients.0, coefficients.1);
    let (low, high) = low.transpose(high);
    let low = low.add(I16x8::new([4, 4, 4, 4, 0, 0, 0, 0]));
    let (low, high) = inverse(low, high);
    let (low, high) = low.transpose(high);
    let prediction = widen(prediction);
    narrow_to_u8(
        low.shr::<3>().add(prediction.0),
        high.shr::<3>().add(prediction.1),
    )
}

/// One direction of the way back.
#[inline(always)]
fn inverse(low: I16x8, high: I16x8) -> (I16x8, I16x8) {
    let (even, odd) = (low.low_halves(high), low.high_halves(high));
    let other = even.swap_halves();
    let even = even.add(other).low_halves(even.sub(other));
    // Times sqrt(2) cos(pi / 8), and times sqrt(2) sin(pi / 8): 35468 as 65536 - 30068.
    let (cosine, sine) = (
        odd.mul_high(I16x8::splat(20_091)).add(odd),
        odd.mul_high(I16x8::splat(-30_068)).add(odd),
    );
    let odd = cosine
        .add(sine.swap_halves())
        .low_halves(sine.sub(cosine.swap_halves()));
    (even.add(odd), even.sub(odd).swap_halves())
}

/// The constant coefficients of sixteen blocks, transformed once more.
pub(super) fn forward_constants(constants: &[i16; 16]) -> [i16; 16] {
    let mut rows = [0i32; 16];
    for y in 0..4 {
        let [a, b, c, d] = std::array::from_fn(|x| i32::from(constants[y * 4 + x]));
        let four = spread(a, b, c, d);
        rows[y * 4..][..4].copy_from_slice(&four);
    }
    let mut out = [0i16; 16];
    for x in 0..4 {
        let four = spread(rows[x], rows[4 + x], rows[8 + x], rows[12 + x]);
        for (y, value) in four.into_iter().enumerate() {
            out[y * 4 + x] = (value >> 1) as i16;
        }
    }
    out
}

fn spread(a: i32, b: i32, c: i32, d: i32) -> [i32; 4] {
    let (sum0, sum1) = (a + c, b + d);
    let (dif1, dif0) = (b - d, a - c);
    [sum0 + sum1, dif0 + dif1, dif0 - dif1, sum0 - sum1]
}

/// And back, as the decoder does.
pub(super) fn restore_constants(coefficients: &[i16; 16]) -> [i16; 16] {
    let mut rows = [0i32; 16];
    for x in 0..4 {
        let [a, b, c, d] = std::array::from_fn(|y| i32::from(coefficients[y * 4 + x]));
        for (y, value) in gather(a, b, c, d).into_iter().enumerate() {
            rows[y * 4 + x] = value;
        }
    }
    let mut out = [0i16; 16];
    for y in 0..4 {
        let row = &rows[y * 4..][..4];
        for (x, value) in gather(row[0] + 3, row[1], row[2], row[3])
            .into_iter()
            .enumerate()
        {
            out[y * 4 + x] = (value >> 3) as i16;
        }
    }
    out
}

fn gather(a: i32, b: i32, c: i32, d: i32) -> [i32; 4] {
    let (sum0, sum1) = (a + d, b + c);
    let (dif1, dif0) = (b - c, a - d);
    [sum0 + sum1, dif0 + dif1, sum0 - sum1, dif0 - dif1]
}
