//! The state of a picture while it is coded: samples as they came and as decoders will have them, and what
//! blocks are to their neighbours.

use super::edges::{Edge, Edges};
use super::modes::Mode;
use super::transform::Size;

/// Samples, rows of whole superblocks.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    pub(super) data: Vec<u8>,
    pub(super) stride: usize,
    /// Of the picture in whole blocks of eight luma samples.
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Samples {
    /// A plane whose edges are repeated. `unit` is the side of a superblock.
    pub(super) fn repeat(samples: &[u8], width: usize, unit: usize) -> Self {
        let height = samples.len() / width;
        let stride = width.next_multiple_of(unit);
        let mut data = Vec::with_capacity(stride * height.next_multiple_of(unit));
        for row in samples.chunks_exact(width) {
            data.extend_from_slice(row);
            data.resize(data.len().next_multiple_of(stride), row[width - 1]);
        }
        for _ in height..height.next_multiple_of(unit) {
            data.extend_from_within(data.len() - stride..);
        }
        let whole = unit / 8;
        Self {
            data,
            stride,
            width: width.next_multiple_of(whole),
            height: height.next_multiple_of(whole),
        }
    }

    /// The same size, all zero.
    pub(super) fn like(other: &Self) -> Self {
        Self {
            data: vec![0; other.data.len()],
            ..*other
        }
    }

    pub(super) fn row(&self, x: usize, y: usize) -> &[u8] {
        &self.data[y * self.stride + x..]
    }

    pub(super) fn row_mut(&mut self, x: usize, y: usize) -> &mut [u8] {
        &mut self.data[y * self.stride + x..]
    }

    /// Copy a block out, row by row.
    pub(super) fn copy_out(&self, (x, y): (usize, usize), size: Size, to: &mut [u8]) {
        for (row, to) in to
            .chunks_exact_mut(size.width())
            .take(size.height())
            .enumerate()
        {
            to.copy_from_slice(&self.row(x, y + row)[..size.width()]);
        }
    }

    pub(super) fn copy_in(&mut self, (x, y): (usize, usize), size: Size, from: &[u8]) {
        for (row, from) in from
            .chunks_exact(size.width())
            .take(size.height())
            .enumerate()
        {
            self.row_mut(x, y + row)[..size.width()].copy_from_slice(from);
        }
    }
}

/// What a block is to those after it, for every four samples of its sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) mode: Mode,
    /// Of the block that has the chroma.
    pub(super) chroma_mode: Mode,
    pub(super) skip: bool,
    /// The logarithm of the side along the edge.
    pub(super) side_log: u8,
    /// By plane, sums of levels; chroma's in the first of two units.
    pub(super) sums: [u8; 3],
    /// By plane: 1 where the constant is negative, 2 where positive.
    pub(super) signs: [u8; 3],
}

impl Unit {
    /// What there is beyond the edges.
    pub(super) const NONE: Self = Self {
        mode: Mode::Constant,
        chroma_mode: Mode::Constant,
        skip: false,
        side_log: 6,
        sums: [0; 3],
        signs: [0; 3],
    };
}

/// Units of four samples in a superblock's side.
pub(super) const UNITS: usize = 16;

/// Part of a picture that is coded without a look at the rest, in units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) rows: (usize, usize),
    pub(super) columns: (usize, usize),
}

/// Where a block is, in units, and how large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) size: Size,
}

impl Place {
    pub(super) const fn units_wide(self) -> usize {
        self.size.width() / 4
    }

    pub(super) const fn units_high(self) -> usize {
        self.size.height() / 4
    }

    /// Whether chroma is coded with this block: of four small ones it is with the last.
    pub(super) const fn has_chroma(self) -> bool {
        (self.size.width_log > 2 || self.column % 2 == 1)
            && (self.size.height_log > 2 || self.row % 2 == 1)
    }

    /// The place, in luma's units, that the chroma coded with this block covers.
    pub(super) fn of_chroma(self) -> Self {
        let size = self.size;
        Self {
            row: self.row & !usize::from(size.height_log == 2),
            column: self.column & !usize::from(size.width_log == 2),
            size: Size {
                width_log: size.width_log.max(3),
                height_log: size.height_log.max(3),
            },
        }
    }

    /// Size of the block in a plane.
    pub(super) const fn plane_size(self, plane: usize) -> Size {
        if plane == 0 {
            self.size
        } else {
            Size {
                width_log: self.size.width_log - 1,
                height_log: self.size.height_log - 1,
            }
        }
    }

    /// Where the block's samples begin in a plane.
    pub(super) const fn origin(self, plane: usize) -> (usize, usize) {
        let unit = if plane == 0 { 4 } else { 2 };
        (self.column * unit, self.row * unit)
    }
}

/// Whether a unit has been decoded before another: units of a superblock follow each other in the order of
/// their interleaved bits.
fn before(
    tile: &Tile,
    (row, column): (usize, usize),
    (than_row, than_column): (usize, usize),
) -> bool {
    if row >= tile.rows.1 || column >= tile.columns.1 {
        return false;
    }
    let superblocks = (row / UNITS, column / UNITS);
    let than = (than_row / UNITS, than_column / UNITS);
    if superblocks != than {
        return superblocks < than;
    }
    let spread = |at: usize| (0..4).fold(0, |sum, bit| sum | (at >> bit & 1) << (bit * 2));
    spread(row) * 2 + spread(column) < spread(than_row) * 2 + spread(than_column)
}

/// The samples around a block in a plane. The place is the one that the plane's samples cover.
pub(super) fn edges(samples: &Samples, number: usize, place: Place, tile: &Tile) -> Edges {
    let size = place.plane_size(number);
    let (x, y) = place.origin(number);
    let (width, height) = (size.width(), size.height());
    let (has_above, has_left) = (place.row > tile.rows.0, place.column > tile.columns.0);
    let here = (place.row, place.column);
    let inside = (width.min(samples.width - x), height.min(samples.height - y));
    let mut edges = Edges {
        above: Edge::filled(127),
        left: Edge::filled(129),
        has_above,
        has_left,
        inside,
        smooth: false,
    };
    let both = width + height;
    if has_above {
        let from = samples.row(x, y - 1);
        let more = before(
            tile,
            (place.row - 1, place.column + place.units_wide()),
            here,
        );
        let count = both
            .min(if more { 2 * width } else { width })
            .min(samples.width - x);
        let to = edges.above.at_mut(0);
        to[..count].copy_from_slice(&from[..count]);
        to[count..=both].fill(from[count - 1]);
    } else if has_left {
        let sample = samples.row(x - 1, y)[0];
        edges.above.at_mut(0)[..=both].fill(sample);
    }
    if has_left {
        let more = before(
            tile,
            (place.row + place.units_high(), place.column - 1),
            here,
        );
        let count = both
            .min(if more { 2 * height } else { height })
            .min(samples.height - y);
        let to = edges.left.at_mut(0);
        let column = samples.row(x - 1, y).iter().step_by(samples.stride);
        for (to, from) in to[..count].iter_mut().zip(column) {
            *to = *from;
        }
        let last = to[count - 1];
        to[count..=both].fill(last);
    } else if has_above {
        let sample = samples.row(x, y - 1)[0];
        edges.left.at_mut(0)[..=both].fill(sample);
    }
    let corner = match (has_above, has_left) {
        (true, true) => samples.row(x - 1, y - 1)[0],
        (true, false) => samples.row(x, y - 1)[0],
        (false, true) => samples.row(x - 1, y)[0],
        (false, false) => 128,
    };
    edges.above.set_corner(corner);
    edges.left.set_corner(corner);
    edges
}
