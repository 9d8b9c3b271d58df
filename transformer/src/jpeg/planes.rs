//! Samples on their way out: blocks are written into a component's plane, rows are read from it. Only
//! the last two rows of MCUs stand in memory, whatever the picture's height.

use super::frame::Grid;

/// Rows of MCUs that a plane holds: the one being written, and the one before for its last rows.
const STRIPES: usize = 2;

/// A component's rows of one row of MCUs.
pub(super) struct Stripe<'a> {
    pub(super) samples: &'a mut [u8],
    /// Samples of a row.
    pub(super) stride: usize,
}

/// The last rows of one component.
pub(super) struct Plane {
    samples: Vec<u8>,
    stride: usize,
    rows: usize,
    width: usize,
    height: usize,
}

impl Plane {
    pub(super) fn new(grid: &Grid) -> Self {
        let (stride, rows) = (grid.stride(), grid.stripe_rows() * STRIPES);
        Self {
            samples: vec![0; stride * rows],
            stride,
            rows,
            width: grid.width,
            height: grid.height,
        }
    }

    /// Bytes that a plane of this grid takes.
    pub(super) const fn bytes(grid: &Grid) -> u64 {
        grid.stride() as u64 * grid.stripe_rows() as u64 * STRIPES as u64
    }

    /// Where MCU row `index` is written.
    pub(super) fn stripe(&mut self, index: usize) -> Stripe<'_> {
        let bytes = self.samples.len() / STRIPES;
        Stripe {
            samples: &mut self.samples[index % STRIPES * bytes..][..bytes],
            stride: self.stride,
        }
    }

    /// A row of the picture, counted from its top; the last one for those below it.
    pub(super) fn row(&self, index: usize) -> &[u8] {
        let row = index.min(self.height - 1) % self.rows;
        &self.samples[row * self.stride..][..self.width]
    }
}
