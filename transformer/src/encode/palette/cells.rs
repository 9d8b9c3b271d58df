//! Bins to as many cells as there are colours: the cell that differs most within itself is divided across
//! its widest axis at its mean, until there are enough.

use super::bins::Weighted;
use super::space::{Point, plus};

/// A run of bins.
struct Cell {
    from: usize,
    to: usize,
    mean: Point,
    /// The axis along which it is widest.
    axis: usize,
    /// Weight times variance along that axis: what dividing it gains.
    spread: f32,
}

/// The mean of each cell; none for no bins.
pub(super) fn divided(mut bins: Vec<Weighted>, cells_max: usize) -> Vec<Point> {
    if bins.is_empty() {
        return Vec::new();
    }
    let mut cells = vec![Cell::of(&bins, 0, bins.len())];
    while cells.len() < cells_max {
        let widest = cells
            .iter()
            .enumerate()
            .max_by(|one, other| one.1.spread.total_cmp(&other.1.spread));
        let Some((at, cell)) = widest.filter(|(_, cell)| cell.spread > 0.0) else {
            break;
        };
        let (from, to) = (cell.from, cell.to);
        let middle = from + part(&mut bins[from..to], cell.axis, cell.mean[cell.axis]);
        if middle == from || middle == to {
            cells[at].spread = 0.0;
            continue;
        }
        cells[at] = Cell::of(&bins, from, middle);
        cells.push(Cell::of(&bins, middle, to));
    }
    cells.into_iter().map(|cell| cell.mean).collect()
}

impl Cell {
    fn of(bins: &[Weighted], from: usize, to: usize) -> Self {
        let (mut sum, mut squares, mut weight) = ([0.0; 4], [0.0; 4], 0.0);
        for bin in &bins[from..to] {
            sum = plus(sum, bin.place, bin.weight);
            squares = plus(squares, bin.place.map(|level| level * level), bin.weight);
            weight += bin.weight;
        }
        let mean = sum.map(|sum: f32| sum / weight);
        let spread = |axis: usize| (squares[axis] - sum[axis] * mean[axis]).max(0.0);
        let axis = (1..4).fold(0, |best, axis| {
            if spread(axis) > spread(best) {
                axis
            } else {
                best
            }
        });
        Self {
            from,
            to,
            mean,
            axis,
            spread: if to - from > 1 { spread(axis) } else { 0.0 },
        }
    }
}

/// Bins below `limit` to the front; how many they are.
fn part(bins: &mut [Weighted], axis: usize, limit: f32) -> usize {
    let mut below = 0;
    for at in 0..bins.len() {
        if bins[at].place[axis] < limit {
            bins.swap(at, below);
            below += 1;
        }
    }
    below
}
