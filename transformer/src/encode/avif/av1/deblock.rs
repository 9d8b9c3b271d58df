//! The filter of the edges of transforms (AV1 specification, 7.14).

use super::filters::Filters;
use super::frame::Samples;
use super::transform::Size;

/// How much samples may differ to be filtered.
#[derive(Debug, Clone, Copy)]
struct Limits {
    inner: i32,
    across: i32,
    /// From where on a difference is an edge of the picture's own.
    edge: i32,
}

impl Limits {
    fn new(level: u8) -> Self {
        let inner = i32::from(level);
        Self {
            inner,
            across: 2 * (inner + 2) + inner,
            edge: inner >> 4,
        }
    }
}

/// Filter all planes of a picture of a size, whose blocks' sizes are given by unit.
pub(super) fn deblock(
    planes: &mut [Samples],
    (width, height): (usize, usize),
    (sizes, units_wide): (&[Size], usize),
    filters: Filters,
) {
    if filters.edges[0] == 0 && filters.edges[1] == 0 {
        return;
    }
    for (plane, samples) in planes.iter_mut().enumerate() {
        let shift = usize::from(plane > 0);
        let (wide, high) = (width.div_ceil(4), height.div_ceil(4));
        let size_at = |x: usize, y: usize| sizes[y * units_wide + x];
        for vertical in [true, false] {
            let level = match (plane, vertical) {
                (0, true) => filters.edges[0],
                (0, false) => filters.edges[1],
                _ => filters.edges[plane + 1],
            };
            if level == 0 {
                continue;
            }
            let limits = Limits::new(level);
            let stride = samples.stride;
            let (across, along) = if vertical { (1, stride) } else { (stride, 1) };
            for y in (0..high).step_by(1 << shift) {
                for x in (0..wide).step_by(1 << shift) {
                    let side = |size: Size| {
                        let log = if vertical {
                            size.width_log
                        } else {
                            size.height_log
                        };
                        (log - shift as u32).max(2)
                    };
                    let log = side(size_at(x, y));
                    let place = if vertical { x } else { y } >> shift;
                    if place == 0 || place % (1 << (log - 2)) != 0 {
                        continue;
                    }
                    let before = if vertical {
                        size_at(x - 1, y)
                    } else {
                        size_at(x, y - 1)
                    };
                    let length = match (log.min(side(before)), plane) {
                        (2, _) => 4,
                        (_, 1..) => 6,
                        (3, _) => 8,
                        _ => 16,
                    };
                    let at = (y >> shift) * 4 * stride + (x >> shift) * 4;
                    for line in 0..4 {
                        edge(
                            &mut samples.data,
                            (at + line * along, across),
                            length,
                            limits,
                        );
                    }
                }
            }
        }
    }
}

/// Filter the samples before and after one place.
#[inline]
fn edge(data: &mut [u8], (at, step): (usize, usize), length: usize, limits: Limits) {
    let reach = match length {
        4 => 2,
        6 => 3,
        8 => 4,
        _ => 7,
    };
    let mut line = [0; 14];
    let line = &mut line[7 - reach..7 + reach];
    for (to, from) in line
        .iter_mut()
        .zip(data[at - reach * step..].iter().step_by(step))
    {
        *to = i32::from(*from);
    }
    let p = |n: usize| line[reach - 1 - n];
    let q = |n: usize| line[reach + n];
    let near = |n: usize, limit: i32| (p(n) - p(0)).abs() <= limit && (q(n) - q(0)).abs() <= limit;
    let step_is = |n: usize| {
        (p(n) - p(n - 1)).abs() <= limits.inner && (q(n) - q(n - 1)).abs() <= limits.inner
    };
    let smooth = (p(0) - q(0)).abs() * 2 + (p(1) - q(1)).abs() / 2 <= limits.across
        && step_is(1)
        && (length < 6 || step_is(2))
        && (length < 8 || step_is(3));
    if !smooth {
        return;
    }
    let flat = length >= 6 && near(1, 1) && near(2, 1) && (length < 8 || near(3, 1));
    let flatter = flat && length == 16 && near(4, 1) && near(5, 1) && near(6, 1);
    if flatter {
        wide::<6>(line, reach, 1, 4);
    } else if flat && length == 6 {
        wide::<2>(line, reach, 1, 3);
    } else if flat {
        wide::<3>(line, reach, 0, 3);
    } else {
        let is_edge = !near(1, limits.edge);
        narrow(line, reach, is_edge);
    }
    for (from, to) in line
        .iter()
        .zip(data[at - reach * step..].iter_mut().step_by(step))
    {
        *to = *from as u8;
    }
}

#[inline]
fn narrow(line: &mut [i32], middle: usize, is_edge: bool) {
    let clamp = |value: i32| value.clamp(-128, 127);
    let [p1, p0, q0, q1] = std::array::from_fn(|at| line[middle - 2 + at] - 128);
    let start = if is_edge { clamp(p1 - q1) } else { 0 };
    let filter = clamp(start + 3 * (q0 - p0));
    let (after, before) = (clamp(filter + 4) >> 3, clamp(filter + 3) >> 3);
    line[middle] = clamp(q0 - after) + 128;
    line[middle - 1] = clamp(p0 + before) + 128;
    if !is_edge {
        let outer = (after + 1) >> 1;
        line[middle + 1] = clamp(q1 - outer) + 128;
        line[middle - 2] = clamp(p1 + outer) + 128;
    }
}

/// Means over `2 * REACH + 1` samples, of which those up to `twice` from the middle count twice.
#[inline]
fn wide<const REACH: i32>(line: &mut [i32], middle: usize, twice: i32, log: u32) {
    let mut before = [0; 14];
    before[..line.len()].copy_from_slice(line);
    let middle = middle as i32;
    for at in -REACH..REACH {
        let sum: i32 = (-REACH..=REACH)
            .map(|by| {
                let from = (at + by).clamp(-(REACH + 1), REACH);
                let count = if by.abs() <= twice { 2 } else { 1 };
                before[(middle + from) as usize] * count
            })
            .sum();
        line[(middle + at) as usize] = (sum + (1 << (log - 1))) >> log;
    }
}
