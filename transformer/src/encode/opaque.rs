//! What an encoder without use for an alpha channel does with one: leave it out when every pixel is
//! opaque, or lay the picture on black. Samples in, samples out; no format is known here.

use std::borrow::Cow;

use crate::picture::{Layout, Picture, Sample};

/// The samples without alpha and their layout, if the picture has no alpha or is opaque everywhere;
/// `None` where alpha matters.
pub(super) fn without_alpha<S: Sample>(picture: &Picture<S>) -> Option<(Layout, Cow<'_, [S]>)> {
    let samples = picture.samples();
    match picture.layout() {
        layout @ (Layout::Grey | Layout::Rgb) => Some((layout, Cow::Borrowed(samples))),
        Layout::GreyAlpha if is_opaque::<S, 2>(samples) => {
            Some((Layout::Grey, Cow::Owned(strip::<S, 2, 1>(samples))))
        }
        Layout::Rgba if is_opaque::<S, 4>(samples) => {
            Some((Layout::Rgb, Cow::Owned(strip::<S, 4, 3>(samples))))
        }
        Layout::GreyAlpha | Layout::Rgba => None,
    }
}

/// The alpha alone; `None` where it is missing or opaque everywhere.
pub(super) fn alpha(picture: &Picture) -> Option<Vec<u8>> {
    let samples = picture.samples();
    let alpha: Vec<u8> = match picture.layout() {
        Layout::Grey | Layout::Rgb => return None,
        Layout::GreyAlpha => samples
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pixel| pixel[1])
            .collect(),
        Layout::Rgba => samples
            .as_chunks::<4>()
            .0
            .iter()
            .map(|pixel| pixel[3])
            .collect(),
    };
    alpha.iter().any(|&alpha| alpha != 255).then_some(alpha)
}

/// The samples laid on black, and their layout without alpha.
pub(super) fn on_black(picture: &Picture) -> (Layout, Cow<'_, [u8]>) {
    without_alpha(picture).unwrap_or_else(|| match picture.layout() {
        Layout::GreyAlpha => (Layout::Grey, Cow::Owned(darken::<2, 1>(picture.samples()))),
        _ => (Layout::Rgb, Cow::Owned(darken::<4, 3>(picture.samples()))),
    })
}

/// Every pixel as red, green, blue and alpha.
pub(crate) fn quads(picture: &Picture) -> Vec<[u8; 4]> {
    let samples = picture.samples();
    match picture.layout() {
        Layout::Grey => samples
            .iter()
            .map(|&grey| [grey, grey, grey, 255])
            .collect(),
        Layout::GreyAlpha => {
            let pixels = samples.as_chunks::<2>().0.iter();
            pixels
                .map(|&[grey, alpha]| [grey, grey, grey, alpha])
                .collect()
        }
        Layout::Rgb => {
            let pixels = samples.as_chunks::<3>().0.iter();
            pixels
                .map(|&[red, green, blue]| [red, green, blue, 255])
                .collect()
        }
        Layout::Rgba => samples.as_chunks::<4>().0.to_vec(),
    }
}

fn is_opaque<S: Sample, const CHANNELS: usize>(samples: &[S]) -> bool {
    samples
        .as_chunks::<CHANNELS>()
        .0
        .iter()
        .all(|pixel| pixel[CHANNELS - 1] == S::MOST)
}

fn strip<S: Sample, const CHANNELS: usize, const COLOURS: usize>(samples: &[S]) -> Vec<S> {
    let mut out = vec![S::zeroed(); samples.len() / CHANNELS * COLOURS];
    let pixels = samples.as_chunks::<CHANNELS>().0;
    for (to, from) in out.as_chunks_mut::<COLOURS>().0.iter_mut().zip(pixels) {
        to.copy_from_slice(&from[..COLOURS]);
    }
    out
}

fn darken<const CHANNELS: usize, const COLOURS: usize>(samples: &[u8]) -> Vec<u8> {
    let mut out = vec![0; samples.len() / CHANNELS * COLOURS];
    let pixels = samples.as_chunks::<CHANNELS>().0;
    for (to, from) in out.as_chunks_mut::<COLOURS>().0.iter_mut().zip(pixels) {
        let alpha = u32::from(from[CHANNELS - 1]);
        for (to, from) in to.iter_mut().zip(from) {
            *to = ((u32::from(*from) * alpha + 127) / 255) as u8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(layout: Layout, samples: &[u8]) -> Picture {
        let width = (samples.len() / layout.channels()) as u32;
        Picture::new(width, 1, layout, samples.to_vec()).unwrap()
    }

    #[test]
    fn opaque_alpha_is_left_out() {
        let rgba = picture(Layout::Rgba, &[1, 2, 3, 255, 4, 5, 6, 255]);
        let (layout, samples) = without_alpha(&rgba).unwrap();
        assert_eq!((layout, &*samples), (Layout::Rgb, &[1, 2, 3, 4, 5, 6][..]));
        let grey = picture(Layout::GreyAlpha, &[7, 255, 8, 255]);
        let (layout, samples) = without_alpha(&grey).unwrap();
        assert_eq!((layout, &*samples), (Layout::Grey, &[7, 8][..]));
    }

    #[test]
    fn one_translucent_pixel_keeps_alpha() {
        assert!(without_alpha(&picture(Layout::Rgba, &[1, 2, 3, 255, 4, 5, 6, 254])).is_none());
        assert!(without_alpha(&picture(Layout::GreyAlpha, &[1, 0])).is_none());
    }

    #[test]
    fn black_shines_through() {
        let rgba = picture(
            Layout::Rgba,
            &[200, 100, 0, 0, 255, 128, 1, 128, 9, 8, 7, 255],
        );
        let (layout, samples) = on_black(&rgba);
        assert_eq!(layout, Layout::Rgb);
        assert_eq!(&*samples, &[0, 0, 0, 128, 64, 1, 9, 8, 7]);
        let grey = picture(Layout::GreyAlpha, &[255, 51]);
        let (layout, samples) = on_black(&grey);
        assert_eq!((layout, &*samples), (Layout::Grey, &[51][..]));
    }

    #[test]
    fn alpha_apart() {
        let rgba = picture(Layout::Rgba, &[1, 2, 3, 4, 5, 6, 7, 255]);
        assert_eq!(alpha(&rgba), Some(vec![4, 255]));
        assert_eq!(alpha(&picture(Layout::GreyAlpha, &[1, 255])), None);
        assert_eq!(alpha(&picture(Layout::Rgb, &[1, 2, 3])), None);
    }
}
