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
    let mut block = [0; 128];
    let mut bits = Bits::new(source, start);
    let mut restarts = Restarts::new(source, tables.restart_interval);
    let mut data = Data::Whole;
    for row in 0..layout.mcu_rows {
        for column in 0..layout.mcu_columns {
            if restarts.begin_mcu(&mut bits) {
                for part in &mut parts {
                    part.last_dc = 0;
                }
            }
            let exhausted = bits.exhausted();
            for part in &mut parts {
                let (plane, stride, start) = output.plane(part.index).stripe(row);
                let at = start + column * part.grid.horizontal * part.grid.side;
                if exhausted {
                    part.write_grey((plane, stride), at);
                } else {
                    part.write_mcu((&mut bits, &mut block), (plane, stride), at);
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
    Ok(if bits.exhausted() {
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
    fn write_mcu(&mut self, data: (&mut Bits, &mut Block), plane: (&mut [u8], usize), at: usize) {
        match self.grid.side {
            8 => self.write_blocks::<64, 8>(data, plane, at),
            4 => self.write_blocks::<25, 4>(data, plane, at),
            2 => self.write_blocks::<5, 2>(data, plane, at),
            _ => self.write_blocks::<1, 1>(data, plane, at),
        }
    }

    #[inline(never)]
    fn write_blocks<const KEPT: usize, const SIDE: usize>(
        &mut self,
        (shared_bits, block): (&mut Bits, &mut Block),
        (plane, stride): (&mut [u8], usize),
        at: usize,
    ) {
        // A copy, so that the reader's state can stay in registers.
        let mut bits = *shared_bits;
        let mut last_dc = self.last_dc;
        let codes = Codes {
            dc: &self.dc,
            ac: &self.ac,
        };
        for row in 0..self.grid.vertical {
            for column in 0..self.grid.horizontal {
                let end = blocks::decode::<KEPT>(&mut bits, &codes, &mut last_dc, block);
                let at = at + row * SIDE * stride + column * SIDE;
                idct::write::<SIDE>((block, end), &self.steps, (&mut *plane, stride), at);
            }
        }
        self.last_dc = last_dc;
        *shared_bits = bits;
    }

    /// What stands for data that are missing.
    fn write_grey(&self, (plane, stride): (&mut [u8], usize), at: usize) {
        let width = self.grid.horizontal * self.grid.side;
        let rows = plane.get_mut(at..).unwrap_or_default().chunks_mut(stride);
        for row in rows.take(self.grid.vertical * self.grid.side) {
            if let Some(row) = row.get_mut(..width) {
                row.fill(128);
            }
        }
    }
}
