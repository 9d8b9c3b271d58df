//! From planes to pixels: finished rows of MCUs come in, bands of interleaved pixels go to the caller.
//! Holds rows back only where the next MCUs are needed to interpolate them.

use std::ops::ControlFlow;

use super::colour::{Pixel, convert};
use super::frame::Layout;
use super::header::{Colour, Header, Ink};
use super::planes::Plane;
use super::upsample::Upsampling;

/// Whole rows of the decoded picture, from the top in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band<'a> {
    /// The first row's distance from the top.
    pub first_row: u32,
    /// Interleaved pixels, rows without padding.
    pub samples: &'a [u8],
}

/// What takes the bands; it may say that it has enough.
pub(super) type Sink<'a> = dyn FnMut(Band) -> ControlFlow<()> + 'a;

/// The way out of one decoding.
pub(super) struct Output<'a> {
    layout: &'a Layout,
    colour: Colour,
    ink: Ink,
    planes: Vec<Plane>,
    upsampling: Vec<Upsampling>,
    scratch: Vec<Vec<u8>>,
    band: Vec<u8>,
    rows_done: usize,
    sink: &'a mut Sink<'a>,
}

impl<'a> Output<'a> {
    pub(super) fn new(header: &Header, layout: &'a Layout, sink: &'a mut Sink<'a>) -> Self {
        let upsampling: Vec<_> = layout
            .grids
            .iter()
            .map(|grid| Upsampling::new(layout, grid))
            .collect();
        let scratch = upsampling
            .iter()
            .zip(&layout.grids)
            .map(|(kind, grid)| vec![0; kind.scratch_bytes(grid, layout)])
            .collect();
        Self {
            layout,
            colour: header.colour,
            ink: header.ink,
            planes: layout.grids.iter().map(Plane::new).collect(),
            upsampling,
            scratch,
            band: vec![0; band_bytes(header.colour, layout)],
            rows_done: 0,
            sink,
        }
    }

    /// Bytes that an output takes.
    pub(super) fn bytes(header: &Header, layout: &Layout) -> u64 {
        let component = |grid| {
            let kind = Upsampling::new(layout, grid);
            Plane::bytes(grid) + kind.scratch_bytes(grid, layout) as u64
        };
        let components: u64 = layout.grids.iter().map(component).sum();
        components + band_bytes(header.colour, layout) as u64
    }

    /// The plane of a component, for writing blocks.
    pub(super) fn plane(&mut self, component: usize) -> &mut Plane {
        &mut self.planes[component]
    }

    /// MCU row `index` is written: hand on the rows that are complete with it.
    pub(super) fn stripe_done(&mut self, index: usize) -> ControlFlow<()> {
        let stripe_rows = self.layout.vertical_max * self.layout.side;
        let below = self.upsampling.iter().any(|kind| kind.looks_below());
        let ready = if index + 1 == self.layout.mcu_rows {
            self.layout.height
        } else {
            ((index + 1) * stripe_rows - usize::from(below)).min(self.layout.height)
        };
        let row_bytes = self.layout.width * Pixel::of(self.colour).bytes();
        let first = self.rows_done;
        let mut band = std::mem::take(&mut self.band);
        let used = (ready - first) * row_bytes;
        for (y, out) in (first..ready).zip(band[..used].chunks_exact_mut(row_bytes)) {
            self.write_row(y, out);
        }
        self.rows_done = ready;
        let flow = if used == 0 {
            ControlFlow::Continue(())
        } else {
            (self.sink)(Band {
                first_row: first as u32,
                samples: &band[..used],
            })
        };
        self.band = band;
        flow
    }

    fn write_row(&mut self, y: usize, out: &mut [u8]) {
        let mut rows: [&[u8]; 4] = [&[]; 4];
        let sources = self
            .planes
            .iter()
            .zip(&self.upsampling)
            .zip(&mut self.scratch);
        for (row, ((plane, kind), scratch)) in rows.iter_mut().zip(sources) {
            *row = kind.row(plane, y, scratch);
        }
        convert(self.colour, self.ink, rows, out);
    }
}

/// A row of MCUs and the row that the one before may have held back.
fn band_bytes(colour: Colour, layout: &Layout) -> usize {
    let rows = (layout.vertical_max * layout.side + 1).min(layout.height);
    layout.width * Pixel::of(colour).bytes() * rows
}
