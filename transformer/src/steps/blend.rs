//! A colour over a pixel, by how much of it covers the pixel. What text and overlays have in common.

use super::{size, wrap};
use crate::options::Rgb;
use crate::picture::{Layout, Picture, Sample};

/// Lay `colour` over the samples of one pixel. A pixel with alpha is at least as opaque afterwards. On a
/// grey pixel the colour must be a grey.
pub(super) fn over(pixel: &mut [u8], colour: [u8; 3], coverage: u8) {
    if coverage == 0 {
        return;
    }
    match pixel {
        [grey] => *grey = mix(*grey, colour[0], coverage),
        [grey, alpha] => {
            let share;
            (*alpha, share) = joined(*alpha, coverage);
            *grey = mix(*grey, colour[0], share);
        }
        [samples @ .., alpha] if samples.len() == 3 => {
            let share;
            (*alpha, share) = joined(*alpha, coverage);
            mix_all(samples, colour, share);
        }
        samples => mix_all(samples, colour, coverage),
    }
}

/// Coverage times opacity, rounded.
pub(super) fn covered(coverage: u8, opacity: u8) -> u8 {
    ((u16::from(coverage) * u16::from(opacity) + 127) / 255) as u8
}

/// 0 to 1 as a sample.
pub(super) fn level(opacity: f32) -> u8 {
    (opacity.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn mix_all(samples: &mut [u8], colour: [u8; 3], share: u8) {
    for (sample, colour) in samples.iter_mut().zip(colour) {
        *sample = mix(*sample, colour, share);
    }
}

fn mix(under: u8, over: u8, share: u8) -> u8 {
    let (under, over, share) = (u32::from(under), u32::from(over), u32::from(share));
    ((over * share + under * (255 - share) + 127) / 255) as u8
}

/// The alpha of both together, and the share that the upper one has of their colour.
fn joined(under: u8, coverage: u8) -> (u8, u8) {
    let (under, coverage) = (u32::from(under), u32::from(coverage));
    // In parts of 255 * 255; not zero, since the coverage is not.
    let alpha = 255 * coverage + under * (255 - coverage);
    let share = (255 * 255 * coverage + alpha / 2) / alpha;
    (((alpha + 127) / 255) as u8, share as u8)
}

/// A grey picture gets colours if `colour` is none of grey.
pub(super) fn able_to_hold<S: Sample>(picture: Picture<S>, colour: Rgb) -> Option<Picture<S>> {
    if colour.red == colour.green && colour.green == colour.blue {
        return Some(picture);
    }
    coloured(picture)
}

/// A grey picture gets three channels where it had one.
pub(super) fn coloured<S: Sample>(picture: Picture<S>) -> Option<Picture<S>> {
    let area = size(&picture);
    match picture.layout() {
        Layout::Rgb | Layout::Rgba => Some(picture),
        Layout::Grey => {
            let levels = picture.samples().iter();
            wrap(
                area,
                Layout::Rgb,
                levels.flat_map(|&grey| [grey; 3]).collect(),
            )
        }
        Layout::GreyAlpha => {
            let pixels = picture.samples().as_chunks::<2>().0.iter();
            let samples = pixels
                .flat_map(|&[grey, alpha]| [grey, grey, grey, alpha])
                .collect();
            wrap(area, Layout::Rgba, samples)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid<const N: usize>(mut pixel: [u8; N], colour: [u8; 3], coverage: u8) -> [u8; N] {
        over(&mut pixel, colour, coverage);
        pixel
    }

    #[test]
    fn none_half_and_all_of_a_colour() {
        let red = [255, 0, 0];
        assert_eq!(laid([10, 20, 30], red, 0), [10, 20, 30]);
        assert_eq!(laid([10, 20, 30], red, 255), red);
        assert_eq!(laid([0, 100, 200], red, 128), [128, 50, 100]);
        assert_eq!(laid([0], [200; 3], 128), [100]);
    }

    #[test]
    fn alpha_grows_and_what_is_invisible_lends_no_colour() {
        let red = [255, 0, 0];
        assert_eq!(laid([0, 0, 255, 0], red, 128), [255, 0, 0, 128]);
        assert_eq!(laid([0, 0, 255, 255], red, 255), [255, 0, 0, 255]);
        assert_eq!(laid([0, 0, 255, 255], red, 51), [51, 0, 204, 255]);
        assert_eq!(laid([0, 0], [90; 3], 40), [90, 40]);
        assert_eq!(laid([0, 0, 255, 0], red, 0), [0, 0, 255, 0]);
        // Half over half is three quarters, and two thirds of the colour.
        assert_eq!(laid([0, 0, 0, 128], [255; 3], 128), [170, 170, 170, 192]);
    }
}
