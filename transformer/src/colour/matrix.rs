//! A profile that is three curves and a matrix, as nearly all that cameras and screens write are: colours
//! to sRGB by two tables and nine products. The general engine rounds such colours down, by half a level
//! on average, and builds larger tables than a thumbnail has pixels.

use moxcms::{ColorProfile, ToneReprCurve, TransferCharacteristics as Transfer};

use super::srgb::{LIGHT_STEPS, Level};

/// A conversion to sRGB.
pub(super) struct Matrix<S> {
    /// Linear light of each level, for red, green and blue.
    linear: [Vec<f32>; 3],
    /// Linear light of the profile to that of sRGB, in steps of the table.
    rows: [[f32; 3]; 3],
    /// From steps of linear light to levels.
    levels: Vec<S>,
}

impl<S: Level> Matrix<S> {
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
        let [red, green, blue] = curves.map(|curve| curve.as_ref().and_then(linear::<S>));
        let linear = [red?, green?, blue?];
        let matrix = profile.transform_matrix(&ColorProfile::new_srgb()).v;
        let steps = (LIGHT_STEPS - 1) as f64;
        let rows = matrix.map(|row| row.map(|weight| (weight * steps) as f32));
        Some(Self {
            linear,
            rows,
            levels: S::levels(),
        })
    }

    /// One colour in sRGB.
    pub(super) fn convert(&self, colour: [S; 3]) -> [S; 3] {
        let [r, g, b] = self.linear.each_ref();
        let [red, green, blue] = colour.map(|level| level.into() as usize);
        let light = [r[red], g[green], b[blue]];
        self.rows.map(|row| {
            S::at(
                &self.levels,
                row[0] * light[0] + row[1] * light[1] + row[2] * light[2],
            )
        })
    }
}

/// For each grey level of `profile` the sRGB level, by its one curve.
pub(super) fn greys<S: Level>(profile: &ColorProfile) -> Option<Vec<S>> {
    let levels = S::levels();
    let linear = linear::<S>(profile.gray_trc.as_ref()?)?;
    let level = |light| S::at(&levels, light * (LIGHT_STEPS - 1) as f32);
    Some(linear.into_iter().map(level).collect())
}

/// Linear light of each level.
fn linear<S: Level>(curve: &ToneReprCurve) -> Option<Vec<f32>> {
    let curve = curve.make_linear_evaluator().ok()?;
    let most: u32 = S::MOST.into();
    // A power of zero comes out of its logarithm, as minus infinity.
    let light = |level: u32| curve.evaluate_value(level as f32 / most as f32).max(0.0);
    Some((0..=most).map(light).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_is_itself() {
        let matrix = Matrix::<u8>::new(&ColorProfile::new_srgb()).unwrap();
        for level in 0..=255 {
            let [r, g, b] = matrix.convert([level, 255 - level, level / 2]);
            assert_eq!([r, g, b], [level, 255 - level, level / 2]);
        }
    }

    #[test]
    fn display_p3_by_the_matrices_of_both_spaces() {
        assert!(Matrix::<u8>::new(&ColorProfile::new_display_p3_pq()).is_none());
        let matrix = Matrix::<u8>::new(&ColorProfile::new_display_p3()).unwrap();
        // 214.90, 92.61, 96.64 in floating point.
        assert_eq!(matrix.convert([200, 100, 100]), [215, 93, 97]);
        // Outside sRGB: the nearest it has.
        assert_eq!(matrix.convert([0, 255, 0]), [0, 255, 0]);
        assert_eq!(matrix.convert([255; 3]), [255; 3]);
        assert_eq!(matrix.convert([0; 3]), [0; 3]);
    }

    #[test]
    fn nothing_of_a_light_is_nothing_by_a_power_too() {
        // A gamma of 1.8, as 8 bits before the point and 8 behind.
        let gamma = Some(ToneReprCurve::Lut(vec![461]));
        let mut profile = ColorProfile::new_display_p3();
        profile.red_trc.clone_from(&gamma);
        profile.green_trc.clone_from(&gamma);
        profile.blue_trc = gamma;
        let matrix = Matrix::<u8>::new(&profile).unwrap();
        let [none, some] = [0, 1].map(|red| matrix.convert([red, 100, 50]));
        let near = none
            .iter()
            .zip(some)
            .all(|(one, other)| one.abs_diff(other) <= 1);
        assert!(near, "{none:?} {some:?}");
    }
}
