//! Predictions of a block from the samples around it (AV1 specification, 7.11.2).

use super::edges::{Edges, Ready};
use super::modes::Mode;
use super::transform::Size;

/// The largest block's samples.
pub(super) const BLOCK_MAX: usize = 1024;

/// Weights of the near side by distance, for sides of 4, 8, 16 and 32 one after another (7.11.2.6).
const SMOOTH_WEIGHTS: [u8; 60] = [
    255, 149, 85, 64, 255, 197, 146, 105, 73, 50, 37, 32, 255, 225, 196, 170, 145, 123, 102, 84,
    68, 54, 43, 33, 26, 20, 17, 16, 255, 240, 225, 210, 196, 182, 169, 157, 145, 133, 122, 111,
    101, 92, 83, 74, 66, 59, 52, 45, 39, 34, 29, 25, 21, 17, 14, 12, 10, 9, 8, 8,
];
/// 64 times the cotangent, by half the angle (7.11.2.4).
const SLOPES: [i32; 44] = [
    0, 1023, 0, 547, 372, 0, 0, 273, 215, 0, 178, 151, 0, 132, 116, 0, 102, 0, 90, 80, 0, 71, 64,
    0, 57, 51, 0, 45, 0, 40, 35, 0, 31, 27, 0, 23, 19, 0, 15, 0, 11, 0, 7, 3,
];
/// Degrees between the angles of a mode.
const ANGLE_STEP: i32 = 3;

/// A prediction, row by row.
pub(super) fn predict(edges: &Edges, size: Size, (mode, delta): (Mode, i8), to: &mut [u8]) {
    let to = &mut to[..size.samples()];
    if let Some(angle) = mode.angle() {
        let angle = angle + i32::from(delta) * ANGLE_STEP;
        return slanting(edges, size, angle, to);
    }
    match mode {
        Mode::Smooth => smooth(edges, size, to),
        Mode::SmoothVertical => smooth_vertical(edges, size, to),
        Mode::SmoothHorizontal => smooth_horizontal(edges, size, to),
        Mode::Paeth => paeth(edges, size, to),
        _ => to.fill(mean(edges, size)),
    }
}

fn mean(edges: &Edges, size: Size) -> u8 {
    let sum = |from: &[u8]| from.iter().map(|sample| u32::from(*sample)).sum::<u32>();
    let (width, height) = (size.width(), size.height());
    let above = || (sum(&edges.above.at(0)[..width]), width as u32);
    let left = || (sum(&edges.left.at(0)[..height]), height as u32);
    let (sum, count) = match (edges.has_above, edges.has_left) {
        (true, true) => {
            let ((a, width), (b, height)) = (above(), left());
            (a + b, width + height)
        }
        (true, false) => above(),
        (false, true) => left(),
        (false, false) => return 128,
    };
    ((sum + count / 2) / count) as u8
}

fn weights(log: u32) -> &'static [u8] {
    let length = 1 << log;
    &SMOOTH_WEIGHTS[length - 4..][..length]
}

fn smooth(edges: &Edges, size: Size, to: &mut [u8]) {
    let (width, height) = (size.width(), size.height());
    let (above, left) = (edges.above.at(0), edges.left.at(0));
    let (corner_right, corner_below) = (u32::from(above[width - 1]), u32::from(left[height - 1]));
    let across = weights(size.width_log);
    for ((row, down), left) in to
        .chunks_exact_mut(width)
        .zip(weights(size.height_log))
        .zip(left)
    {
        let (down, left) = (u32::from(*down), u32::from(*left));
        let below = (256 - down) * corner_below;
        for ((to, above), across) in row.iter_mut().zip(above).zip(across) {
            let across = u32::from(*across);
            let sum =
                down * u32::from(*above) + below + across * left + (256 - across) * corner_right;
            *to = ((sum + 256) >> 9) as u8;
        }
    }
}

fn smooth_vertical(edges: &Edges, size: Size, to: &mut [u8]) {
    let (width, height) = (size.width(), size.height());
    let last = u32::from(edges.left.at(0)[height - 1]);
    for (row, weight) in to.chunks_exact_mut(width).zip(weights(size.height_log)) {
        let weight = u32::from(*weight);
        for (to, above) in row.iter_mut().zip(edges.above.at(0)) {
            *to = ((weight * u32::from(*above) + (256 - weight) * last + 128) >> 8) as u8;
        }
    }
}

