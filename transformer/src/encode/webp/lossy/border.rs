//! What of the decoded picture later macroblocks look at: the row above, the column to the left, and
//! whether blocks there had coefficients.

use super::predict::{ABOVE_PICTURE, Edges, LEFT_OF_PICTURE};
use super::transform::Block;

/// The decoded samples of one plane around the next macroblock.
#[derive(Debug)]
pub(super) struct Border {
    above: Vec<u8>,
    left: [u8; 16],
    corner: u8,
    side: usize,
    position: (usize, usize),
}

impl Border {
    pub(super) fn new(columns: usize, side: usize) -> Self {
        Self {
            above: vec![ABOVE_PICTURE; columns * side],
            left: [LEFT_OF_PICTURE; 16],
            corner: ABOVE_PICTURE,
            side,
            position: (0, 0),
        }
    }

    pub(super) fn edges(&self) -> Edges {
        let (x, y) = self.position;
        let mut above = [0; 16];
        above[..self.side].copy_from_slice(&self.above[x * self.side..][..self.side]);
        Edges {
            above,
            left: self.left,
            corner: self.corner,
            has_above: y > 0,
            has_left: x > 0,
        }
    }

    /// The four samples after those above; at the right edge of the picture the last is repeated.
    pub(super) fn above_right(&self) -> [u8; 4] {
        let after = (self.position.0 + 1) * self.side;
        match self.above.get(after..after + 4) {
            Some(&[a, b, c, d]) => [a, b, c, d],
            _ => [self.above[after - 1]; 4],
        }
    }

    /// Take a decoded macroblock in, and go on to the next.
    pub(super) fn advance(&mut self, blocks: &[Block]) {
        let (x, y) = self.position;
        let across = self.side / 4;
        let above = &mut self.above[x * self.side..][..self.side];
        self.corner = above[self.side - 1];
        for (to, block) in above
            .chunks_exact_mut(4)
            .zip(&blocks[blocks.len() - across..])
        {
            to.copy_from_slice(&block[12..]);
        }
        for (row, to) in self.left[..self.side].iter_mut().enumerate() {
            *to = blocks[row / 4 * across + across - 1][row % 4 * 4 + 3];
        }
        self.position = (x + 1, y);
        if (x + 1) * self.side == self.above.len() {
            self.position = (0, y + 1);
            self.left = [LEFT_OF_PICTURE; 16];
            self.corner = LEFT_OF_PICTURE;
        }
    }
}

/// Which blocks around the next macroblock have coefficients: four of luma, two of each chroma, and the
/// constants' block.
pub(super) type Flags = [u8; 9];

/// Where in `Flags` the constants' block stands.
pub(super) const CONSTANTS: usize = 8;

/// The flags of a picture's last row of macroblocks and of the last macroblock.
#[derive(Debug)]
pub(super) struct Nonzero {
    pub(super) above: Vec<Flags>,
    pub(super) left: Flags,
}

impl Nonzero {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            above: vec![[0; 9]; columns],
            left: [0; 9],
        }
    }
}
