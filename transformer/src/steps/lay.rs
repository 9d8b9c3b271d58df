//! Lay an overlay over a picture. What of it lies outside is cut off; its alpha is kept.

use super::blend::{coloured, covered, level, over};
use crate::picture::{Layout, Picture};

/// Where an overlay lies and how much of it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Laying {
    /// Which of the overlays.
    pub overlay: usize,
    pub left: u32,
    pub top: u32,
    /// 0 to 1.
    pub opacity: f32,
}

/// Lay `overlay` over `picture`.
pub(super) fn lay(picture: Picture, overlay: &Picture, laying: &Laying) -> Option<Picture> {
    let is_grey = matches!(overlay.layout(), Layout::Grey | Layout::GreyAlpha);
    let mut picture = if is_grey { picture } else { coloured(picture)? };
    let opacity = level(laying.opacity);
    let (channels, stride) = (picture.layout().channels(), picture.stride());
    let rows = picture.samples_mut().chunks_exact_mut(stride);
    let laid = overlay.samples().chunks_exact(overlay.stride());
    for (row, laid) in rows.skip(laying.top as usize).zip(laid) {
        let pixels = row.chunks_exact_mut(channels).skip(laying.left as usize);
        let laid = laid.chunks_exact(overlay.layout().channels());
        for (pixel, laid) in pixels.zip(laid) {
            let (colour, alpha) = match *laid {
                [grey] => ([grey; 3], u8::MAX),
                [grey, alpha] => ([grey; 3], alpha),
                [red, green, blue] => ([red, green, blue], u8::MAX),
                [red, green, blue, alpha] => ([red, green, blue], alpha),
                _ => return None,
            };
            over(pixel, colour, covered(alpha, opacity));
        }
    }
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laying(left: u32, top: u32, opacity: f32) -> Laying {
        Laying {
            overlay: 0,
            left,
            top,
            opacity,
        }
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let picture = Picture::new(3, 2, Layout::Grey, vec![0; 6]).unwrap();
        let overlay = Picture::new(2, 3, Layout::Grey, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let laid = |left, top| {
            let laid = lay(picture.clone(), &overlay, &laying(left, top, 1.0)).unwrap();
            laid.into_samples()
        };
        assert_eq!(laid(0, 0), [1, 2, 0, 3, 4, 0]);
        assert_eq!(laid(2, 1), [0, 0, 0, 0, 0, 1]);
        assert_eq!(laid(3, 0), [0; 6]);
        assert_eq!(laid(u32::MAX, u32::MAX), [0; 6]);
    }

    #[test]
    fn grey_gets_the_colours_of_what_is_laid_on_it() {
        let picture = Picture::new(1, 1, Layout::GreyAlpha, vec![100, 255]).unwrap();
        let overlay = Picture::new(1, 1, Layout::Rgba, vec![255, 0, 0, 255]).unwrap();
        let laid = lay(picture, &overlay, &laying(0, 0, 1.0)).unwrap();
        assert_eq!(laid.layout(), Layout::Rgba);
        assert_eq!(laid.samples(), [255, 0, 0, 255]);
    }

    #[test]
    fn its_alpha_and_the_opacity_work_together() {
        let picture = Picture::new(2, 1, Layout::Rgb, vec![0; 6]).unwrap();
        let overlay = Picture::new(2, 1, Layout::GreyAlpha, vec![200, 255, 200, 0]).unwrap();
        let laid = lay(picture, &overlay, &laying(0, 0, 0.5)).unwrap();
        assert_eq!(laid.samples(), [100, 100, 100, 0, 0, 0]);
    }
}
