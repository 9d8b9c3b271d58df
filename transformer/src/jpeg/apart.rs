//! Shrinking without mixing: rows of components come in as they are stored, and each component becomes a plane
//! of its own. Colours may be wanted at another size than brightness.

use std::ops::ControlFlow;

use super::frame::{Grid, Layout};
use super::shrink::{Window, axes, is_same_size};
use crate::resampler::{Pulled, Resampler};

/// Components on their way to planes.
pub(super) struct Apart {
    parts: Vec<Part>,
}

/// A component.
struct Part {
    resampler: Resampler,
    width: usize,
    samples: Vec<u8>,
    done: usize,
}

impl Apart {
    /// The first component shows `luma`, the others `chroma`.
    pub(super) fn new(layout: &Layout, luma: &Window, chroma: &Window) -> Self {
        let mut parts: Vec<(Grid, Part)> = Vec::with_capacity(layout.grids.len());
        for (index, grid) in layout.grids.iter().enumerate() {
            let window = if index == 0 { luma } else { chroma };
            let colours = parts.get(1).filter(|(other, _)| is_same_size(other, grid));
            let resampler = colours.map_or_else(
                || {
                    let (horizontal, vertical) = axes(layout, grid, window);
                    Resampler::new(horizontal, vertical)
                },
                |(_, part)| part.resampler.clone(),
            );
            let width = window.size.width as usize;
            let part = Part {
                resampler,
                width,
                samples: vec![0; width * window.size.height as usize],
                done: 0,
            };
            parts.push((*grid, part));
        }
        let parts = parts.into_iter().map(|(_, part)| part).collect();
        Self { parts }
    }

    /// Take in the next row of a component.
    pub(super) fn take(&mut self, component: usize, row: &[u8]) -> ControlFlow<()> {
        self.parts[component].take(row);
        if self.parts.iter().all(Part::is_done) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The planes. Every row is there, since the decoder hands on every row that its header names.
    pub(super) fn finish(self) -> Vec<Vec<u8>> {
        self.parts.into_iter().map(|part| part.samples).collect()
    }
}

impl Part {
    fn take(&mut self, row: &[u8]) {
        self.resampler.push(row);
        while let Some(out) = self.samples.get_mut(self.done..self.done + self.width)
            && self.resampler.pull(out) == Pulled::Row
        {
            self.done += self.width;
        }
    }

    fn is_done(&self) -> bool {
        self.done == self.samples.len()
    }
}
