//! The curve of sRGB (IEC 61966-2-1), and levels of it looked up by linear light.

use crate::picture::Sample;

/// Steps of the tables from linear light to levels. Near black sRGB rises by 3,294 of 256 levels a unit, so a
/// step is at most a fifth of a level.
pub(crate) const LIGHT_STEPS: usize = 1 << 14;

/// Linear light of a level, both from 0 to 1.
pub(crate) fn linear(level: f64) -> f64 {
    if level <= 0.04045 {
        level / 12.92
    } else {
        ((level + 0.055) / 1.055).powf(2.4)
    }
}

/// The level of linear light, both from 0 to 1.
pub(crate) fn encoded(light: f64) -> f64 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

/// Samples that are levels of sRGB.
pub(crate) trait Level: Sample {
    /// A table to look up by `at`.
    fn levels() -> Vec<Self>;

    /// The level of linear light, which is given in steps of the table; what is outside becomes the nearest.
    fn at(levels: &[Self], step: f32) -> Self;
}

impl Level for u8 {
    /// The level nearest to each step.
    fn levels() -> Vec<Self> {
        let mut levels = Vec::with_capacity(LIGHT_STEPS);
        for level in 0..=Self::MAX {
            let light = linear((f64::from(level) + 0.5) / 255.0);
            let end = (light * (LIGHT_STEPS - 1) as f64).ceil() as usize;
            let end = if level == Self::MAX { LIGHT_STEPS } else { end };
            levels.resize(end.min(LIGHT_STEPS), level);
        }
        levels
    }

    fn at(levels: &[Self], step: f32) -> Self {
        // A cast to an integer brings what is negative, or not a number, to zero.
        levels[((step + 0.5) as usize).min(LIGHT_STEPS - 1)]
    }
}

impl Level for u16 {
    /// The level of each step. Between two the curve is straight to a tenth of a level.
    fn levels() -> Vec<Self> {
        let steps = (LIGHT_STEPS - 1) as f64;
        let level = |step: usize| (encoded(step as f64 / steps) * 65_535.0).round() as Self;
        (0..LIGHT_STEPS).map(level).collect()
    }

    fn at(levels: &[Self], step: f32) -> Self {
        let step = step.max(0.0);
        let at = (step as usize).min(LIGHT_STEPS - 2);
        let (below, above) = (f32::from(levels[at]), f32::from(levels[at + 1]));
        // A cast brings what is too large to the largest.
        (below + (above - below) * (step - at as f32) + 0.5) as Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_in_16_bits() {
        let levels = u16::levels();
        for level in 0..=u16::MAX {
            let light = linear(f64::from(level) / 65_535.0) * (LIGHT_STEPS - 1) as f64;
            assert!(
                u16::at(&levels, light as f32).abs_diff(level) <= 1,
                "{level}"
            );
        }
        assert_eq!(u16::at(&levels, f32::NAN), 0);
        assert_eq!(u16::at(&levels, -1.0), 0);
        assert_eq!(u16::at(&levels, 1e9), u16::MAX);
    }
}
