//! The samples around a block, and what is done to them before a slanting prediction (AV1 specification,
//! 7.11.2).

use super::transform::Size;

/// Where index 0 stands, so that there is room before it.
const ZERO: usize = 16;
/// Twice the longest side, and room for the ends.
const LENGTH: usize = ZERO + 64 + 80;

/// Samples above, or to the left, from -2 on; -1 is the corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge([u8; LENGTH]);

impl Edge {
    pub(super) const fn filled(with: u8) -> Self {
        Self([with; LENGTH])
    }

    pub(super) const fn corner(&self) -> u8 {
        self.0[ZERO - 1]
    }

    pub(super) const fn set_corner(&mut self, to: u8) {
        self.0[ZERO - 1] = to;
    }

    /// From an index that may be as low as -16.
    pub(super) fn at(&self, at: i32) -> &[u8] {
        &self.0[(ZERO as i32 + at) as usize..]
    }

    pub(super) fn at_mut(&mut self, at: i32) -> &mut [u8] {
        &mut self.0[(ZERO as i32 + at) as usize..]
    }

    /// Smooth the first samples, the corner counted.
    fn smooth(&mut self, count: usize, strength: usize) {
        const KERNELS: [[u32; 5]; 3] = [[0, 4, 8, 4, 0], [0, 5, 6, 5, 0], [2, 4, 4, 4, 2]];
        let Some(kernel) = strength.checked_sub(1).map(|at| KERNELS[at]) else {
            return;
        };
        // Two more at both ends, as the ends.
        let before = *self;
        let mut wide = [0; LENGTH];
        wide[2..2 + count].copy_from_slice(&before.at(-1)[..count]);
        wide[0] = wide[2];
        wide[1] = wide[2];
        let last = wide[1 + count];
        wide[2 + count..4 + count].fill(last);
        for (to, five) in self.at_mut(0)[..count - 1]
            .iter_mut()
            .zip(wide[1..].windows(5))
        {
            let sum: u32 = five
                .iter()
                .zip(kernel)
                .map(|(s, k)| u32::from(*s) * k)
                .sum();
            *to = ((sum + 8) >> 4) as u8;
        }
    }

    /// Put a sample between any two of the first ones.
    fn double(&mut self, count: usize) {
        let before = *self;
        let mut wide = [0; 40];
        wide[1..count + 2].copy_from_slice(&before.at(-1)[..=count]);
        wide[0] = wide[1];
        wide[count + 2] = wide[count + 1];
        let to = self.at_mut(-2);
        to[0] = wide[0];
        for (four, to) in wide.windows(4).zip(to[1..].chunks_exact_mut(2)).take(count) {
            let [a, b, c, d] = [four[0], four[1], four[2], four[3]].map(i32::from);
            to[0] = ((9 * (b + c) - a - d + 8) >> 4).clamp(0, 255) as u8;
            to[1] = four[2];
        }
    }
}

/// Both edges of a block, and what is known of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    pub(super) above: Edge,
    pub(super) left: Edge,
    pub(super) has_above: bool,
    pub(super) has_left: bool,
    /// Samples of the block's own width and height that lie in the picture.
    pub(super) inside: (usize, usize),
    /// Whether a neighbour is predicted smoothly.
    pub(super) smooth: bool,
}

/// Edges made ready for one angle, and whether each was doubled.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) above: Edge,
    pub(super) left: Edge,
    pub(super) above_doubled: u32,
    pub(super) left_doubled: u32,
}

impl Edges {
    /// Smoothed and doubled for an angle that is neither 90 nor 180 degrees.
    pub(super) fn ready(&self, angle: i32, size: Size) -> Ready {
        let (width, height) = (size.width(), size.height());
        let mut ready = Ready {
            above: self.above,
            left: self.left,
            above_doubled: 0,
            left_doubled: 0,
        };
        let between = angle > 90 && angle < 180;
        if between && width + height >= 24 {
            let [left, corner, above] =
                [self.left.at(0)[0], self.above.corner(), self.above.at(0)[0]].map(u32::from);
            let corner = ((left * 5 + corner * 6 + above * 5 + 8) >> 4) as u8;
            ready.above.set_corner(corner);
            ready.left.set_corner(corner);
        }
        let (beyond_above, beyond_left) = (
            if angle < 90 { height } else { 0 },
            if angle > 180 { width } else { 0 },
        );
        let (from_above, from_left) = ((angle - 90).abs(), (angle - 180).abs());
        if self.has_above {
            let strength = strength(width + height, self.smooth, from_above);
            ready
                .above
                .smooth(self.inside.0 + beyond_above + 1, strength);
        }
        if self.has_left {
            let strength = strength(width + height, self.smooth, from_left);
            ready.left.smooth(self.inside.1 + beyond_left + 1, strength);
        }
        if doubles(width + height, self.smooth, from_above) {
            ready.above.double(width + beyond_above);
            ready.above_doubled = 1;
        }
        if doubles(width + height, self.smooth, from_left) {
            ready.left.double(height + beyond_left);
            ready.left_doubled = 1;
        }
        ready
    }
}

fn strength(sides: usize, smooth: bool, angle: i32) -> usize {
    match (smooth, sides) {
        (false, ..=8) => usize::from(angle >= 56),
        (false, ..=16) => usize::from(angle >= 40),
        (false, ..=24) => match angle {
            32.. => 3,
            16.. => 2,
            8.. => 1,
            _ => 0,
        },
        (false, ..=32) => match angle {
            32.. => 3,
            4.. => 2,
            _ => 1,
        },
        (true, ..=8) => match angle {
            64.. => 2,
            40.. => 1,
            _ => 0,
        },
        (true, ..=16) => match angle {
            48.. => 2,
            20.. => 1,
            _ => 0,
        },
        (true, ..=24) => {
            if angle >= 4 {
                3
            } else {
                0
            }
        }
        _ => 3,
    }
}

fn doubles(sides: usize, smooth: bool, angle: i32) -> bool {
    angle > 0 && angle < 40 && sides <= if smooth { 8 } else { 16 }
}
