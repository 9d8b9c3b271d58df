//! Colours to grey levels, by the luma of Rec. 601. Alpha stays; grey stays as it is.

use super::{size, wrap};
use crate::picture::{Layout, Picture, Sample};

/// Rec. ITU-R BT.601: 0.299, 0.587, 0.114, in parts of 65,536; they add up to it.
const LUMA: [u32; 3] = [19_595, 38_470, 7_471];

/// Grey levels.
pub(super) fn greyscale<S: Sample>(picture: Picture<S>) -> Option<Picture<S>> {
    let area = size(&picture);
    match picture.layout() {
        Layout::Grey | Layout::GreyAlpha => Some(picture),
        Layout::Rgb => {
            let pixels = picture.samples().as_chunks::<3>().0;
            wrap(
                area,
                Layout::Grey,
                pixels.iter().map(|&rgb| luma(rgb)).collect(),
            )
        }
        Layout::Rgba => {
            let pixels = picture.samples().as_chunks::<4>().0.iter();
            let samples = pixels
                .flat_map(|&[r, g, b, alpha]| [luma([r, g, b]), alpha])
                .collect();
            wrap(area, Layout::GreyAlpha, samples)
        }
    }
}

/// The grey level of a colour, rounded.
pub(super) fn luma<S: Sample>(rgb: [S; 3]) -> S {
    let sum: u32 = rgb
        .iter()
        .zip(LUMA)
        .map(|(&light, weight)| light.into() * weight)
        .sum();
    S::low((sum + 0x8000) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_is_itself_and_primaries_have_their_weight() {
        assert!((0..=255u8).all(|level| luma([level; 3]) == level));
        assert_eq!(
            [
                luma([255u8, 0, 0]),
                luma([0u8, 255, 0]),
                luma([0u8, 0, 255])
            ],
            [76, 150, 29]
        );
        let picture = Picture::new(1, 1, Layout::Rgba, vec![255u8, 0, 0, 5]).unwrap();
        assert_eq!(greyscale(picture).unwrap().samples(), [76, 5]);
    }
}
