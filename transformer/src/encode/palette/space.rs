//! Where a colour lies: a point whose distance to another is about how different the two look. Colours count
//! by their alpha, since what cannot be seen makes no difference.

/// Red, green, blue and alpha, premultiplied and weighted.
pub(super) type Point = [f32; 4];

/// The eye sees differences of green best and of blue worst; near the square roots of Rec. 601's shares of
/// luma, with blue raised so that skies do not band.
const WEIGHTS: Point = [0.6, 1.0, 0.45, 0.8];

/// The place of a colour with straight alpha.
pub(super) fn point([red, green, blue, alpha]: [u8; 4]) -> Point {
    let share = f32::from(alpha) / 255.0;
    [
        f32::from(red) * share * WEIGHTS[0],
        f32::from(green) * share * WEIGHTS[1],
        f32::from(blue) * share * WEIGHTS[2],
        f32::from(alpha) * WEIGHTS[3],
    ]
}

/// The colour at a place; the nearest that there is.
pub(super) fn colour(point: Point) -> [u8; 4] {
    let alpha = (point[3] / WEIGHTS[3]).round().clamp(0.0, 255.0);
    if alpha < 1.0 {
        return super::CLEAR;
    }
    let level = |axis: usize| {
        let level = point[axis] / WEIGHTS[axis] * 255.0 / alpha;
        level.round().clamp(0.0, 255.0) as u8
    };
    [level(0), level(1), level(2), alpha as u8]
}

/// The square of the distance.
pub(super) fn distance(one: Point, other: Point) -> f32 {
    let mut sum = 0.0;
    for axis in 0..4 {
        let difference = one[axis] - other[axis];
        sum += difference * difference;
    }
    sum
}

pub(super) fn plus(one: Point, other: Point, times: f32) -> Point {
    [0, 1, 2, 3].map(|axis| one[axis] + other[axis] * times)
}
