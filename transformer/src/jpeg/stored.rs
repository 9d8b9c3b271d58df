//! Coefficients kept between scans: each scan writes into them, and when all are read, blocks go from
//! here through the inverse transform. Holds only what the scale looks at, so its size is known from
//! the header.

use std::ops::ControlFlow;

use super::error::Error;
use super::frame::{Grid, Layout};
use super::header::{Coding, Header};
use super::idct;
use super::output::Output;
use super::planes::Stripe;
use super::tables::{Steps, Tables, ZIGZAG};

/// The coefficients of one component.
pub(super) struct Coefficients {
    pub(super) grid: Grid,
    /// Per block, the first `grid.kept()` coefficients in zigzag order.
    pub(super) values: Vec<i16>,
    /// Per block, which of its 64 coefficients are not zero, kept or not: refining scans have a bit for
    /// each of them. Empty where no scan of AC coefficients is read.
    pub(super) seen: Vec<u64>,
    /// The steps in force at the component's first scan.
    steps: Option<Steps>,
}

/// The coefficients of a picture.
pub(super) struct Stored {
    pub(super) components: Vec<Coefficients>,
}

impl Stored {
    pub(super) fn new(header: &Header, layout: &Layout) -> Self {
        let coefficients = |grid: &Grid| Coefficients {
            grid: *grid,
            values: vec![0; blocks(grid) * grid.kept()],
            seen: vec![0; seen_words(header.coding, grid)],
            steps: None,
        };
        Self {
            components: layout.grids.iter().map(coefficients).collect(),
        }
    }

    /// Bytes that the coefficients take.
    pub(super) fn bytes(header: &Header, layout: &Layout) -> u64 {
        let component = |grid: &Grid| {
            (blocks(grid) * grid.kept() * 2 + seen_words(header.coding, grid) * 8) as u64
        };
        layout.grids.iter().map(component).sum()
    }

    /// A scan of these components begins: the steps now in force are theirs for good.
    pub(super) fn hold_steps(&mut self, index: usize, tables: &Tables) -> Result<(), Error> {
        let component = &mut self.components[index];
        if component.steps.is_none() {
            component.steps = Some(tables.steps(component.grid.quantisation)?);
        }
        Ok(())
    }

    /// Transform everything and hand it to `output`.
    pub(super) fn write(&self, layout: &Layout, output: &mut Output) {
        for row in 0..layout.mcu_rows {
            for (index, component) in self.components.iter().enumerate() {
                component.write_stripe(row, &mut output.plane(index).stripe(row));
            }
            if output.stripe_done(row) == ControlFlow::Break(()) {
                return;
            }
        }
    }
}

impl Coefficients {
    fn write_stripe(&self, index: usize, stripe: &mut Stripe) {
        match self.grid.side {
            8 => self.write_blocks::<64, 8>(index, stripe),
            4 => self.write_blocks::<25, 4>(index, stripe),
            2 => self.write_blocks::<5, 2>(index, stripe),
            _ => self.write_blocks::<1, 1>(index, stripe),
        }
    }

    fn write_blocks<const KEPT: usize, const SIDE: usize>(
        &self,
        index: usize,
        stripe: &mut Stripe,
    ) {
        // A component that no scan held is grey, whatever the steps.
        let steps = self.steps.unwrap_or([0; 64]);
        let columns = self.grid.columns_padded;
        let (blocks, _) = self.values.as_chunks::<KEPT>();
        // Each block writes the same places, and the others stay zero.
        let mut block = [0; 128];
        for row in 0..self.grid.vertical {
            let first = (index * self.grid.vertical + row) * columns;
            let blocks = blocks.get(first..first + columns).unwrap_or_default();
            for (column, values) in blocks.iter().enumerate() {
                let mut end = 1;
                for (place, (&value, &to)) in values.iter().zip(&ZIGZAG).enumerate() {
                    block[usize::from(to & 127)] = value;
                    if value != 0 {
                        end = place + 1;
                    }
                }
                let at = row * SIDE * stripe.stride + column * SIDE;
                idct::write::<SIDE>((&block, end), &steps, stripe, at);
            }
        }
    }
}

fn blocks(grid: &Grid) -> usize {
    grid.columns_padded * grid.rows_padded
}

fn seen_words(coding: Coding, grid: &Grid) -> usize {
    if coding == Coding::Progressive && grid.kept() > 1 {
        blocks(grid)
    } else {
        0
    }
}
