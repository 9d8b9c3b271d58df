//! Scale a picture in linear light, 16 bits a sample: the mean of black and white is then as bright as both
//! together are, and fine bright detail keeps its brightness. Samples are taken to be sRGB's.

use super::{size, wrap};
use crate::colour::srgb::{self, LIGHT_STEPS, Level};
use crate::picture::{Picture, Sample};
use crate::plan::Scale;

/// Scale `picture` as if to `scale.whole`, and keep `scale.keep`.
pub(super) fn scale(picture: Picture, scale: Scale) -> Option<Picture> {
    let lights = lit(picture)?;
    dimmed(super::scale::scale(lights, scale)?)
}

/// Levels as linear light. Alpha stays what it is, in more steps.
fn lit(picture: Picture) -> Option<Picture<u16>> {
    let light = |level| (srgb::linear(f64::from(level) / 255.0) * 65_535.0).round() as u16;
    let lights: [u16; 256] = std::array::from_fn(|level| light(level as u8));
    let colour = |level: u8| lights[usize::from(level)];
    mapped(picture, colour, |alpha| u16::from(alpha) * 257)
}

/// Linear light as levels.
fn dimmed(picture: Picture<u16>) -> Option<Picture> {
    let levels = u8::levels();
    let step = |light: u16| (usize::from(light) * (LIGHT_STEPS - 1) + 32_767) / 65_535;
    let colour = |light: u16| levels[step(light)];
    mapped(picture, colour, |alpha| {
        ((u32::from(alpha) + 128) / 257) as u8
    })
}

/// Another number for each sample, of colours and of alpha.
fn mapped<A: Sample, B: Sample>(
    picture: Picture<A>,
    colour: impl Fn(A) -> B,
    alpha: impl Fn(A) -> B,
) -> Option<Picture<B>> {
    let (size, layout) = (size(&picture), picture.layout());
    let channels = layout.channels();
    let colours = channels - usize::from(layout.has_alpha());
    let samples = picture.into_samples();
    let mut mapped = Vec::with_capacity(samples.len());
    for pixel in samples.chunks_exact(channels) {
        mapped.extend(pixel[..colours].iter().map(|&sample| colour(sample)));
        mapped.extend(pixel[colours..].iter().map(|&sample| alpha(sample)));
    }
    wrap(size, layout, mapped)
}

/// Scale a picture of 16 bits a sample, which hold light as well as levels. Near black a step of light is 13
/// levels, a twentieth of one of 256.
pub(super) fn scale_deep(mut picture: Picture<u16>, scale: Scale) -> Option<Picture<u16>> {
    bend(&mut picture, srgb::linear);
    let mut scaled = super::scale::scale(picture, scale)?;
    bend(&mut scaled, srgb::encoded);
    Some(scaled)
}

/// Put every sample but alpha through `curve`.
fn bend(picture: &mut Picture<u16>, curve: fn(f64) -> f64) {
    let bent = |sample| (curve(f64::from(sample) / 65_535.0) * 65_535.0).round() as u16;
    let table: Vec<u16> = (0..=u16::MAX).map(bent).collect();
    let channels = picture.layout().channels();
    let colours = channels - usize::from(picture.layout().has_alpha());
    for pixel in picture.samples_mut().chunks_exact_mut(channels) {
        for sample in &mut pixel[..colours] {
            *sample = table[usize::from(*sample)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Rect, Size};
    use crate::picture::Layout;

    fn halved(layout: Layout, samples: &[u8]) -> Vec<u8> {
        let width = (samples.len() / layout.channels()) as u32;
        let picture = Picture::new(width, 1, layout, samples.to_vec()).unwrap();
        let size = Size {
            width: width / 2,
            height: 1,
        };
        let small = Scale {
            whole: size,
            keep: Rect::whole(size),
        };
        scale(picture, small).unwrap().into_samples()
    }

    #[test]
    fn black_and_white_are_188() {
        let stripes = [0u8, 255].repeat(32);
        let middle = halved(Layout::Grey, &stripes)[16];
        // Half of the light is 187.5 in sRGB; in gamma space it would be 128.
        assert!(middle.abs_diff(188) <= 2, "{middle}");
    }

    #[test]
    fn even_colours_stay() {
        for level in [0u8, 1, 17, 128, 254, 255] {
            assert!(
                halved(Layout::Rgb, &[level; 24])
                    .iter()
                    .all(|&is| is == level),
                "{level}"
            );
        }
        let pixel = [200, 30, 90, 128];
        let even = halved(Layout::Rgba, &pixel.repeat(16));
        for is in even.as_chunks::<4>().0 {
            assert!(
                is.iter().zip(pixel).all(|(is, was)| is.abs_diff(was) <= 1),
                "{is:?}"
            );
        }
    }

    #[test]
    fn a_transparent_pixel_lends_no_colour() {
        let pixels = [[255, 0, 0, 255], [0, 255, 0, 0]].concat().repeat(8);
        let small = halved(Layout::Rgba, &pixels);
        assert!(
            small.as_chunks::<4>().0.iter().all(|pixel| pixel[1] == 0),
            "{small:?}"
        );
    }
}