fn smooth_horizontal(edges: &Edges, size: Size, to: &mut [u8]) {
    let width = size.width();
    let last = u32::from(edges.above.at(0)[width - 1]);
    for (row, left) in to.chunks_exact_mut(width).zip(edges.left.at(0)) {
        for (to, weight) in row.iter_mut().zip(weights(size.width_log)) {
            let weight = u32::from(*weight);
            *to = ((weight * u32::from(*left) + (256 - weight) * last + 128) >> 8) as u8;
        }
    }
}

fn paeth(edges: &Edges, size: Size, to: &mut [u8]) {
    let corner = i16::from(edges.above.corner());
    for (row, left) in to.chunks_exact_mut(size.width()).zip(edges.left.at(0)) {
        let left = i16::from(*left);
        for (to, above) in row.iter_mut().zip(edges.above.at(0)) {
            let above = i16::from(*above);
            let (to_left, to_above) = ((above - corner).abs(), (left - corner).abs());
            let to_corner = (above + left - 2 * corner).abs();
            *to = if to_left <= to_above && to_left <= to_corner {
                left
            } else if to_above <= to_corner {
                above
            } else {
                corner
            } as u8;
        }
    }
}

fn slanting(edges: &Edges, size: Size, angle: i32, to: &mut [u8]) {
    let width = size.width();
    match angle {
        90 => {
            for row in to.chunks_exact_mut(width) {
                row.copy_from_slice(&edges.above.at(0)[..width]);
            }
        }
        180 => {
            for (row, left) in to.chunks_exact_mut(width).zip(edges.left.at(0)) {
                row.fill(*left);
            }
        }
        ..90 => from_above(&edges.ready(angle, size), size, slope(angle), to),
        91..180 => from_both(&edges.ready(angle, size), size, angle, to),
        _ => from_left(&edges.ready(angle, size), size, slope(270 - angle), to),
    }
}

fn slope(angle: i32) -> i32 {
    SLOPES[(angle >> 1) as usize]
}

/// Between two samples, in 32nds.
#[inline(always)]
fn between(a: u8, b: u8, part: u32) -> u8 {
    ((u32::from(a) * (32 - part) + u32::from(b) * part + 16) >> 5) as u8
}

fn from_above(ready: &Ready, size: Size, slope: i32, to: &mut [u8]) {
    along(
        (ready.above.at(0), ready.above_doubled),
        size,
        slope,
        |x, y, sample| {
            to[y * size.width() + x] = sample;
        },
    );
}

fn from_left(ready: &Ready, size: Size, slope: i32, to: &mut [u8]) {
    let turned = Size {
        width_log: size.height_log,
        height_log: size.width_log,
    };
    along(
        (ready.left.at(0), ready.left_doubled),
        turned,
        slope,
        |y, x, sample| {
            to[y * size.width() + x] = sample;
        },
    );
}

#[inline(always)]
fn along(
    (edge, doubled): (&[u8], u32),
    size: Size,
    slope: i32,
    mut put: impl FnMut(usize, usize, u8),
) {
    let last = (size.width() + size.height() - 1) << doubled;
    for y in 0..size.height() {
        let at = (y as i32 + 1) * slope;
        let first = (at >> (6 - doubled)) as usize;
        let part = (at << doubled >> 1 & 31) as u32;
        for x in 0..size.width() {
            let base = first + (x << doubled);
            let sample = if base < last {
                between(edge[base], edge[base + 1], part)
            } else {
                edge[last]
            };
            put(x, y, sample);
        }
    }
}

fn from_both(ready: &Ready, size: Size, angle: i32, to: &mut [u8]) {
    let (across, down) = (slope(180 - angle), slope(angle - 90));
    let (above_doubled, left_doubled) = (ready.above_doubled, ready.left_doubled);
    let (above, left) = (ready.above.at(-16), ready.left.at(-16));
    for (y, row) in to.chunks_exact_mut(size.width()).enumerate() {
        let y = y as i32;
        for (x, to) in row.iter_mut().enumerate() {
            let x = x as i32;
            let at = (x << 6) - (y + 1) * across;
            let base = at >> (6 - above_doubled);
            *to = if base >= -(1 << above_doubled) {
                let part = (at << above_doubled >> 1 & 31) as u32;
                let base = (base + 16) as usize;
                between(above[base], above[base + 1], part)
            } else {
                let at = (y << 6) - (x + 1) * down;
                let part = (at << left_doubled >> 1 & 31) as u32;
                let base = ((at >> (6 - left_doubled)) + 16) as usize;
                between(left[base], left[base + 1], part)
            };
        }
    }
}
