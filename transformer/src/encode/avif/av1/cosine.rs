//! The cosine transforms of 4, 8, 16 and 32 rows and their inverses (AV1 specification, 7.13.2.3). Each
//! is the one of half the size for the even coefficients and a network for the odd ones; the network run
//! backwards is the forward transform's.

use std::array::from_fn;

use super::butterfly::{
    Row, difference_sum, reflect, reflect_both, reflect_negative, rotate, rotate_back,
    sum_difference,
};

pub(super) fn inverse_4([a, b, c, d]: [Row; 4]) -> [Row; 4] {
    let mut rows = [a, c, b, d];
    reflect(&mut rows, 0, 1, 32);
    rotate(&mut rows, 2, 3, 48);
    join([rows[0], rows[1]], [rows[2], rows[3]])
}

pub(super) fn inverse_8(x: [Row; 8]) -> [Row; 8] {
    let mut odd = ODD_8.map(|at| x[at]);
    odd_4::<false>(&mut odd);
    join(inverse_4(from_fn(|at| x[at * 2])), odd)
}

pub(super) fn inverse_16(x: [Row; 16]) -> [Row; 16] {
    let mut odd = ODD_16.map(|at| x[at]);
    odd_8::<false>(&mut odd);
    join(inverse_8(from_fn(|at| x[at * 2])), odd)
}

pub(super) fn inverse_32(x: &[Row; 32]) -> [Row; 32] {
    let mut odd = ODD_32.map(|at| x[at]);
    odd_16::<false>(&mut odd);
    join(inverse_16(from_fn(|at| x[at * 2])), odd)
}

pub(super) fn forward_4(x: [Row; 4]) -> [Row; 4] {
    let (even, odd) = split::<2, 4>(x);
    let mut rows = [even[0], even[1], odd[0], odd[1]];
    reflect(&mut rows, 0, 1, 32);
    rotate_back(&mut rows, 2, 3, 48);
    [rows[0], rows[2], rows[1], rows[3]]
}

pub(super) fn forward_8(x: [Row; 8]) -> [Row; 8] {
    let (even, mut odd) = split(x);
    odd_4::<true>(&mut odd);
    place(forward_4(even), odd, ODD_8)
}

pub(super) fn forward_16(x: [Row; 16]) -> [Row; 16] {
    let (even, mut odd) = split(x);
    odd_8::<true>(&mut odd);
    place(forward_8(even), odd, ODD_16)
}

pub(super) fn forward_32(x: &[Row; 32]) -> [Row; 32] {
    let (even, mut odd) = split(*x);
    odd_16::<true>(&mut odd);
    place(forward_16(even), odd, ODD_32)
}

/// Where the rows of the odd networks stand among the coefficients.
const ODD_8: [usize; 4] = [1, 5, 3, 7];
const ODD_16: [usize; 8] = [1, 9, 5, 13, 3, 11, 7, 15];
const ODD_32: [usize; 16] = [1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31];

#[inline(always)]
fn join<const HALF: usize, const SIZE: usize>(even: [Row; HALF], odd: [Row; HALF]) -> [Row; SIZE] {
    from_fn(|at| {
        if at < HALF {
            even[at].add_saturating(odd[HALF - 1 - at])
        } else {
            even[SIZE - 1 - at].sub_saturating(odd[at - HALF])
        }
    })
}

#[inline(always)]
fn split<const HALF: usize, const SIZE: usize>(x: [Row; SIZE]) -> ([Row; HALF], [Row; HALF]) {
    (
        from_fn(|at| x[at].add_saturating(x[SIZE - 1 - at])),
        from_fn(|at| x[HALF - 1 - at].sub_saturating(x[HALF + at])),
    )
}

#[inline(always)]
fn place<const HALF: usize, const SIZE: usize>(
    even: [Row; HALF],
    odd: [Row; HALF],
    places: [usize; HALF],
) -> [Row; SIZE] {
    let mut all = [even[0]; SIZE];
    for at in 0..HALF {
        all[at * 2] = even[at];
        all[places[at]] = odd[at];
    }
    all
}

/// Rotations of the first row with the last, the second with the last but one, and so on.
#[inline(always)]
fn rotate_all<const FORWARD: bool, const COUNT: usize>(rows: &mut [Row], angles: [usize; COUNT]) {
    for (at, angle) in angles.into_iter().enumerate() {
        let other = rows.len() - 1 - at;
        if FORWARD {
            rotate_back(rows, at, other, angle);
        } else {
            rotate(rows, at, other, angle);
        }
    }
}

/// Sums within groups: of the first with the last, and so on; every second group the other way round.
#[inline(always)]
fn sums(rows: &mut [Row], group: usize) {
    for (at, rows) in rows.chunks_exact_mut(group).enumerate() {
        for x in 0..group / 2 {
            if at % 2 == 0 {
                sum_difference(rows, x, group - 1 - x);
            } else {
                difference_sum(rows, x, group - 1 - x);
            }
        }
    }
}

#[inline(always)]
fn odd_4<const FORWARD: bool>(rows: &mut [Row; 4]) {
    if FORWARD {
        reflect_negative(rows, 1, 2, 32);
        sums(rows, 2);
    }
    rotate_all::<FORWARD, 2>(rows, [56, 24]);
    if !FORWARD {
        sums(rows, 2);
        reflect_negative(rows, 1, 2, 32);
    }
}

#[inline(always)]
fn odd_8<const FORWARD: bool>(rows: &mut [Row; 8]) {
    let outer = |rows: &mut [Row; 8]| {
        reflect_negative(rows, 2, 5, 32);
        reflect_negative(rows, 3, 4, 32);
    };
    let inner = |rows: &mut [Row; 8]| {
        reflect_negative(rows, 1, 6, 16);
        reflect_both(rows, 2, 5, 48);
    };
    if FORWARD {
        outer(rows);
        sums(rows, 4);
        inner(rows);
        sums(rows, 2);
    }
    rotate_all::<FORWARD, 4>(rows, [60, 28, 44, 12]);
    if !FORWARD {
        sums(rows, 2);
        inner(rows);
        sums(rows, 4);
        outer(rows);
    }
}

#[inline(always)]
fn odd_16<const FORWARD: bool>(rows: &mut [Row; 16]) {
    let outer = |rows: &mut [Row; 16]| {
        for at in 4..8 {
            reflect_negative(rows, at, 15 - at, 32);
        }
    };
    let middle = |rows: &mut [Row; 16]| {
        reflect_negative(rows, 2, 13, 16);
        reflect_negative(rows, 3, 12, 16);
        reflect_both(rows, 4, 11, 48);
        reflect_both(rows, 5, 10, 48);
    };
    let inner = |rows: &mut [Row; 16]| {
        reflect_negative(rows, 1, 14, 8);
        reflect_both(rows, 2, 13, 56);
        reflect_negative(rows, 5, 10, 40);
        reflect_both(rows, 6, 9, 24);
    };
    if FORWARD {
        outer(rows);
        sums(rows, 8);
        middle(rows);
        sums(rows, 4);
        inner(rows);
        sums(rows, 2);
    }
    rotate_all::<FORWARD, 8>(rows, [62, 30, 46, 14, 54, 22, 38, 6]);
    if !FORWARD {
        sums(rows, 2);
        inner(rows);
        sums(rows, 4);
        middle(rows);
        sums(rows, 8);
        outer(rows);
    }
}
