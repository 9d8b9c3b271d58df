//! Inverse transforms: a block's coefficients and quantisation steps come in, a square of samples is
//! written into a plane. One file per size; each takes only the frequencies that fit its size.

mod full;
mod half;
mod quarter;

use super::blocks::Block;
use super::tables::Steps;

/// Write a block as a square of `SIDE` samples at `at` in `plane`. `end` is the zigzag index past the
/// last coefficient that is not zero.
#[inline(always)]
pub(super) fn write<const SIDE: usize>(
    (block, end): (&Block, usize),
    steps: &Steps,
    (plane, stride): (&mut [u8], usize),
    at: usize,
) {
    let Some(plane) = plane.get_mut(at..) else {
        return;
    };
    if SIDE == 1 || end <= 1 {
        let sample = flat(block, steps);
        for row in plane.chunks_mut(stride).take(SIDE) {
            if let Some(row) = row.first_chunk_mut::<SIDE>() {
                *row = [sample; SIDE];
            }
        }
        return;
    }
    match SIDE {
        8 => rows(plane, stride, &full::samples(block, steps)),
        4 => rows(plane, stride, &half::samples(block, steps)),
        _ => rows(plane, stride, &quarter::samples(block, steps)),
    }
}

/// The one sample of a block that has no coefficient but the first. Two fraction bits in 16, as in the
/// larger transforms: what a broken file makes too large for that comes out as in libjpeg-turbo.
#[inline(always)]
fn flat(block: &Block, steps: &Steps) -> u8 {
    let mean = block[0].wrapping_mul(steps[0]).wrapping_shl(2);
    (((i32::from(mean) + 16) >> 5) + 128).clamp(0, 255) as u8
}

#[inline(always)]
fn rows<const SIDE: usize>(plane: &mut [u8], stride: usize, samples: &[[u8; SIDE]; SIDE]) {
    for (row, samples) in plane.chunks_mut(stride).zip(samples) {
        if let Some(row) = row.first_chunk_mut() {
            *row = *samples;
        }
    }
}

#[cfg(test)]
mod tests;
