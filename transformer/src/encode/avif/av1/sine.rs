//! The asymmetric sine transforms of 4, 8 and 16 rows and their inverses (AV1 specification, 7.13.2.6 to
//! 7.13.2.9). All stages of the larger ones are their own inverses: forward they run backwards.

use super::butterfly::{Row, reflect, reflect_negative, round, sum_difference};
use crate::lanes::I16x8;

/// `sqrt(2) * 2/3 * 4096 * sin(n * pi / 9)`.
const SINES: [i16; 5] = [0, 1321, 2482, 3344, 3803];

const INVERSE_4: [[i16; 4]; 4] = [
    [SINES[1], SINES[3], SINES[4], SINES[2]],
    [SINES[2], SINES[3], -SINES[1], -SINES[4]],
    [SINES[3], 0, -SINES[3], SINES[3]],
    [SINES[4], -SINES[3], SINES[2], -SINES[1]],
];

pub(super) fn inverse_4(x: [Row; 4]) -> [Row; 4] {
    INVERSE_4.map(|weights| sum_4(x, weights))
}

pub(super) fn forward_4(x: [Row; 4]) -> [Row; 4] {
    std::array::from_fn(|at| sum_4(x, INVERSE_4.map(|row| row[at])))
}

#[inline(always)]
fn sum_4([a, b, c, d]: [Row; 4], weights: [i16; 4]) -> Row {
    let first = I16x8::pairs(weights[0], weights[1]);
    let second = I16x8::pairs(weights[2], weights[3]);
    round(
        a.zip_low(b).dot(first).add(c.zip_low(d).dot(second)),
        a.zip_high(b).dot(first).add(c.zip_high(d).dot(second)),
    )
}

/// Where the coefficients enter, and where samples leave, some with the other sign.
const ENTRIES_8: [usize; 8] = [7, 0, 5, 2, 3, 4, 1, 6];
const EXITS_8: [(usize, bool); 8] = [
    (0, false),
    (4, true),
    (6, false),
    (2, true),
    (3, false),
    (7, true),
    (5, false),
    (1, true),
];
const ENTRIES_16: [usize; 16] = [15, 0, 13, 2, 11, 4, 9, 6, 7, 8, 5, 10, 3, 12, 1, 14];
const EXITS_16: [(usize, bool); 16] = [
    (0, false),
    (8, true),
    (12, false),
    (4, true),
    (6, false),
    (14, true),
    (10, false),
    (2, true),
    (3, false),
    (11, true),
    (15, false),
    (7, true),
    (5, false),
    (13, true),
    (9, false),
    (1, true),
];

pub(super) fn inverse_8(x: [Row; 8]) -> [Row; 8] {
    let mut rows = ENTRIES_8.map(|at| x[at]);
    enter(&mut rows, [4, 20, 36, 52]);
    sums(&mut rows, 4);
    quarters(&mut rows);
    sums(&mut rows, 2);
    halves(&mut rows);
    leave(&rows, EXITS_8)
}

pub(super) fn forward_8(x: [Row; 8]) -> [Row; 8] {
    let mut rows = come_back(&x, EXITS_8);
    halves(&mut rows);
    sums(&mut rows, 2);
    quarters(&mut rows);
    sums(&mut rows, 4);
    enter(&mut rows, [4, 20, 36, 52]);
    put_back(&rows, ENTRIES_8)
}

pub(super) fn inverse_16(x: [Row; 16]) -> [Row; 16] {
    let mut rows = ENTRIES_16.map(|at| x[at]);
    enter(&mut rows, [2, 10, 18, 26, 34, 42, 50, 58]);
    sums(&mut rows, 8);
    eighths(&mut rows);
    sums(&mut rows, 4);
    quarters(&mut rows);
    sums(&mut rows, 2);
    halves(&mut rows);
    leave(&rows, EXITS_16)
}

pub(super) fn forward_16(x: [Row; 16]) -> [Row; 16] {
    let mut rows = come_back(&x, EXITS_16);
    halves(&mut rows);
    sums(&mut rows, 2);
    quarters(&mut rows);
    sums(&mut rows, 4);
    eighths(&mut rows);
    sums(&mut rows, 8);
    enter(&mut rows, [2, 10, 18, 26, 34, 42, 50, 58]);
    put_back(&rows, ENTRIES_16)
}

#[inline(always)]
fn enter<const COUNT: usize>(rows: &mut [Row], angles: [usize; COUNT]) {
    for (pair, angle) in angles.into_iter().enumerate() {
        reflect(rows, pair * 2, pair * 2 + 1, angle);
    }
}

/// Sums with what stands `step` further, in groups of twice as many.
#[inline(always)]
fn sums(rows: &mut [Row], step: usize) {
    for group in rows.chunks_exact_mut(step * 2) {
        for at in 0..step {
            sum_difference(group, at, at + step);
        }
    }
}

#[inline(always)]
fn eighths(rows: &mut [Row]) {
    reflect(rows, 8, 9, 8);
    reflect(rows, 10, 11, 40);
    reflect_negative(rows, 12, 13, 56);
    reflect_negative(rows, 14, 15, 24);
}

#[inline(always)]
fn quarters(rows: &mut [Row]) {
    for group in rows.chunks_exact_mut(8) {
        reflect(group, 4, 5, 16);
        reflect_negative(group, 6, 7, 48);
    }
}

#[inline(always)]
fn halves(rows: &mut [Row]) {
    for group in rows.chunks_exact_mut(4) {
        reflect(group, 2, 3, 32);
    }
}

#[inline(always)]
fn leave<const SIZE: usize>(rows: &[Row; SIZE], exits: [(usize, bool); SIZE]) -> [Row; SIZE] {
    exits.map(|(from, negative)| negate_if(rows[from], negative))
}

#[inline(always)]
fn come_back<const SIZE: usize>(x: &[Row; SIZE], exits: [(usize, bool); SIZE]) -> [Row; SIZE] {
    let mut rows = *x;
    for (x, (to, negative)) in x.iter().zip(exits) {
        rows[to] = negate_if(*x, negative);
    }
    rows
}

#[inline(always)]
fn put_back<const SIZE: usize>(rows: &[Row; SIZE], entries: [usize; SIZE]) -> [Row; SIZE] {
    let mut x = *rows;
    for (row, to) in rows.iter().zip(entries) {
        x[to] = *row;
    }
    x
}

#[inline(always)]
fn negate_if(row: Row, negative: bool) -> Row {
    if negative {
        I16x8::splat(0).sub_saturating(row)
    } else {
        row
    }
}
