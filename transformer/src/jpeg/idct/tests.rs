//! Every size against the transform's definition in floating point.

use super::super::tables::{Steps, ZIGZAG};
use super::{Block, write};
use crate::jpeg::planes::Stripe;

/// The samples by definition: the lowest `side` frequencies of both directions, at their own size.
fn defined(block: &Block, steps: &Steps, side: usize) -> Vec<f64> {
    let count = side as f64;
    let basis = |frequency: usize, place: usize| {
        let scale = if frequency == 0 { 1.0 } else { 2.0 } / count;
        let angle = (2 * place + 1) as f64 * frequency as f64 * std::f64::consts::PI;
        scale.sqrt() * (angle / (2.0 * count)).cos()
    };
    let mut samples = Vec::new();
    for (y, x) in (0..side * side).map(|at| (at / side, at % side)) {
        let mut sum = 0.0;
        for (v, u) in (0..side * side).map(|at| (at / side, at % side)) {
            let coefficient = f64::from(block[v * 8 + u]) * f64::from(steps[v * 8 + u]);
            sum += coefficient * basis(v, y) * basis(u, x);
        }
        samples.push((sum * count / 8.0 + 128.0).clamp(0.0, 255.0));
    }
    samples
}

/// A block with `count` coefficients of a size that falls with the frequency, as in pictures.
fn block(seed: u32, count: usize) -> Block {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let mut block = [0; 128];
    for (index, &place) in ZIGZAG.iter().take(count).enumerate() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let limit = if index == 0 {
            600
        } else {
            300 / index as i32 + 1
        };
        block[usize::from(place)] = ((state >> 8) as i32 % (limit * 2 + 1) - limit) as i16;
    }
    block
}

fn check<const SIDE: usize>(block: &Block, end: usize) {
    let steps: Steps = std::array::from_fn(|place| 1 + (place % 5) as i16);
    let mut plane = vec![7; SIDE * (SIDE + 3)];
    let mut stripe = Stripe {
        samples: &mut plane,
        stride: SIDE + 3,
    };
    write::<SIDE>((block, end), &steps, &mut stripe, 2);
    let wanted = defined(block, &steps, SIDE);
    for (at, wanted) in wanted.into_iter().enumerate() {
        let (row, column) = (at / SIDE, at % SIDE);
        let got = f64::from(plane[2 + row * (SIDE + 3) + column]);
        assert!(
            (got - wanted).abs() < 1.1,
            "side {SIDE} at {at}: {got} for {wanted}"
        );
    }
    assert_eq!(plane[..2], [7, 7], "written outside the square");
}

#[test]
fn every_size_follows_the_definition() {
    for seed in 1..200 {
        let count = 1 + seed as usize % 64;
        let block = block(seed, count);
        check::<8>(&block, count);
        check::<4>(&block, count);
        check::<2>(&block, count);
        check::<1>(&block, count);
    }
}

#[test]
fn a_square_that_does_not_fit_is_not_written_past_the_plane() {
    let block = block(3, 20);
    let mut plane = [0; 11];
    for at in [0, 12] {
        let mut stripe = Stripe {
            samples: &mut plane,
            stride: 8,
        };
        write::<8>((&block, 20), &[1; 64], &mut stripe, at);
    }
    assert_eq!(plane[8..], [0; 3]);
}
