//! Four by four samples from the sixteen lowest frequencies: half the size without aliasing.

use crate::jpeg::blocks::Block;
use crate::jpeg::tables::Steps;
use crate::lanes::{I16x8, I32x4, centred_columns};

/// Fraction bits of the constants.
const CONSTANT_BITS: u32 = 13;
/// Fraction bits that the first pass leaves for the second.
const PASS_BITS: u32 = 2;
/// What the first pass shifts away.
const FIRST_SHIFT: u32 = CONSTANT_BITS - PASS_BITS;
/// What the second pass shifts away; the 3 is the transform's own factor of 8.
const SECOND_SHIFT: u32 = CONSTANT_BITS + PASS_BITS + 3;

/// The square root of 2 times the cosine of pi/8, with `CONSTANT_BITS` fraction bits.
const LARGE: i16 = 10_703;
/// The square root of 2 times the sine of pi/8, with `CONSTANT_BITS` fraction bits.
const SMALL: i16 = 4_433;

/// The samples of a block, 0 to 255.
#[inline(always)]
pub(super) fn samples(block: &Block, steps: &Steps) -> [[u8; 4]; 4] {
    let (rows, _) = block.as_chunks::<8>();
    let (steps, _) = steps.as_chunks::<8>();
    let row = |row: usize| I16x8::new(rows[row]).mul(I16x8::new(steps[row]));
    let (even, odd) = (row(0).zip_low(row(2)), row(1).zip_low(row(3)));
    let [a, b, c, d] = pass::<FIRST_SHIFT>(even, odd, 1 << (FIRST_SHIFT - 1));
    let (upper, lower) = (a.narrow(b), c.narrow(d));
    // In each row the places 0 and 2, and 1 and 3, now stand side by side: the pairs that a pass
    // over the rows multiplies.
    let (even, odd) = (upper.evens(lower), upper.odds(lower));
    let round = 1 << (SECOND_SHIFT - 1);
    let [a, b, c, d] = pass::<SECOND_SHIFT>(even, odd, round);
    centred_columns(a.narrow(b), c.narrow(d))
}

/// One pass: inputs 0 and 2 in pairs, inputs 1 and 3 in pairs, four outputs.
#[inline(always)]
fn pass<const SHIFT: u32>(even: I16x8, odd: I16x8, bias: i32) -> [I32x4; 4] {
    const ONE: i16 = 1 << CONSTANT_BITS;
    let bias = I32x4::splat(bias);
    let sum = even.dot(I16x8::pairs(ONE, ONE)).add(bias);
    let difference = even.dot(I16x8::pairs(ONE, -ONE)).add(bias);
    let outer = odd.dot(I16x8::pairs(LARGE, SMALL));
    let inner = odd.dot(I16x8::pairs(SMALL, -LARGE));
    [
        sum.add(outer).shr::<SHIFT>(),
        difference.add(inner).shr::<SHIFT>(),
        difference.sub(inner).shr::<SHIFT>(),
        sum.sub(outer).shr::<SHIFT>(),
    ]
}
