//! Lay a picture on an opaque colour. The result has no alpha; a picture without alpha stays as it is.

use super::{size, wrap};
use crate::options::Rgb;
use crate::picture::{Layout, Picture, Sample};

/// Lay `picture` on `colour`.
pub(super) fn flatten<S: Sample>(picture: Picture<S>, colour: Rgb) -> Option<Picture<S>> {
    let (area, layout) = (size(&picture), picture.layout());
    let is_grey = colour.red == colour.green && colour.green == colour.blue;
    let colour = [colour.red, colour.green, colour.blue].map(S::of_level);
    match layout {
        Layout::Grey | Layout::Rgb => Some(picture),
        Layout::GreyAlpha if is_grey => {
            let samples = laid::<S, 2, 1>(picture.into_samples(), [colour[0]]);
            wrap(area, Layout::Grey, samples)
        }
        // Three channels from two: the one case that needs more room.
        Layout::GreyAlpha => {
            let wide = picture.samples().as_chunks::<2>().0.iter();
            let wide: Vec<S> = wide
                .flat_map(|&[grey, alpha]| [grey, grey, grey, alpha])
                .collect();
            wrap(area, Layout::Rgb, laid::<S, 4, 3>(wide, colour))
        }
        Layout::Rgba => wrap(
            area,
            Layout::Rgb,
            laid::<S, 4, 3>(picture.into_samples(), colour),
        ),
    }
}

/// From `N` samples with alpha to `M` without, in place, since the result is shorter.
fn laid<S: Sample, const N: usize, const M: usize>(mut samples: Vec<S>, colour: [S; M]) -> Vec<S> {
    let pixels = samples.len() / N;
    for pixel in 0..pixels {
        let alpha = samples[N * pixel + N - 1];
        for (channel, &under) in colour.iter().enumerate() {
            samples[M * pixel + channel] = mix(samples[N * pixel + channel], under, alpha);
        }
    }
    samples.truncate(M * pixels);
    samples
}

/// `over` on `under`, rounded to the nearest level.
fn mix<S: Sample>(over: S, under: S, alpha: S) -> S {
    let (over, under, alpha, most) = (over.into(), under.into(), alpha.into(), S::MOST.into());
    S::low((over * alpha + under * (most - alpha) + most / 2) / most)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEAL: Rgb = Rgb {
        red: 0,
        green: 128,
        blue: 128,
    };

    #[test]
    fn transparent_shows_the_colour_and_opaque_hides_it() {
        let samples = vec![9u8, 9, 9, 0, 10, 20, 30, 255, 255, 0, 0, 128];
        let picture = Picture::new(3, 1, Layout::Rgba, samples).unwrap();
        let flat = flatten(picture, TEAL).unwrap();
        assert_eq!(flat.layout(), Layout::Rgb);
        assert_eq!(flat.samples(), [0, 128, 128, 10, 20, 30, 128, 64, 64]);
    }

    #[test]
    fn grey_stays_grey_on_grey_only() {
        let picture = Picture::new(1, 1, Layout::GreyAlpha, vec![200u8, 0]).unwrap();
        let white = Rgb {
            red: 255,
            green: 255,
            blue: 255,
        };
        assert_eq!(flatten(picture.clone(), white).unwrap().samples(), [255]);
        assert_eq!(flatten(picture, TEAL).unwrap().samples(), [0, 128, 128]);
    }
}
