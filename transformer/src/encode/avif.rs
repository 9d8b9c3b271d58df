//! Pixels to an AVIF file: one still AV1 picture, and a second for alpha where alpha matters. Colour has
//! half the sides (4:2:0), grey none. Uses one thread and reads no clock, so that it runs where there is
//! neither.

mod planes;
mod still;

use std::borrow::Cow;

use avif_serialize::{Aviffy, constants::MatrixCoefficients};

use self::planes::Plane;
use self::still::Still;
use super::{check_side, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};

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
    let still = Still {
        size,
        quantiser: quantiser(quality.unwrap_or(QUALITY_DEFAULT)),
        speed: speed.unwrap_or_else(|| default_speed(picture)).clamp(1, 10),
    };
    let (layout, samples, alpha) = match opaque::without_alpha(picture) {
        Some((layout, samples)) => (layout, samples, None),
        None => (
            picture.layout(),
            Cow::Owned(planes::cover_transparent(picture)),
            opaque::alpha(picture),
        ),
    };
    let colours = planes::of(size, layout, &samples);
    let alpha = match alpha {
        Some(samples) => Some(still.encode(&[Plane::new(size.0, samples)])?),
        None => None,
    };
    let colours_coded = still.encode(&colours)?;
    let mut file = Aviffy::new();
    file.set_matrix_coefficients(MatrixCoefficients::Bt601)
        .set_seq_profile(0)
        .set_chroma_subsampling((true, true))
        .set_monochrome(matches!(layout, Layout::Grey | Layout::GreyAlpha));
    if let Some(exif) = exif {
        file.set_exif(exif);
    }
    Ok(file.to_vec(
        &colours_coded,
        alpha.as_deref(),
        picture.width(),
        picture.height(),
        8,
    ))
}

fn default_speed(picture: &Picture) -> u8 {
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    if pixels > SMALL_PIXELS_MAX {
        SPEED_LARGE
    } else {
        SPEED_SMALL
    }
}

/// The encoder's scale, 0 (best) to 255, for a quality of 1 to 100: as `cavif` has it, so that a quality
/// means what users of AVIF tools are used to.
fn quantiser(quality: u8) -> u8 {
    let quality = f32::from(quality) / 100.0;
    let coarseness = if quality >= 0.82 {
        (1.0 - quality) * 2.6
    } else if quality > 0.25 {
        0.875 - quality * 0.5
    } else {
        1.0 - quality
    };
    (coarseness * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_goes_from_coarse_to_without_loss() {
        assert_eq!([1, 25, 60, 100].map(quantiser), [252, 191, 147, 0]);
        assert!((1..100).all(|quality| quantiser(quality) >= quantiser(quality + 1)));
    }
}
