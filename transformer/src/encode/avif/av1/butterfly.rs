//! What all transforms are made of: sums, differences and rotations of eight columns at once, by 12-bit
//! cosines, rounded after each (AV1 specification, 7.13.2.1).

use crate::lanes::{I16x8, I32x4};

/// Eight columns, one row.
pub(super) type Row = I16x8;

/// `4096 * cos(n * pi / 128)`.
const COSINES: [i16; 65] = [
    4096, 4095, 4091, 4085, 4076, 4065, 4052, 4036, 4017, 3996, 3973, 3948, 3920, 3889, 3857, 3822,
    3784, 3745, 3703, 3659, 3612, 3564, 3513, 3461, 3406, 3349, 3290, 3229, 3166, 3102, 3035, 2967,
    2896, 2824, 2751, 2675, 2598, 2520, 2440, 2359, 2276, 2191, 2106, 2019, 1931, 1842, 1751, 1660,
    1567, 1474, 1380, 1285, 1189, 1092, 995, 897, 799, 700, 601, 501, 401, 301, 201, 101, 0,
];

pub(super) const fn cosine(at: usize) -> i16 {
    COSINES[at]
}

/// `a * x + b * y`, rounded to the 12 bits of the cosines.
#[inline(always)]
pub(super) fn weigh(x: Row, y: Row, a: i16, b: i16) -> Row {
    let weights = I16x8::pairs(a, b);
    round(x.zip_low(y).dot(weights), x.zip_high(y).dot(weights))
}

#[inline(always)]
pub(super) fn round(low: I32x4, high: I32x4) -> Row {
    let half = I32x4::splat(1 << 11);
    low.add(half).shr::<12>().narrow(high.add(half).shr::<12>())
}

/// `(cos x - sin y, sin x + cos y)`, where the sine is the cosine of what is left to 64.
#[inline(always)]
pub(super) fn rotate(rows: &mut [Row], x: usize, y: usize, angle: usize) {
    let (cos, sin) = (cosine(angle), cosine(64 - angle));
    let (a, b) = (rows[x], rows[y]);
    rows[x] = weigh(a, b, cos, -sin);
    rows[y] = weigh(a, b, sin, cos);
}

/// `(cos x + sin y, cos y - sin x)`: back.
#[inline(always)]
pub(super) fn rotate_back(rows: &mut [Row], x: usize, y: usize, angle: usize) {
    let (cos, sin) = (cosine(angle), cosine(64 - angle));
    let (a, b) = (rows[x], rows[y]);
    rows[x] = weigh(a, b, cos, sin);
    rows[y] = weigh(b, a, cos, -sin);
}

/// `(cos x + sin y, sin x - cos y)`: its own way back.
#[inline(always)]
pub(super) fn reflect(rows: &mut [Row], x: usize, y: usize, angle: usize) {
    let (cos, sin) = (cosine(angle), cosine(64 - angle));
    let (a, b) = (rows[x], rows[y]);
    rows[x] = weigh(a, b, cos, sin);
    rows[y] = weigh(a, b, sin, -cos);
}

/// `(sin y - cos x, sin x + cos y)`: its own way back.
#[inline(always)]
pub(super) fn reflect_negative(rows: &mut [Row], x: usize, y: usize, angle: usize) {
    let (cos, sin) = (cosine(angle), cosine(64 - angle));
    let (a, b) = (rows[x], rows[y]);
    rows[x] = weigh(a, b, -cos, sin);
    rows[y] = weigh(a, b, sin, cos);
}

/// `(-cos x - sin y, cos y - sin x)`: its own way back.
#[inline(always)]
pub(super) fn reflect_both(rows: &mut [Row], x: usize, y: usize, angle: usize) {
    let (cos, sin) = (cosine(angle), cosine(64 - angle));
    let (a, b) = (rows[x], rows[y]);
    rows[x] = weigh(a, b, -cos, -sin);
    rows[y] = weigh(a, b, -sin, cos);
}

/// `(x + y, x - y)`.
#[inline(always)]
pub(super) fn sum_difference(rows: &mut [Row], x: usize, y: usize) {
    let (a, b) = (rows[x], rows[y]);
    rows[x] = a.add_saturating(b);
    rows[y] = a.sub_saturating(b);
}

/// `(y - x, x + y)`.
#[inline(always)]
pub(super) fn difference_sum(rows: &mut [Row], x: usize, y: usize) {
    let (a, b) = (rows[x], rows[y]);
    rows[x] = b.sub_saturating(a);
    rows[y] = a.add_saturating(b);
}
