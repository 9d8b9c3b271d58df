//! The numbers of RFC 6386.

mod coefficients;
mod entropy;
mod modes;
mod steps;

pub(super) use coefficients::{DEFAULT, UNCHANGED};
pub(super) use entropy::ENTROPY;
pub(super) use modes::BLOCK_MODES;
pub(super) use steps::{AC, DC};

/// Of a coefficient's branches: by kind of block, band, context and branch.
pub(super) type Probabilities = [[[[u8; 11]; 3]; 8]; 4];

/// The band of each place in coding order; one more place stands for "after the last".
pub(super) const BANDS: [usize; 17] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0];
