//! Colours by an embedded profile to sRGB. A picture and a profile in, the picture changed in place. A
//! profile that is broken, or of another kind of colour than the picture, changes nothing: it is better
//! to show a picture with slightly wrong colours than not at all.

mod matrix;
pub(crate) mod srgb;

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout as Samples, RenderingIntent, TransformExecutor,
    TransformOptions,
};

use crate::picture::{Layout, Picture};
use matrix::Matrix;
use srgb::Level;

/// Largest difference of 8-bit levels on the probe colours at which a profile is taken for sRGB's own: the
/// rounding of two conversions. The profiles that cameras and editors embed as sRGB stay within it.
const SAME_COLOUR_MAX: u8 = 1;
/// Pixels converted at a time: a few kilobytes of scratch, many times the cost of a call.
const BATCH_PIXELS: usize = 1024;

/// The way from a profile's colours to sRGB, made ready once for all pictures that have it.
pub(crate) struct ToSrgb<S = u8>(Way<S>);

enum Way<S> {
    Colours(Conversion<S>),
    /// For each level another.
    Greys(Vec<S>),
    /// Colours stay as they are.
    None,
}

impl<S: Converted> ToSrgb<S> {
    pub(crate) fn new(profile: &[u8]) -> Self {
        let Ok(source) = ColorProfile::new_from_slice(profile) else {
            return Self(Way::None);
        };
        let ready = match source.color_space {
            DataColorSpace::Rgb => Conversion::new(&source)
                .filter(|conversion| !conversion.is_none())
                .map(Way::Colours),
            DataColorSpace::Gray => matrix::greys(&source).map(Way::Greys),
            _ => None,
        };
        Self(ready.unwrap_or(Way::None))
    }

    /// Convert `picture`, if its colours are of the profile's kind.
    pub(crate) fn convert(&self, picture: &mut Picture<S>) {
        match (&self.0, picture.layout()) {
            (Way::Colours(conversion), Layout::Rgb | Layout::Rgba) => colours(picture, conversion),
            (Way::Greys(levels), Layout::Grey | Layout::GreyAlpha) => greys(picture, levels),
            _ => {}
        }
    }
}

type Executor<S> = Arc<dyn TransformExecutor<S> + Send + Sync>;

/// Samples that are converted.
pub(crate) trait Converted: Level {
    /// A conversion by whatever tables `source` has, where there is an engine for it.
    fn executor(source: &ColorProfile) -> Option<Executor<Self>>;
}

impl Converted for u8 {
    fn executor(source: &ColorProfile) -> Option<Executor<Self>> {
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
}

impl Converted for u16 {
    /// The engine takes much of the program for each kind of sample, and such profiles are rare: `keeps_16_bits`
    /// is asked before.
    fn executor(_: &ColorProfile) -> Option<Executor<Self>> {
        None
    }
}

/// Whether pictures of 16 bits a sample are converted from `profile`: not where it has tables.
pub(crate) fn keeps_16_bits(profile: &[u8]) -> bool {
    match ColorProfile::new_from_slice(profile) {
        Ok(profile) if profile.color_space == DataColorSpace::Rgb => {
            Matrix::<u8>::new(&profile).is_some()
        }
        _ => true,
    }
}

/// Colours of either kind of profile.
enum Conversion<S> {
    Matrix(Box<Matrix<S>>),
    General(Executor<S>),
}

impl<S: Converted> Conversion<S> {
    fn new(source: &ColorProfile) -> Option<Self> {
        match Matrix::new(source) {
            Some(matrix) => Some(Self::Matrix(Box::new(matrix))),
            None => S::executor(source).map(Self::General),
        }
    }

    /// Convert pixels of three samples.
    fn convert(&self, before: &[S], after: &mut [S]) -> Option<()> {
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
        let levels = || (0..=5).map(|step| S::of_level(step * 51));
        let grid: Vec<S> = levels()
            .flat_map(|r| levels().flat_map(move |g| levels().flat_map(move |b| [r, g, b])))
            .collect();
        let mut converted = vec![S::zeroed(); grid.len()];
        let most = S::of_level(SAME_COLOUR_MAX).into();
        let near = |(&was, &is): (&S, &S)| was.into().abs_diff(is.into()) <= most;
        self.convert(&grid, &mut converted).is_some() && grid.iter().zip(&converted).all(near)
    }
}

fn colours<S: Converted>(picture: &mut Picture<S>, conversion: &Conversion<S>) {
    let channels = picture.layout().channels();
    let mut before = vec![S::zeroed(); 3 * BATCH_PIXELS];
    let mut after = before.clone();
    for batch in picture.samples_mut().chunks_mut(channels * BATCH_PIXELS) {
        let samples = batch.len() / channels * 3;
        for (colour, pixel) in before.chunks_exact_mut(3).zip(batch.chunks_exact(channels)) {
            colour.copy_from_slice(&pixel[..3]);
        }
        if conversion
            .convert(&before[..samples], &mut after[..samples])
            .is_none()
        {
            return;
        }
        for (colour, pixel) in after.chunks_exact(3).zip(batch.chunks_exact_mut(channels)) {
            pixel[..3].copy_from_slice(colour);
        }
    }
}

/// Grey stays grey: each level is converted once.
fn greys<S: Level>(picture: &mut Picture<S>, levels: &[S]) {
    let channels = picture.layout().channels();
    for grey in picture.samples_mut().iter_mut().step_by(channels) {
        *grey = levels[(*grey).into() as usize];
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
