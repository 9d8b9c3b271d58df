//! Pixels to an AVIF file: one still AV1 picture, and a second for alpha where alpha matters. Colour has
//! half the sides (4:2:0), grey none. Uses one thread and reads no clock, so that it runs where there is
//! neither.

mod av1;
mod planes;

use std::borrow::Cow;

use avif_serialize::{Aviffy, constants::MatrixCoefficients};

use self::av1::Still;
use self::planes::Plane;
use super::{check_side, check_sides, opaque};
use crate::error::Error;
use crate::picture::Picture;
use crate::planar::Planar;

/// AV1 counts sides in 16 bits.
const SIDE_MAX: u32 = 65_535;
/// `wit/transform.wit`'s default.
const QUALITY_DEFAULT: u8 = 60;
/// Without a speed asked for: for thumbnails the one with fewer bytes, for larger pictures the fastest
/// (`ENCODERS.md`).
const SPEED_SMALL: u8 = 9;
const SPEED_LARGE: u8 = 10;
/// Up to which a picture is small: about 800 by 600.
const SMALL_PIXELS_MAX: u64 = 500_000;

pub(super) fn encode(
    picture: &Picture,
    (quality, speed): (Option<u8>, Option<u8>),
    exif: Option<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    check_side(picture, "AVIF", SIDE_MAX)?;
    let size = (picture.width() as usize, picture.height() as usize);
    let still = still(size, (quality, speed));
    let (layout, samples, alpha) = match opaque::without_alpha(picture) {
        Some((layout, samples)) => (layout, samples, None),
        None => (
            picture.layout(),
            Cow::Owned(planes::cover_transparent(picture)),
            opaque::alpha(picture),
        ),
    };
    let colours = planes::of(size, layout, &samples);
    let alpha = alpha.map(|samples| still.encode(&[Plane::new(size.0, samples)]));
    let coded = Coded {
        colours: still.encode(&colours),
        alpha,
        is_grey: colours.len() == 1,
    };
    Ok(coded.file((picture.width(), picture.height()), exif))
}

/// Brightness and colour differences as they are.
pub(super) fn encode_planar(
    planar: &Planar,
    (quality, speed): (Option<u8>, Option<u8>),
    exif: Option<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    let (width, height) = planar.size();
    check_sides((width, height), "AVIF", SIDE_MAX)?;
    let size = (width as usize, height as usize);
    let still = still(size, (quality, speed));
    let widths = [size.0, size.0.div_ceil(2), size.0.div_ceil(2)];
    let planes = widths.into_iter().zip(planar.samples());
    let planes: Vec<_> = planes
        .map(|(width, samples)| Plane::new(width, samples.to_vec()))
        .collect();
    let coded = Coded {
        colours: still.encode(&planes),
        alpha: None,
        is_grey: false,
    };
    Ok(coded.file((width, height), exif))
}

/// Coded pictures.
struct Coded {
    colours: Vec<u8>,
    alpha: Option<Vec<u8>>,
    is_grey: bool,
}

impl Coded {
    fn file(&self, (width, height): (u32, u32), exif: Option<Vec<u8>>) -> Vec<u8> {
        let mut file = Aviffy::new();
        file.set_matrix_coefficients(MatrixCoefficients::Bt601)
            .set_seq_profile(0)
            .set_chroma_subsampling((true, true))
            .set_monochrome(self.is_grey);
        if let Some(exif) = exif {
            file.set_exif(exif);
        }
        file.to_vec(&self.colours, self.alpha.as_deref(), width, height, 8)
    }
}

/// How so large a picture is coded.
fn still(size: (usize, usize), (quality, speed): (Option<u8>, Option<u8>)) -> Still {
    Still {
        size,
        quantiser: quantiser(quality.unwrap_or(QUALITY_DEFAULT)),
        speed: speed.unwrap_or_else(|| default_speed(size)).clamp(1, 10),
    }
}

fn default_speed((width, height): (usize, usize)) -> u8 {
    if width as u64 * height as u64 > SMALL_PIXELS_MAX {
        SPEED_LARGE
    } else {
        SPEED_SMALL
    }
}

/// Qualities, and the quantiser's index for each: in between it is interpolated. A quality means about what it
/// means to users of other AVIF tools (`cavif`).
const QUANTISERS: [(u32, u32); 6] = [(1, 251), (25, 167), (60, 114), (82, 84), (90, 35), (100, 1)];

/// The quantiser's index, 1 (best) to 255, for a quality of 1 to 100.
fn quantiser(quality: u8) -> u8 {
    let quality = u32::from(quality).clamp(1, 100);
    let between = QUANTISERS
        .windows(2)
        .find(|pair| quality <= pair[1].0)
        .unwrap_or(&QUANTISERS[..2]);
    let [(low, coarse), (high, fine)] = [between[0], between[1]];
    let range = high - low;
    let index = (coarse * (high - quality) + fine * (quality - low) + range / 2) / range;
    index as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_goes_from_coarse_to_without_loss() {
        assert_eq!([1, 25, 60, 95, 100].map(quantiser), [251, 167, 114, 18, 1]);
        assert!((1..100).all(|quality| quantiser(quality) >= quantiser(quality + 1)));
    }
}
