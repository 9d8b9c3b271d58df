//! The numbers of ITU-T T.81 that the encoder shares: zigzag order, quantisation tables of a quality,
//! and what the forward transform leaves to the quantiser. No pixels here.

/// Zigzag position to natural position (row times 8 plus column), T.81 figure A.6.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Luminance quantisation in natural order, T.81 table K.1.
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// Chrominance quantisation in natural order, T.81 table K.2.
const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// Which of the two quantisation tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Brightness.
    Luma,
    /// Colour.
    Chroma,
}

/// A quantisation table in natural order; the scale of qualities is libjpeg's, which every tool uses.
pub(super) fn quantisation(kind: Kind, quality: u8) -> [u8; 64] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 {
        5000 / quality
    } else {
        200 - 2 * quality
    };
    let base = match kind {
        Kind::Luma => LUMA,
        Kind::Chroma => CHROMA,
    };
    base.map(|step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u8)
}

/// What each output of `transform::forward` (which is transposed and scaled) is multiplied by to give
/// the number to round: one over the step and over the transform's own scale.
pub(super) fn reciprocals(quantisation: &[u8; 64]) -> [[f32; 8]; 8] {
    /// The scale that the transform of Arai, Agui and Nakajima leaves: 1, then cos(k pi / 16) sqrt 2.
    const SCALE: [f64; 8] = [
        1.0,
        1.387_039_845_322_147_6,
        1.306_562_964_876_376_6,
        1.175_875_602_419_358_8,
        1.0,
        0.785_694_958_387_102_2,
        0.541_196_100_146_197,
        0.275_899_379_282_943_1,
    ];
    core::array::from_fn(|u| {
        core::array::from_fn(|v| {
            let step = f64::from(quantisation[v * 8 + u]);
            (1.0 / (step * SCALE[u] * SCALE[v] * 8.0)) as f32
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zigzag_visits_every_position_once() {
        let mut seen = [false; 64];
        for at in ZIGZAG {
            seen[usize::from(at)] = true;
        }
        assert!(seen.iter().all(|&seen| seen));
    }

    #[test]
    fn qualities_scale_as_everywhere() {
        assert_eq!(quantisation(Kind::Luma, 50), LUMA);
        assert_eq!(quantisation(Kind::Chroma, 100), [1; 64]);
        assert_eq!(quantisation(Kind::Luma, 75)[..4], [8, 6, 5, 8]);
        assert_eq!(quantisation(Kind::Luma, 1), [255; 64]);
    }
}
