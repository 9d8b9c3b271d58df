//! Limits that no picture of these tests comes near.

use transformer::options::{Limits, Truncated};

pub(crate) const LIMITS: Limits = Limits {
    source_pixels_max: 1 << 24,
    output_pixels_max: 1 << 24,
    output_side_max: 8192,
    memory_bytes_max: 1 << 30,
    frames_max: 1,
    animation_pixels_max: 1,
    truncated: Truncated::Render,
};
