//! Inverse transforms: a block's coefficients and quantisation steps come in, a square of samples is
//! written into a plane. One file per size; each takes only the frequencies that fit its size.

mod full;
mod half;
mod quarter;

use super::blocks::Block;
use super::planes::Stripe;
use super::tables::Steps;

/// Write a block as a square of `SIDE` samples at `at` in `stripe`. `end` is the zigzag index past the
/// last coefficient that is not zero.
#[inline(always)]
pub(super) fn write<const SIDE: usize>(
    (block, end): (&Block, usize),
    steps: &Steps,
    stripe: &mut Stripe,
    at: usize,
) {
    // Before the transform: Cranelift would compute it anew for each row that depends on a check of its own.
    let Some(square) = square::<SIDE>(stripe, at) else {
        return;
    };
    if SIDE == 1 || end <= 1 {
        return fill(square, &[[flat(block, steps); SIDE]; SIDE]);
    }
    match SIDE {
        8 => fill(square, &full::samples(block, steps)),
        4 => fill(square, &half::samples(block, steps)),
        _ => fill(square, &quarter::samples(block, steps)),
    }
}

/// Where the rows of a square go, all of which are there.
type Square<'a, const SIDE: usize> = [Option<&'a mut [u8]>; SIDE];

#[inline(always)]
fn square<'a, const SIDE: usize>(stripe: &'a mut Stripe, at: usize) -> Option<Square<'a, SIDE>> {
    let mut rows = stripe.samples.get_mut(at..)?.chunks_mut(stripe.stride);
    let square: Square<SIDE> = std::array::from_fn(|_| rows.next()?.get_mut(..SIDE));
    square.iter().all(Option::is_some).then_some(square)
}

#[inline(always)]
fn fill<const SIDE: usize, const SAMPLES: usize>(
    square: Square<SIDE>,
    samples: &[[u8; SAMPLES]; SAMPLES],
) {
    for (row, samples) in square.into_iter().zip(samples) {
        if let Some(row) = row.and_then(<[u8]>::first_chunk_mut) {
            *row = *samples;
        }
    }
}

/// The one sample of a block that has no coefficient but the first. Two fraction bits in 16, as in the
/// larger transforms: what a broken file makes too large for that comes out as in libjpeg-turbo.
#[inline(always)]
fn flat(block: &Block, steps: &Steps) -> u8 {
    let mean = block[0].wrapping_mul(steps[0]).wrapping_shl(2);
    (((i32::from(mean) + 16) >> 5) + 128).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests;
