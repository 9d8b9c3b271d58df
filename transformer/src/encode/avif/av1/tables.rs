//! Numbers that the format fixes.

mod coefficients_0;
mod coefficients_1;
mod coefficients_2;
mod coefficients_3;
mod modes;
mod oblong_weights;
mod square_weights;
mod steps;

pub(super) use self::modes::MODES;
pub(super) use self::oblong_weights::OBLONG_WEIGHTS;
pub(super) use self::square_weights::SQUARE_WEIGHTS;
pub(super) use self::steps::{AC, DC};

/// By range of the quantiser.
pub(super) static COEFFICIENTS: [[u16; 2153]; 4] = [
    coefficients_0::COEFFICIENTS,
    coefficients_1::COEFFICIENTS,
    coefficients_2::COEFFICIENTS,
    coefficients_3::COEFFICIENTS,
];

/// The lowest level of the quantiser matrices that are here.
pub(super) const WEIGHTS_FIRST: usize = 2;
