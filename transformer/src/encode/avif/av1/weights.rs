//! Quantiser matrices (AV1 specification, 7.12.2 and 9.5.1): how much coarser high frequencies are than low
//! ones. SSIMULACRA2 looks at coarse structure most, so they are steep; `benches/ENCODERS.md` has what others
//! cost.

use super::tables::{OBLONG_WEIGHTS, SQUARE_WEIGHTS};
use super::transform::Size;

/// The levels of luma's matrix and of chroma's, which the headers name.
pub(super) const LEVELS: [u8; 2] = [1, 8];

/// Weights in 32nds of a size's coefficients, by place in memory, for luma (0) or chroma (1).
pub(super) fn matrix(kind: usize, size: Size) -> Vec<u8> {
    let (width, height) = (size.width(), size.height());
    let places = (0..width).flat_map(|column| (0..height).map(move |row| (column, row)));
    if width == height {
        // All are samples of the largest, of which one triangle is stored.
        let step = 32 / width;
        let middle = |at: usize| at * step + (step - 1) / 2;
        let weight = |(column, row): (usize, usize)| {
            let (low, high) = (middle(column.min(row)), middle(column.max(row)));
            SQUARE_WEIGHTS[kind][high * (high + 1) / 2 + low]
        };
        return places.map(weight).collect();
    }
    let (long_step, short_step) = (32 / width.max(height), 16 / width.min(height));
    let weight = |(column, row): (usize, usize)| {
        let (long, short) = if width > height {
            (column, row)
        } else {
            (row, column)
        };
        let long = long * long_step + (long_step - 1) / 2;
        let short = short * short_step + (short_step - 1) / 2;
        OBLONG_WEIGHTS[kind][short * 32 + long]
    };
    places.map(weight).collect()
}
