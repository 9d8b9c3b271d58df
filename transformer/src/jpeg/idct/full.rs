//! Eight by eight samples: the whole inverse transform, in the integer arithmetic of libjpeg's
//! `islow`, so that the samples are the same to the bit wherever 16 bits hold the products.

use crate::jpeg::blocks::Block;
use crate::jpeg::tables::Steps;
use crate::lanes::{I16x8, I32x4, centred_rows, transpose_8x8};

/// Fraction bits of the constants.
const CONSTANT_BITS: u32 = 13;
/// Fraction bits that the first pass leaves for the second.
const PASS_BITS: u32 = 2;
/// What the first pass shifts away.
const FIRST_SHIFT: u32 = CONSTANT_BITS - PASS_BITS;
/// What the second pass shifts away; the 3 is the transform's own factor of 8.
const SECOND_SHIFT: u32 = CONSTANT_BITS + PASS_BITS + 3;

/// A factor with `CONSTANT_BITS` fraction bits.
const fn fixed(factor: f64) -> i16 {
    let scaled = factor * (1 << CONSTANT_BITS) as f64;
    (if scaled < 0.0 {
        scaled - 0.5
    } else {
        scaled + 0.5
    }) as i16
}

/// The samples of a block, 0 to 255.
#[inline(always)]
pub(super) fn samples(block: &Block, steps: &Steps) -> [[u8; 8]; 8] {
    let (rows, _) = block.as_chunks::<8>();
    let (steps, _) = steps.as_chunks::<8>();
    let frequencies = std::array::from_fn(|row| I16x8::new(rows[row]).mul(I16x8::new(steps[row])));
    let round = 1 << (FIRST_SHIFT - 1);
    let columns = transpose_8x8(pass::<FIRST_SHIFT>(frequencies, round));
    let round = 1 << (SECOND_SHIFT - 1);
    let rows = transpose_8x8(pass::<SECOND_SHIFT>(columns, round));
    let mut samples = [[0; 8]; 8];
    for (pair, rows) in samples
        .as_chunks_mut::<2>()
        .0
        .iter_mut()
        .zip(rows.as_chunks::<2>().0)
    {
        *pair = centred_rows(rows[0], rows[1]);
    }
    samples
}

/// One pass over all eight columns: eight inputs across the vectors, eight outputs, descaled.
#[inline(always)]
fn pass<const SHIFT: u32>(input: [I16x8; 8], bias: i32) -> [I16x8; 8] {
    let low = half_pass::<SHIFT>(input, bias, I16x8::zip_low);
    let high = half_pass::<SHIFT>(input, bias, I16x8::zip_high);
    std::array::from_fn(|row| low[row].narrow(high[row]))
}

/// A pass over the four columns that `zip` takes. Products of two inputs come from one `dot` each.
#[inline(always)]
fn half_pass<const SHIFT: u32>(
    input: [I16x8; 8],
    bias: i32,
    zip: impl Fn(I16x8, I16x8) -> I16x8,
) -> [I32x4; 8] {
    const ONE: i16 = 1 << CONSTANT_BITS;
    let pairs = I16x8::pairs;
    let middle = zip(input[0].add(input[4]), input[0].sub(input[4]));
    let sum = middle.dot(pairs(ONE, 0)).add(I32x4::splat(bias));
    let difference = middle.dot(pairs(0, ONE)).add(I32x4::splat(bias));
    let outer = zip(input[2], input[6]);
    let even2 = outer.dot(pairs(
        fixed(0.541_196_100),
        fixed(0.541_196_100) - fixed(1.847_759_065),
    ));
    let even3 = outer.dot(pairs(
        fixed(0.541_196_100) + fixed(0.765_366_865),
        fixed(0.541_196_100),
    ));
    let even = [
        sum.add(even3),
        difference.add(even2),
        difference.sub(even2),
        sum.sub(even3),
    ];
    let odd = odd_part(&input, zip);
    std::array::from_fn(|row| {
        let output = if row < 4 {
            even[row].add(odd[row])
        } else {
            even[7 - row].sub(odd[7 - row])
        };
        output.shr::<SHIFT>()
    })
}

/// What the odd inputs add to the first four outputs and take from the last four.
#[inline(always)]
fn odd_part(input: &[I16x8; 8], zip: impl Fn(I16x8, I16x8) -> I16x8) -> [I32x4; 4] {
    let pairs = I16x8::pairs;
    let sums = zip(input[7].add(input[3]), input[5].add(input[1]));
    let z3 = sums.dot(pairs(
        fixed(1.175_875_602) - fixed(1.961_570_560),
        fixed(1.175_875_602),
    ));
    let z4 = sums.dot(pairs(
        fixed(1.175_875_602),
        fixed(1.175_875_602) - fixed(0.390_180_644),
    ));
    let outer = zip(input[7], input[1]);
    let inner = zip(input[5], input[3]);
    let odd0 = outer.dot(pairs(
        fixed(0.298_631_336) - fixed(0.899_976_223),
        -fixed(0.899_976_223),
    ));
    let odd1 = inner.dot(pairs(
        fixed(2.053_119_869) - fixed(2.562_915_447),
        -fixed(2.562_915_447),
    ));
    let odd2 = inner.dot(pairs(
        -fixed(2.562_915_447),
        fixed(3.072_711_026) - fixed(2.562_915_447),
    ));
    let odd3 = outer.dot(pairs(
        -fixed(0.899_976_223),
        fixed(1.501_321_110) - fixed(0.899_976_223),
    ));
    [odd3.add(z4), odd2.add(z3), odd1.add(z4), odd0.add(z3)]
}
