//! Colours by an embedded profile to sRGB. A picture and a profile in, the picture changed in place. A
//! profile that is broken, or of another kind of colour than the picture, changes nothing: it is better
//! to show a picture with slightly wrong colours than not at all.

mod matrix;

use moxcms::{
    ColorProfile, DataColorSpace, Layout as Samples, RenderingIntent, Transform8BitExecutor,
    TransformOptions,
};
use std::sync::Arc;

use crate::picture::{Layout, Picture};
use matrix::Matrix;
pub(crate) use matrix::{LIGHT_STEPS, levels};

/// Largest difference on the probe colours at which a profile is taken for sRGB's own: the rounding of two
/// 8-bit conversions. The profiles that cameras and editors embed as sRGB stay within it.
const SAME_COLOUR_MAX: u8 = 1;
/// Pixels converted at a time: a few kilobytes of scratch, many times the cost of a call.
const BATCH_PIXELS: usize = 1024;

/// The way from a profile's colours to sRGB, made ready once for all pictures that have it.
pub(crate) struct ToSrgb(Way);

enum Way {
    Colours(Conversion),
    Greys(Box<[u8; 256]>),
    /// Colours stay as they are.
    None,
}

impl ToSrgb {
    pub(crate) fn new(profile: &[u8]) -> Self {
        let Ok(source) = ColorProfile::new_from_slice(profile) else {
            return Self(Way::None);
        };
        let ready = match source.color_space {
            DataColorSpace::Rgb => Conversion::new(&source)
                .filter(|conversion| !conversion.is_none())
                .map(Way::Colours),
            DataColorSpace::Gray => {
                matrix::greys(&source).map(|levels| Way::Greys(Box::new(levels)))
            }
            _ => None,
        };
        Self(ready.unwrap_or(Way::None))
    }

    /// Convert `picture`, if its colours are of the profile's kind.
    pub(crate) fn convert(&self, picture: &mut Picture) {
        match (&self.0, picture.layout()) {
            (Way::Colours(conversion), Layout::Rgb | Layout::Rgba) => colours(picture, conversion),
            (Way::Greys(levels), Layout::Grey | Layout::GreyAlpha) => greys(picture, levels),
            _ => {}
        }
    }
}

/// A conversion by whatever tables `source` has.
fn executor(source: &ColorProfile) -> Option<Arc<Transform8BitExecutor>> {
    // Colours as they were meant, if there is a table for that; else by the table that every such profile
    // has, the perceptual one.
    let rendering_intent = if source.lut_a_to_b_colorimetric.is_some() {
        RenderingIntent::RelativeColorimetric
    } else {
        RenderingIntent::Perceptual
    };
    let options = TransformOptions {
        rendering_intent,
        ..TransformOptions::default()
    };
    let target = ColorProfile::new_srgb();
    source
        .create_transform_8bit(Samples::Rgb, &target, Samples::Rgb, options)
        .ok()
}

/// Colours of either kind of profile.
enum Conversion {
    Matrix(Box<Matrix>),
    General(Arc<Transform8BitExecutor>),
}

impl Conversion {
    fn new(source: &ColorProfile) -> Option<Self> {
        match Matrix::new(source) {
            Some(matrix) => Some(Self::Matrix(Box::new(matrix))),
            None => executor(source).map(Self::General),
        }
    }

    /// Convert pixels of three samples.
    fn convert(&self, before: &[u8], after: &mut [u8]) -> Option<()> {
        match self {
            Self::Matrix(matrix) => {
                let (before, after) = (before.as_chunks::<3>().0, after.as_chunks_mut::<3>().0);
                for (colour, converted) in before.iter().zip(after) {
                    *converted = matrix.convert(*colour);
                }
                Some(())
            }
            Self::General(executor) => executor.transform(before, after).ok(),
        }
    }

