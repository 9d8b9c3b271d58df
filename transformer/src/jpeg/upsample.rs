//! Components stored smaller than the picture: their rows come in, a row of the picture's width goes
//! out. Twofold enlarging interpolates as libjpeg's "fancy upsampling" does, to the bit; other
//! ratios repeat samples.

use super::frame::{Grid, Layout};
use super::planes::Plane;

/// How a component's rows become the picture's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upsampling {
    /// Row for row.
    None,
    /// Twice as wide, interpolated.
    Wide,
    /// Twice as high, interpolated.
    High,
    /// Twice as wide and high, interpolated.
    Both,
    /// Repeated: sample `x` of the picture is `x * from / to` of the component, in both directions.
    Nearest {
        horizontal: (usize, usize),
        vertical: (usize, usize),
    },
}

impl Upsampling {
    pub(super) fn new(layout: &Layout, grid: &Grid) -> Self {
        let horizontal = (
            grid.horizontal * grid.side,
            layout.horizontal_max * layout.side,
        );
        let vertical = (grid.vertical * grid.side, layout.vertical_max * layout.side);
        let same = |(from, to): (usize, usize)| from == to;
        let double = |(from, to): (usize, usize)| from * 2 == to;
        // libjpeg interpolates neither single samples nor rows of one or two.
        let smooth = layout.side > 1;
        let smooth_wide = smooth && grid.width > 2;
        if same(horizontal) && same(vertical) {
            Self::None
        } else if smooth_wide && double(horizontal) && same(vertical) {
            Self::Wide
        } else if smooth && same(horizontal) && double(vertical) {
            Self::High
        } else if smooth_wide && double(horizontal) && double(vertical) {
            Self::Both
        } else {
            Self::Nearest {
                horizontal,
                vertical,
            }
        }
    }

    /// Whether a row of the picture takes from the component's row below its own.
    pub(super) const fn looks_below(self) -> bool {
        matches!(self, Self::High | Self::Both)
    }

    /// Bytes of the row that `row` needs to write in.
    pub(super) const fn scratch_bytes(self, grid: &Grid, layout: &Layout) -> usize {
        match self {
            Self::None => 0,
            Self::Wide | Self::Both => grid.width * 2,
            Self::High => grid.width,
            Self::Nearest { .. } => layout.width,
        }
    }

    /// Row `y` of the picture, from `plane` itself or made in `scratch`.
    pub(super) fn row<'a>(self, plane: &'a Plane, y: usize, scratch: &'a mut [u8]) -> &'a [u8] {
        match self {
            Self::None => return plane.row(y),
            Self::Wide => widen(plane.row(y), scratch),
            Self::High => {
                let (near, far) = near_and_far(plane, y);
                heighten(near, far, 1 + y as u16 % 2, scratch);
            }
            Self::Both => {
                let (near, far) = near_and_far(plane, y);
                enlarge(near, far, scratch);
            }
            Self::Nearest {
                horizontal,
                vertical,
            } => {
                repeat(plane.row(y * vertical.0 / vertical.1), horizontal, scratch);
            }
        }
        scratch
    }
}

/// The component's row that covers row `y` of the picture, and the other one next to it.
fn near_and_far(plane: &Plane, y: usize) -> (&[u8], &[u8]) {
    let near = y / 2;
    let far = if y.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        near + 1
    };
    (plane.row(near), plane.row(far))
}

/// Three parts of a sample and one of its neighbour, on both sides.
fn widen(row: &[u8], out: &mut [u8]) {
    let last = row.len() - 1;
    let mix =
        |near: u8, far: u8, round: u16| ((3 * u16::from(near) + u16::from(far) + round) >> 2) as u8;
    let (pairs, _) = out.as_chunks_mut::<2>();
    pairs[0] = [row[0], mix(row[0], row[1], 2)];
    let inner = row.windows(3).zip(&mut pairs[1..last]);
    for (window, pair) in inner {
        *pair = [mix(window[1], window[0], 1), mix(window[1], window[2], 2)];
    }
    pairs[last] = [mix(row[last], row[last - 1], 1), row[last]];
}

/// Three parts of a row and one of the other.
fn heighten(near: &[u8], far: &[u8], round: u16, out: &mut [u8]) {
    for ((out, &near), &far) in out.iter_mut().zip(near).zip(far) {
        *out = ((3 * u16::from(near) + u16::from(far) + round) >> 2) as u8;
    }
}

/// Both at once, rounded once: sixteenths.
fn enlarge(near: &[u8], far: &[u8], out: &mut [u8]) {
    let sum = |at: usize| 3 * u16::from(near[at]) + u16::from(far[at]);
    let last = near.len() - 1;
    let (pairs, _) = out.as_chunks_mut::<2>();
    let left = |own: u16, other: u16| ((3 * own + other + 8) >> 4) as u8;
    let right = |own: u16, other: u16| ((3 * own + other + 7) >> 4) as u8;
    pairs[0] = [left(sum(0), sum(0)), right(sum(0), sum(1))];
    let inner = near.windows(3).zip(far.windows(3)).zip(&mut pairs[1..last]);
    for ((near, far), pair) in inner {
        let sum = |at: usize| 3 * u16::from(near[at]) + u16::from(far[at]);
        *pair = [left(sum(1), sum(0)), right(sum(1), sum(2))];
    }
    pairs[last] = [left(sum(last), sum(last - 1)), right(sum(last), sum(last))];
}

/// Samples repeated.
fn repeat(row: &[u8], (from, to): (usize, usize), out: &mut [u8]) {
    let last = row.len() - 1;
    for (x, out) in out.iter_mut().enumerate() {
        *out = row[(x * from / to).min(last)];
    }
}
