//! Two by two samples from the four lowest frequencies, whose factors are all one.

use crate::jpeg::blocks::Block;
use crate::jpeg::tables::Steps;
use crate::lanes::{I16x8, I32x4};

/// The samples of a block, 0 to 255.
#[inline(always)]
pub(super) fn samples(block: &Block, steps: &Steps) -> [[u8; 2]; 2] {
    let (rows, _) = block.as_chunks::<8>();
    let (steps, _) = steps.as_chunks::<8>();
    let row = |row: usize| I16x8::new(rows[row]).mul(I16x8::new(steps[row]));
    // The left column's two frequencies side by side, and the right column's.
    let columns = row(0).zip_low(row(1));
    let (left, right) = (columns.pair::<0>(), columns.pair::<1>());
    let sums = left
        .dot(I16x8::new([1, 1, 1, 1, 1, -1, 1, -1]))
        .add(right.dot(I16x8::new([1, 1, -1, -1, 1, -1, -1, 1])));
    let centred = sums.add(I32x4::splat(4 + (128 << 3))).shr::<3>();
    let [a, b, c, d] = centred.bytes();
    [[a, b], [c, d]]
}
