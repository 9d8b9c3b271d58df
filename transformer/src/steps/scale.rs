//! Scale a picture, or only the part of it that is kept: what is cut away is not computed.

use super::resample::{LANCZOS3, Pixels, Window, divide_alpha, multiply_alpha, resample};
use super::size;
use crate::geometry::Size;
use crate::picture::Picture;
use crate::plan::Scale;

/// Scale `picture` as if to `scale.whole`, and keep `scale.keep`.
///
/// The picture may be smaller than the one that was planned with, if it was decoded at a fraction of its
/// size: only the ratio to `whole` counts.
pub(super) fn scale<S: Pixels>(mut picture: Picture<S>, scale: Scale) -> Option<Picture<S>> {
    let window = window(size(&picture), scale);
    multiply_alpha(&mut picture)?;
    let mut scaled = resample(picture, window, scale.keep.size, LANCZOS3)?;
    divide_alpha(&mut scaled)?;
    Some(scaled)
}

/// The part of a picture of size `from` that becomes `keep`.
fn window(from: Size, Scale { whole, keep }: Scale) -> Window {
    let (left, width) = span(from.width, whole.width, (keep.left, keep.size.width));
    let (top, height) = span(from.height, whole.height, (keep.top, keep.size.height));
    Window {
        left,
        top,
        width,
        height,
    }
}

/// Start and length along one axis, never past the end by a rounding.
fn span(from: u32, whole: u32, (start, length): (u32, u32)) -> (f64, f64) {
    if start == 0 && length == whole {
        return (0.0, f64::from(from));
    }
    let (from, whole) = (f64::from(from), f64::from(whole));
    let start = f64::from(start) * from / whole;
    (start, (f64::from(length) * from / whole).min(from - start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::picture::Layout;

    #[test]
    fn a_transparent_pixel_lends_no_colour() {
        let samples = [[255u8, 0, 0, 255], [0, 255, 0, 0]].concat();
        let picture = Picture::new(2, 1, Layout::Rgba, samples).unwrap();
        let size = Size {
            width: 1,
            height: 1,
        };
        let small = scale(
            picture,
            Scale {
                whole: size,
                keep: Rect::whole(size),
            },
        )
        .unwrap();
        assert_eq!(small.samples()[..3], [255, 0, 0]);
        assert!(small.samples()[3].abs_diff(128) <= 1);
    }

    #[test]
    fn keeping_a_part_is_cutting_it_from_the_whole() {
        let samples = (0..64 * 48 * 3)
            .map(|at: u32| (at * at / 97 % 256) as u8)
            .collect();
        let picture = Picture::new(64, 48, Layout::Rgb, samples).unwrap();
        let whole = Size {
            width: 30,
            height: 20,
        };
        let keep = Rect {
            left: 7,
            top: 3,
            size: Size {
                width: 11,
                height: 13,
            },
        };
        let all = scale(
            picture.clone(),
            Scale {
                whole,
                keep: Rect::whole(whole),
            },
        )
        .unwrap();
        let cut = super::super::cut::cut(all, keep).unwrap();
        let part = scale(picture, Scale { whole, keep }).unwrap();
        let worst = cut
            .samples()
            .iter()
            .zip(part.samples())
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        // One level: the crate rounds its weights for each output column.
        assert!(worst <= Some(1), "{worst:?}");
    }
}
