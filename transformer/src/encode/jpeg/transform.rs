//! A block of samples in, 64 quantised coefficients out. Written column-wise over lanes of eight, so that
//! the compiler makes vectors of it; only additions and multiplications of 32-bit floats in a fixed
//! order, so that every machine gives the same numbers.

/// Eight rows of eight samples around zero, or their transform.
pub(super) type Block = [[f32; 8]; 8];

/// Quantised coefficients at `column frequency * 8 + row frequency`: transposed, see `forward`.
pub(super) type Coefficients = [i16; 64];

/// 1.5 times 2^23: adding it leaves the rounded number in the low bits of the sum.
const ROUND: f32 = 12_582_912.0;

/// Transform and quantise. The result is transposed, which saves turning the block back.
pub(super) fn quantised(block: &mut Block, reciprocals: &Block) -> Coefficients {
    forward(block);
    let mut out = [0; 64];
    let (rows, _) = out.as_chunks_mut::<8>();
    for (row, (values, factors)) in rows.iter_mut().zip(block.iter().zip(reciprocals)) {
        for lane in 0..8 {
            let sum = values[lane] * factors[lane] + ROUND;
            row[lane] = (sum.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32) as i16;
        }
    }
    out
}

/// The two-dimensional cosine transform by Arai, Agui and Nakajima's factorisation; the scale factors it
/// leaves are in `tables::reciprocals`. Columns first, then the transposed rows.
fn forward(block: &mut Block) {
    columns(block);
    *block = core::array::from_fn(|u| core::array::from_fn(|v| block[v][u]));
    columns(block);
}

#[inline]
#[expect(
    clippy::needless_range_loop,
    reason = "a lane runs through all rows, which no iterator over rows does"
)]
fn columns(block: &mut Block) {
    for lane in 0..8 {
        let [x0, x1, x2, x3, x4, x5, x6, x7] = core::array::from_fn(|row| block[row][lane]);
        let (s07, d07, s16, d16) = (x0 + x7, x0 - x7, x1 + x6, x1 - x6);
        let (s25, d25, s34, d34) = (x2 + x5, x2 - x5, x3 + x4, x3 - x4);
        let (outer, outer_difference) = (s07 + s34, s07 - s34);
        let (inner, inner_difference) = (s16 + s25, s16 - s25);
        let even = (inner_difference + outer_difference) * 0.707_106_77;
        block[0][lane] = outer + inner;
        block[4][lane] = outer - inner;
        block[2][lane] = outer_difference + even;
        block[6][lane] = outer_difference - even;
        let (low, middle, high) = (d34 + d25, d25 + d16, d16 + d07);
        let turn = (low - high) * 0.382_683_43;
        let (low, high) = (low * 0.541_196_1 + turn, high * 1.306_563 + turn);
        let middle = middle * 0.707_106_77;
        let (plus, minus) = (d07 + middle, d07 - middle);
        block[5][lane] = minus + low;
        block[3][lane] = minus - low;
        block[1][lane] = plus + high;
        block[7][lane] = plus - high;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables;
    use super::*;
    use std::f64::consts::PI;

    /// The definition, T.81 A.3.3, in natural order.
    fn slow(block: &Block) -> [f64; 64] {
        let c = |k: usize| if k == 0 { 0.5f64.sqrt() } else { 1.0 };
        core::array::from_fn(|at| {
            let (v, u) = (at / 8, at % 8);
            let mut sum = 0.0;
            for (y, row) in block.iter().enumerate() {
                for (x, sample) in row.iter().enumerate() {
                    let wave =
                        |at: usize, k: usize| ((2 * at + 1) as f64 * k as f64 * PI / 16.0).cos();
                    sum += f64::from(*sample) * wave(x, u) * wave(y, v);
                }
            }
            sum * c(u) * c(v) / 4.0
        })
    }

    #[test]
    fn agrees_with_the_definition() {
        let mut state = 7u32;
        for quality in [20, 75, 100] {
            let steps = tables::quantisation(tables::Kind::Luma, quality);
            let reciprocals = tables::reciprocals(&steps);
            for _ in 0..50 {
                let mut block: Block = core::array::from_fn(|_| {
                    core::array::from_fn(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (state >> 24) as f32 - 128.0
                    })
                });
                let wanted = slow(&block);
                let seen = quantised(&mut block, &reciprocals);
                for (at, wanted) in wanted.iter().enumerate() {
                    let exact = wanted / f64::from(steps[at]);
                    let seen = f64::from(seen[at % 8 * 8 + at / 8]);
                    assert!((seen - exact).abs() < 0.501, "{seen} for {exact} at {at}");
                }
            }
        }
    }
}
