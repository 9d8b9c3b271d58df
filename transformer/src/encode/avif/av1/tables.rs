//! Numbers that the format fixes.

mod coefficients_0;
mod coefficients_1;
mod coefficients_2;
mod coefficients_3;
mod modes;
mod steps;
mod weights;

pub(super) use self::modes::MODES;
pub(super) use self::steps::{AC, DC};
pub(super) use self::weights::{OBLONG_WEIGHTS, SQUARE_WEIGHTS};

/// By range of the quantiser.
pub(super) static COEFFICIENTS: [[u16; 2153]; 4] = [
    coefficients_0::COEFFICIENTS,
    coefficients_1::COEFFICIENTS,
    coefficients_2::COEFFICIENTS,
    coefficients_3::COEFFICIENTS,
];
