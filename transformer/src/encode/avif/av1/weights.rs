//! Quantiser matrices (AV1 specification, 9.5.1): how much coarser high frequencies are than low ones.

use super::tables::{SQUARE_WEIGHTS, OBLONG_WEIGHTS, WEIGHTS_FIRST};
use super::transform::Size;

/// The level that has no matrix.
const FLAT: u8 = 15;

/// Weights in 32nds of a size's coefficients, by place in memory.
pub(super) fn matrix(level: u8, kind: usize, size: Size) -> Option<Vec<u8>> {
    if level >= FLAT {
        return None;
    }
    let level = usize::from(level).saturating_sub(WEIGHTS_FIRST).min(SQUARE_WEIGHTS.len() - 1);
    let (width, height) = (size.width(), size.height());
    let places = (0..width).flat_map(|column| (0..height).map(move |row| (column, row)));
    if width == height {
        // All are samples of the largest, of which one triangle is stored.
        let step = 32 / width;
        let middle = |at: usize| at * step + (step - 1) / 2;
        let weight = |(column, row): (usize, usize)| {
            let (low, high) = (middle(column.min(row)), middle(column.max(row)));
            SQUARE_WEIGHTS[level][kind][high * (high + 1) / 2 + low]
        };
        return Some(places.map(weight).collect());
    }
    let (long_step, short_step) = (32 / width.max(height), 16 / width.min(height));
    let weight = |(column, row): (usize, usize)| {
        let (long, short) = if width > height { (column, row) } else { (row, column) };
        let long = long * long_step + (long_step - 1) / 2;
        let short = short * short_step + (short_step - 1) / 2;
        OBLONG_WEIGHTS[level][kind][short * 32 + long]
    };
    Some(places.map(weight).collect())
}
