//! From planes to whoever asked: finished rows of MCUs come in, bands of interleaved pixels or single rows
//! of components go out. Holds rows back only where the next MCUs are needed to interpolate them.

use std::ops::ControlFlow;

use super::colour::{Pixel, convert};
use super::frame::Layout;
use super::header::{Colour, Header, Ink};
use super::planes::{Plane, Stripe};
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

/// What takes rows of single components as they are stored; it may say that it has enough. Rows of one
/// component come in order.
pub(super) type RowSink<'a> = dyn FnMut(usize, &[u8]) -> ControlFlow<()> + 'a;

/// The way out of one decoding.
pub(super) struct Output<'a> {
    layout: &'a Layout,
    planes: Vec<Plane>,
    way: Way<'a>,
}

/// What becomes of finished rows of MCUs.
enum Way<'a> {
    Pixels(Pixels<'a>),
    Components {
        rows_done: Vec<usize>,
        sink: &'a mut RowSink<'a>,
    },
}

/// Enlarging and mixing the components' rows.
struct Pixels<'a> {
    colour: Colour,
    ink: Ink,
    upsampling: Vec<Upsampling>,
    scratch: Vec<Vec<u8>>,
    band: Vec<u8>,
    rows_done: usize,
    sink: &'a mut Sink<'a>,
}

impl<'a> Output<'a> {
    /// Pixels go to `sink`.
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
        let pixels = Pixels {
            colour: header.colour,
            ink: header.ink,
            upsampling,
            scratch,
            band: vec![0; band_bytes(header.colour, layout)],
            rows_done: 0,
            sink,
        };
        Self::by(Way::Pixels(pixels), layout)
    }

    /// Each component's rows go to `sink` as they are stored.
    pub(super) fn components(layout: &'a Layout, sink: &'a mut RowSink<'a>) -> Self {
        let rows_done = vec![0; layout.grids.len()];
        Self::by(Way::Components { rows_done, sink }, layout)
    }

    fn by(way: Way<'a>, layout: &'a Layout) -> Self {
        Self {
            layout,
            planes: layout.grids.iter().map(Plane::new).collect(),
            way,
        }
    }

    /// Bytes that an output of pixels takes; one of components takes less.
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

    /// Where MCU row `index` of these components is written, in their order. Each is named once.
    pub(super) fn stripes(
        &mut self,
        index: usize,
        components: impl Iterator<Item = usize>,
    ) -> Vec<Stripe<'_>> {
        let mut stripes: Vec<Option<Stripe>> = Vec::with_capacity(self.planes.len());
        stripes.extend(
            self.planes
                .iter_mut()
                .map(|plane| Some(plane.stripe(index))),
        );
        components
            .filter_map(|component| stripes.get_mut(component)?.take())
            .collect()
    }

    /// MCU row `index` is written: hand on the rows that are complete with it.
    pub(super) fn stripe_done(&mut self, index: usize) -> ControlFlow<()> {
        match &mut self.way {
            Way::Pixels(pixels) => pixels.hand_on((index, self.layout), &self.planes),
            Way::Components { rows_done, sink } => {
                let components = self.planes.iter().zip(&self.layout.grids);
                for (component, (plane, grid)) in components.enumerate() {
                    let ready = ((index + 1) * grid.stripe_rows()).min(grid.height);
                    for row in rows_done[component]..ready {
                        sink(component, plane.row(row))?;
                    }
                    rows_done[component] = ready;
                }
                ControlFlow::Continue(())
            }
        }
    }
}

impl Pixels<'_> {
    fn hand_on(&mut self, (index, layout): (usize, &Layout), planes: &[Plane]) -> ControlFlow<()> {
        let stripe_rows = layout.vertical_max * layout.side;
        let below = self.upsampling.iter().any(|kind| kind.looks_below());
        let ready = if index + 1 == layout.mcu_rows {
            layout.height
        } else {
            ((index + 1) * stripe_rows - usize::from(below)).min(layout.height)
        };
        let row_bytes = layout.width * Pixel::of(self.colour).bytes();
        let first = self.rows_done;
        let mut band = std::mem::take(&mut self.band);
        let used = (ready - first) * row_bytes;
        for (y, out) in (first..ready).zip(band[..used].chunks_exact_mut(row_bytes)) {
            self.write_row(planes, y, out);
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

    fn write_row(&mut self, planes: &[Plane], y: usize, out: &mut [u8]) {
        let mut rows: [&[u8]; 4] = [&[]; 4];
        let sources = planes.iter().zip(&self.upsampling).zip(&mut self.scratch);
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
