//! How large a residual is once it is transformed, by Hadamard's transform: sums of absolute values in the
//! scale of samples.

use super::butterfly::{Row, sum_difference};
use super::transform::Size;
use crate::lanes::{I16x8, I32x4, transpose_8x8};

/// Of a block of residuals, row by row.
pub(super) fn satd(residuals: &[i16], size: Size) -> u32 {
    let width = size.width();
    let mut sum = I32x4::splat(0);
    if width >= 8 && size.height() >= 8 {
        for y in (0..size.height()).step_by(8) {
            for x in (0..width).step_by(8) {
                sum = sum.add(eight(&residuals[y * width + x..], width));
            }
        }
        return (sum.sum() as u32 + 4) / 8;
    }
    for y in (0..size.height()).step_by(4) {
        for x in (0..width).step_by(4) {
            sum = sum.add(four(&residuals[y * width + x..], width));
        }
    }
    (sum.sum() as u32 + 2) / 4
}

#[inline(always)]
fn eight(from: &[i16], stride: usize) -> I32x4 {
    let mut rows = std::array::from_fn(|y| {
        from[y * stride..]
            .first_chunk::<8>()
            .map_or(I16x8::splat(0), |row| I16x8::new(*row))
    });
    hadamard_8(&mut rows);
    let mut turned = transpose_8x8(rows);
    hadamard_8(&mut turned);
    absolute(&turned)
}

#[inline(always)]
fn four(from: &[i16], stride: usize) -> I32x4 {
    let zero = I16x8::splat(0);
    let mut rows = [zero; 8];
    for (y, row) in rows.iter_mut().take(4).enumerate() {
        let mut lanes = [0; 8];
        lanes[..4].copy_from_slice(&from[y * stride..][..4]);
        *row = I16x8::new(lanes);
    }
    hadamard_4(&mut rows);
    let mut turned = transpose_8x8(rows);
    hadamard_4(&mut turned);
    absolute(&turned[..4])
}

#[inline(always)]
fn hadamard_8(rows: &mut [Row; 8]) {
    for at in 0..4 {
        sum_difference(rows, at, at + 4);
    }
    hadamard_4(&mut rows[..4]);
    hadamard_4(&mut rows[4..]);
}

#[inline(always)]
fn hadamard_4(rows: &mut [Row]) {
    sum_difference(rows, 0, 2);
    sum_difference(rows, 1, 3);
    sum_difference(rows, 0, 1);
    sum_difference(rows, 2, 3);
}

#[inline(always)]
fn absolute(rows: &[Row]) -> I32x4 {
    let ones = I16x8::splat(1);
    rows.iter()
        .fold(I32x4::splat(0), |sum, row| sum.add(row.abs().dot(ones)))
}
