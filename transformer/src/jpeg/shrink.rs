//! Shrinking on the way out: rows of components come in as they are stored, each component goes through a
//! resampler of its own, and colours are mixed from what comes out. So components that are stored smaller
//! are never enlarged, and the picture never stands at its decoded size in memory.

use std::ops::ControlFlow;

use super::Decoded;
use super::colour::{Pixel, convert};
use super::frame::{Grid, Layout};
use super::header::{Colour, Header, Ink};
use crate::geometry::Size;
use crate::resampler::{Axis, Pulled, Resampler, Samples, Span};

/// A part of the stored picture, in its pixels and fractions of them, and the size it becomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    pub(crate) horizontal: Span,
    pub(crate) vertical: Span,
    pub(crate) size: Size,
}

/// A picture on its way to another size.
pub(super) struct Shrinking {
    colour: Colour,
    ink: Ink,
    size: Size,
    parts: Vec<Part>,
    samples: Vec<u8>,
    rows_done: usize,
}

/// A component, and the rows of it that wait for the others'.
struct Part {
    resampler: Resampler,
    waiting: Vec<u8>,
    row: Vec<u8>,
}

impl Shrinking {
    pub(super) fn new(header: &Header, layout: &Layout, window: &Window) -> Self {
        let size = window.size;
        let mut parts: Vec<(Grid, Part)> = Vec::with_capacity(layout.grids.len());
        for grid in &layout.grids {
            let equal = parts.iter().find(|(other, _)| is_same_size(other, grid));
            let resampler = equal.map_or_else(
                || {
                    let (horizontal, vertical) = mixed_axes(layout, grid, window);
                    Resampler::new(horizontal, vertical)
                },
                |(_, part)| part.resampler.clone(),
            );
            let part = Part {
                resampler,
                waiting: Vec::new(),
                row: vec![0; size.width as usize],
            };
            parts.push((*grid, part));
        }
        let pixels = size.width as usize * size.height as usize;
        Self {
            colour: header.colour,
            ink: header.ink,
            size,
            parts: parts.into_iter().map(|(_, part)| part).collect(),
            samples: vec![0; pixels * Pixel::of(header.colour).bytes()],
            rows_done: 0,
        }
    }

    /// Bytes that all resamplers hold, and the rows between them.
    pub(super) fn bytes(layout: &Layout, window: &Window) -> u64 {
        let component = |grid: &Grid| {
            let (horizontal, vertical) = mixed_axes(layout, grid, window);
            // What a row of MCUs and the one before it come to may wait for the other components; twice, while
            // it gets more room.
            let stored = (2 * layout.vertical_max * 8) as f64;
            let rows = (stored * vertical.wanted as f64 / vertical.span.length).ceil();
            // What is too large for the cast is the largest number.
            let rows = (rows as u64 + 2).min(u64::from(window.size.height));
            let waiting = 2 * rows * u64::from(window.size.width);
            Resampler::bytes(horizontal, vertical) + waiting
        };
        layout.grids.iter().map(component).sum()
    }

    /// Take in the next row of a component.
    pub(super) fn take(&mut self, component: usize, row: &[u8]) -> ControlFlow<()> {
        let part = &mut self.parts[component];
        part.resampler.push(row);
        while part.resampler.pull(&mut part.row) == Pulled::Row {
            part.waiting.extend_from_slice(&part.row);
        }
        self.mix()
    }

    /// Mix the rows that all components have.
    fn mix(&mut self) -> ControlFlow<()> {
        let width = self.size.width as usize;
        let rows = self.parts.iter().map(|part| part.waiting.len() / width);
        let ready = rows.min().unwrap_or(0);
        let bytes = width * Pixel::of(self.colour).bytes();
        for row in 0..ready {
            let mut rows: [&[u8]; 4] = [&[]; 4];
            for (row_of, part) in rows.iter_mut().zip(&self.parts) {
                *row_of = &part.waiting[row * width..][..width];
            }
            let out = &mut self.samples[(self.rows_done + row) * bytes..][..bytes];
            convert(self.colour, self.ink, rows, out);
        }
        if ready > 0 {
            self.rows_done += ready;
            for part in &mut self.parts {
                part.waiting.drain(..ready * width);
            }
        }
        if self.rows_done == self.size.height as usize {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The picture. Every row is there, since the decoder hands on every row that its header names.
    pub(super) fn finish(self) -> Decoded {
        Decoded {
            width: self.size.width,
            height: self.size.height,
            pixel: Pixel::of(self.colour),
            samples: self.samples,
        }
    }
}

pub(super) fn is_same_size(a: &Grid, b: &Grid) -> bool {
    (a.width, a.height, a.stride()) == (b.width, b.height, b.stride())
        && (a.horizontal * a.side, a.vertical * a.side)
            == (b.horizontal * b.side, b.vertical * b.side)
}

/// As `axes`, of components that are mixed: those of half the sides, decoded whole, look as decoders enlarge them.
fn mixed_axes(layout: &Layout, grid: &Grid, window: &Window) -> (Axis, Axis) {
    let (mut horizontal, mut vertical) = axes(layout, grid, window);
    if grid.side == 8 && grid.horizontal * 2 == layout.horizontal_max {
        horizontal.samples = Samples::Halves;
    }
    if grid.side == 8 && grid.vertical * 2 == layout.vertical_max {
        vertical.samples = Samples::Halves;
    }
    (horizontal, vertical)
}

/// What the window is in a component's own samples. A picture whose sides do not divide by the scale
/// ends within its last samples: taking them as whole would stretch it by up to a pixel.
pub(super) fn axes(layout: &Layout, grid: &Grid, window: &Window) -> (Axis, Axis) {
    let axis = |span: Span, (own, largest): (usize, usize), (available, wanted): (usize, u32)| {
        let ratio = (own * grid.side) as f64 / (largest * 8) as f64;
        Axis {
            span: Span {
                start: span.start * ratio,
                length: span.length * ratio,
            },
            available,
            wanted: wanted as usize,
            // A block of which nothing is kept but the first coefficient is its mean.
            samples: if grid.side == 1 {
                Samples::Means
            } else {
                Samples::Points
            },
        }
    };
    (
        axis(
            window.horizontal,
            (grid.horizontal, layout.horizontal_max),
            (grid.width, window.size.width),
        ),
        axis(
            window.vertical,
            (grid.vertical, layout.vertical_max),
            (grid.height, window.size.height),
        ),
    )
}
