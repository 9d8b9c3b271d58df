//! A sequential scan of all components: its data come in, rows of pixels go out MCU row by MCU row.
//! No coefficient outlives its block.

use std::ops::ControlFlow;

use super::bits::Bits;
use super::blocks::{self, Block, Codes};
use super::error::Error;
use super::frame::{Grid, Layout};
use super::huffman::{Lookup, Meaning};
use super::idct;
use super::output::Output;
use super::planes::Stripe;
use super::restart::Restarts;
use super::scan::{Scan, ScanComponent};
use super::tables::{Steps, Tables};

/// How much of a scan's data was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// All of it.
    Whole,
    /// Some was missing.
    Missing,
}

/// The data of a scan, and the block that they become.
struct Reading<'a> {
    bits: Bits<'a>,
    block: Block,
}

/// What one component needs in a sequential scan.
struct Part {
    grid: Grid,
    index: usize,
    steps: Steps,
    dc: Lookup,
    ac: Lookup,
    last_dc: i32,
}

/// Decode the scan whose data begin at `start`, and hand all rows to `output`.
pub(super) fn decode(
    (source, start): (&[u8], usize),
    scan: &Scan,
    (tables, layout): (&Tables, &Layout),
    output: &mut Output,
) -> Result<Data, Error> {
    let mut parts = parts(scan, tables, layout)?;
    let mut reading = Reading {
        bits: Bits::new(source, start),
        block: [0; 128],
    };
    let mut restarts = Restarts::new(source, tables.restart_interval);
    let mut data = Data::Whole;
    for row in 0..layout.mcu_rows {
        let mut stripes = output.stripes(row, parts.iter().map(|part| part.index));
        for column in 0..layout.mcu_columns {
            if restarts.begin_mcu(&mut reading.bits) {
                for part in &mut parts {
                    part.last_dc = 0;
                }
            }
            let exhausted = reading.bits.exhausted();
            for (part, stripe) in parts.iter_mut().zip(&mut stripes) {
                if exhausted {
                    part.write_grey(stripe, column);
                } else {
                    part.write_mcu(&mut reading, stripe, column);
                }
            }
            if exhausted {
                data = Data::Missing;
            }
        }
        if output.stripe_done(row) == ControlFlow::Break(()) {
            return Ok(data);
        }
    }
    Ok(if reading.bits.exhausted() {
        Data::Missing
    } else {
        data
    })
}

fn parts(scan: &Scan, tables: &Tables, layout: &Layout) -> Result<Vec<Part>, Error> {
    let part = |component: &ScanComponent| {
        let grid = layout.grids[component.index];
        Ok(Part {
            grid,
            index: component.index,
            steps: tables.steps(grid.quantisation)?,
            dc: tables.lookup(Meaning::Dc, component.dc)?,
            ac: if grid.side == 8 {
                tables.lookup(Meaning::Ac, component.ac)?
            } else {
                tables.lookup_with_skip(component.ac)?
            },
            last_dc: 0,
        })
    };
    scan.components.iter().map(part).collect()
}

impl Part {
    fn write_mcu(&mut self, reading: &mut Reading, stripe: &mut Stripe, column: usize) {
        match self.grid.side {
            8 => self.write_blocks::<64, 8>(reading, stripe, column),
            4 => self.write_blocks::<25, 4>(reading, stripe, column),
            2 => self.write_blocks::<5, 2>(reading, stripe, column),
            _ => self.write_blocks::<1, 1>(reading, stripe, column),
        }
    }

    /// Called for each MCU, so that four arguments are all there are: more would go by the stack.
    #[inline(never)]
    fn write_blocks<const KEPT: usize, const SIDE: usize>(
        &mut self,
        reading: &mut Reading,
        stripe: &mut Stripe,
        column: usize,
    ) {
        // A copy, so that the reader's state can stay in registers.
        let mut bits = reading.bits;
        let mut last_dc = self.last_dc;
        let codes = Codes {
            dc: &self.dc,
            ac: &self.ac,
        };
        let start = column * self.grid.horizontal * SIDE;
        for row in 0..self.grid.vertical {
            for column in 0..self.grid.horizontal {
                let block = &mut reading.block;
                let end = blocks::decode::<KEPT>(&mut bits, &codes, &mut last_dc, block);
                let at = start + row * SIDE * stripe.stride + column * SIDE;
                idct::write::<SIDE>((block, end), &self.steps, stripe, at);
            }
        }
        self.last_dc = last_dc;
        reading.bits = bits;
    }

    /// What stands for data that are missing.
    fn write_grey(&self, stripe: &mut Stripe, column: usize) {
        let width = self.grid.horizontal * self.grid.side;
        for row in stripe.samples.chunks_mut(stripe.stride) {
            if let Some(row) = row
                .get_mut(column * width..)
                .and_then(|row| row.get_mut(..width))
            {
                row.fill(128);
            }
        }
    }
}
