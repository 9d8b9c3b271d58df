//! A profile that is three curves and a matrix, as nearly all that cameras and screens write are: colours
//! to sRGB by two tables and nine products. The general engine rounds such colours down, by half a level
//! on average, and builds larger tables than a thumbnail has pixels.

use moxcms::{ColorProfile, ToneReprCurve, TransferCharacteristics as Transfer};

/// Steps of the table from linear light to levels. Near black sRGB rises by 3,294 levels a unit, so a
/// step is at most a fifth of a level.
pub(crate) const LIGHT_STEPS: usize = 1 << 14;

/// A conversion to sRGB.
pub(super) struct Matrix {
    /// Linear light of each level, for red, green and blue.
    linear: [[f32; 256]; 3],
    /// Linear light of the profile to that of sRGB, in steps of the table.
    rows: [[f32; 3]; 3],
    /// The level of each step of linear light.
    levels: Vec<u8>,
}

impl Matrix {
    /// The conversion from `profile`, if it is of this kind.
    pub(super) fn new(profile: &ColorProfile) -> Option<Self> {
        // A table, or a coded transfer function such as PQ, says more than the matrix.
        let says_more = profile.lut_a_to_b_perceptual.is_some()
            || profile.lut_a_to_b_colorimetric.is_some()
            || profile.lut_a_to_b_saturation.is_some()
            || profile
                .cicp
                .is_some_and(|code| code.transfer_characteristics != Transfer::Srgb);
        if says_more || !profile.is_matrix_shaper() {
            return None;
        }
        let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
        let [red, green, blue] = curves.map(|curve| curve.as_ref().and_then(linear));
        let linear = [red?, green?, blue?];
        let matrix = profile.transform_matrix(&ColorProfile::new_srgb()).v;
        let steps = (LIGHT_STEPS - 1) as f64;
        let rows = matrix.map(|row| row.map(|weight| (weight * steps) as f32));
        Some(Self {
            linear,
            rows,
            levels: levels(),
        })
    }

    /// One colour in sRGB.
    pub(super) fn convert(&self, colour: [u8; 3]) -> [u8; 3] {
        let [r, g, b] = self.linear.each_ref();
        let light = [
            r[usize::from(colour[0])],
            g[usize::from(colour[1])],
            b[usize::from(colour[2])],
        ];
        self.rows.map(|row| {
            nearest(
                &self.levels,
                row[0] * light[0] + row[1] * light[1] + row[2] * light[2],
            )
        })
    }
}

/// For each grey level of `profile` the sRGB level, by its one curve.
pub(super) fn greys(profile: &ColorProfile) -> Option<[u8; 256]> {
    let levels = levels();
    let linear = linear(profile.gray_trc.as_ref()?)?;
    Some(linear.map(|light| nearest(&levels, light * (LIGHT_STEPS - 1) as f32)))
}

/// Linear light of each level.
fn linear(curve: &ToneReprCurve) -> Option<[f32; 256]> {
    let curve = curve.make_linear_evaluator().ok()?;
    Some(std::array::from_fn(|level| {
        curve.evaluate_value(level as f32 / 255.0)
    }))
}

fn nearest(levels: &[u8], step: f32) -> u8 {
    // A cast to an integer brings what is negative, or not a number, to zero.
    levels[((step + 0.5) as usize).min(LIGHT_STEPS - 1)]
}

/// The sRGB level nearest to each step of linear light (IEC 61966-2-1).
pub(crate) fn levels() -> Vec<u8> {
    let mut levels = Vec::with_capacity(LIGHT_STEPS);
    for level in 0..=u8::MAX {
        let value = (f64::from(level) + 0.5) / 255.0;
        let light = if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        };
        let end = (light * (LIGHT_STEPS - 1) as f64).ceil() as usize;
        let end = if level == u8::MAX { LIGHT_STEPS } else { end };
        levels.resize(end.min(LIGHT_STEPS), level);
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_is_itself() {
        let matrix = Matrix::new(&ColorProfile::new_srgb()).unwrap();
        for level in 0..=255 {
            let [r, g, b] = matrix.convert([level, 255 - level, level / 2]);
            assert_eq!([r, g, b], [level, 255 - level, level / 2]);
        }
    }

    #[test]
    fn display_p3_by_the_matrices_of_both_spaces() {
        assert!(Matrix::new(&ColorProfile::new_display_p3_pq()).is_none());
        let matrix = Matrix::new(&ColorProfile::new_display_p3()).unwrap();
        // 214.90, 92.61, 96.64 in floating point.
        assert_eq!(matrix.convert([200, 100, 100]), [215, 93, 97]);
        // Outside sRGB: the nearest it has.
        assert_eq!(matrix.convert([0, 255, 0]), [0, 255, 0]);
        assert_eq!(matrix.convert([255; 3]), [255; 3]);
        assert_eq!(matrix.convert([0; 3]), [0; 3]);
    }
}
