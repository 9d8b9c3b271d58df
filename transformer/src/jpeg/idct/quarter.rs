//! Two by two samples from the four lowest frequencies, whose factors are all one.

use crate::jpeg::blocks::Block;
use crate::jpeg::tables::Steps;

/// The samples of a block, 0 to 255.
#[inline(always)]
pub(super) fn samples(block: &Block, steps: &Steps) -> [[u8; 2]; 2] {
    let frequency = |place: usize| i32::from(block[place].wrapping_mul(steps[place]));
    let (left, right) = (frequency(0) + frequency(1), frequency(0) - frequency(1));
    let (left_slope, right_slope) = (frequency(8) + frequency(9), frequency(8) - frequency(9));
    let sample = |sum: i32| (((sum + 4) >> 3) + 128).clamp(0, 255) as u8;
    [
        [sample(left + left_slope), sample(right + right_slope)],
        [sample(left - left_slope), sample(right - right_slope)],
    ]
}
