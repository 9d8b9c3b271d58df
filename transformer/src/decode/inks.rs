//! Four inks to three lights: by the source's press profile, or without one as if each ink took away its
//! complement and black took all, since nothing better is known.

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout, RenderingIntent, Transform8BitExecutor, TransformOptions,
};

use super::How;
use crate::header::Header;
use crate::options::Profile;

/// A way from inks to lights.
pub(super) struct Lights(Option<Arc<Transform8BitExecutor>>);

impl Lights {
    /// By the header's profile, if it is one of four inks and is not to be ignored.
    pub(super) fn new(header: &Header<'_>, how: How) -> Self {
        let converts = how.profile == Profile::Convert;
        let profile = converts.then(|| header.profile.bytes()).flatten();
        let profile = profile.and_then(|icc| ColorProfile::new_from_slice(&icc).ok());
        let profile = profile.filter(|profile| profile.color_space == DataColorSpace::Cmyk);
        let options = TransformOptions {
            rendering_intent: RenderingIntent::RelativeColorimetric,
            ..TransformOptions::default()
        };
        let target = ColorProfile::new_srgb();
        // Four inks go where a fourth sample goes.
        let executor = profile.and_then(|profile| {
            let executor =
                profile.create_transform_8bit(Layout::Rgba, &target, Layout::Rgb, options);
            executor.ok()
        });
        Self(executor)
    }

    /// Pixels of four inks (0 is none) to pixels of three lights.
    pub(super) fn of(&self, inks: Vec<u8>) -> Vec<u8> {
        if let Some(executor) = &self.0 {
            let mut lights = vec![0; inks.len() / 4 * 3];
            if executor.transform(&inks, &mut lights).is_ok() {
                return lights;
            }
        }
        plain(inks)
    }
}

/// In place, since the result is shorter.
fn plain(mut samples: Vec<u8>) -> Vec<u8> {
    let pixels = samples.len() / 4;
    for pixel in 0..pixels {
        let black = 255 - u16::from(samples[4 * pixel + 3]);
        for ink in 0..3 {
            let light = 255 - u16::from(samples[4 * pixel + ink]);
            samples[3 * pixel + ink] = ((light * black + 127) / 255) as u8;
        }
    }
    samples.truncate(3 * pixels);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_profile() {
        assert_eq!(plain(vec![0, 0, 0, 0]), [255, 255, 255]);
        assert_eq!(plain(vec![0, 0, 0, 255]), [0, 0, 0]);
        assert_eq!(
            plain(vec![255, 0, 0, 0, 0, 128, 0, 0]),
            [0, 255, 255, 255, 127, 255]
        );
    }
}