    /// Whether sRGB's colours stay where they are: tried on a grid, so that it does not matter how a
    /// profile spells its primaries and its curve.
    fn is_none(&self) -> bool {
        // Six levels a channel, 0 to 255: every corner, the greys, and four levels on every edge.
        let levels = || (0..=5).map(|step| step * 51u8);
        let grid: Vec<u8> = levels()
            .flat_map(|r| levels().flat_map(move |g| levels().flat_map(move |b| [r, g, b])))
            .collect();
        let mut converted = vec![0; grid.len()];
        self.convert(&grid, &mut converted).is_some()
            && grid
                .iter()
                .zip(&converted)
                .all(|(was, is)| was.abs_diff(*is) <= SAME_COLOUR_MAX)
    }
}

fn colours(picture: &mut Picture, conversion: &Conversion) {
    let channels = picture.layout().channels();
    let mut before = vec![0; 3 * BATCH_PIXELS];
    let mut after = before.clone();
    for batch in picture.samples_mut().chunks_mut(channels * BATCH_PIXELS) {
        let bytes = batch.len() / channels * 3;
        for (colour, pixel) in before.chunks_exact_mut(3).zip(batch.chunks_exact(channels)) {
            colour.copy_from_slice(&pixel[..3]);
        }
        if conversion
            .convert(&before[..bytes], &mut after[..bytes])
            .is_none()
        {
            return;
        }
        for (colour, pixel) in after.chunks_exact(3).zip(batch.chunks_exact_mut(channels)) {
            pixel[..3].copy_from_slice(colour);
        }
    }
}

/// Grey stays grey: each of the 256 levels is converted once.
fn greys(picture: &mut Picture, levels: &[u8; 256]) {
    let channels = picture.layout().channels();
    for grey in picture.samples_mut().iter_mut().step_by(channels) {
        *grey = levels[usize::from(*grey)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(layout: Layout, samples: &[u8]) -> Picture {
        Picture::new(1, 1, layout, samples.to_vec()).unwrap()
    }

    fn to_srgb(picture: &mut Picture, profile: &[u8]) {
        ToSrgb::new(profile).convert(picture);
    }

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    #[test]
    fn display_p3_red_leaves_srgb() {
        let profile = encoded(&ColorProfile::new_display_p3());
        let mut picture = pixel(Layout::Rgba, &[200, 100, 100, 7]);
        to_srgb(&mut picture, &profile);
        // By the matrices of both spaces: 214.90, 92.61, 96.64 (and alpha as it was).
        let expected = [215, 93, 97, 7];
        for (is, should) in picture.samples().iter().zip(expected) {
            assert!(is.abs_diff(should) <= 1, "{:?}", picture.samples());
        }
    }

    #[test]
    fn srgb_itself_changes_nothing() {
        let profile = encoded(&ColorProfile::new_srgb());
        let samples: Vec<u8> = (0..=255).collect();
        let mut picture = Picture::new(64, 1, Layout::Rgba, samples.clone()).unwrap();
        to_srgb(&mut picture, &profile);
        assert_eq!(picture.samples(), samples);
    }

    #[test]
    fn grey_by_its_gamma() {
        let profile = encoded(&ColorProfile::new_gray_with_gamma(1.0));
        let mut picture = pixel(Layout::GreyAlpha, &[128, 9]);
        to_srgb(&mut picture, &profile);
        // Linear 0.502 is 188 in sRGB.
        assert!(
            picture.samples()[0].abs_diff(188) <= 1,
            "{:?}",
            picture.samples()
        );
        assert_eq!(picture.samples()[1], 9);
    }

    #[test]
    fn profiles_that_do_not_fit_change_nothing() {
        let grey = encoded(&ColorProfile::new_gray_with_gamma(1.0));
        let whole = encoded(&ColorProfile::new_display_p3());
        for profile in [&grey[..], b"", b"profile", &whole[..200], &[0xFF; 4096]] {
            let mut picture = pixel(Layout::Rgb, &[1, 2, 3]);
            to_srgb(&mut picture, profile);
            assert_eq!(picture.samples(), [1, 2, 3]);
        }
    }
}
