//! Cut a rectangle out of a picture, in place: rows move up, and nothing is allocated.

use super::{size, wrap};
use crate::geometry::Rect;
use crate::picture::{Picture, Sample};

/// Keep `rect`, which lies inside the picture.
pub(crate) fn cut<S: Sample>(picture: Picture<S>, rect: Rect) -> Option<Picture<S>> {
    if !rect.fits(size(&picture)) {
        return None;
    }
    let layout = picture.layout();
    let channels = layout.channels();
    let stride = picture.stride();
    let row_samples = rect.size.width as usize * channels;
    let first = rect.top as usize * stride + rect.left as usize * channels;
    let rows = rect.size.height as usize;
    let mut samples = picture.into_samples();
    for row in 0..rows {
        let from = first + row * stride;
        samples.copy_within(from..from + row_samples, row * row_samples);
    }
    samples.truncate(rows * row_samples);
    wrap(rect.size, layout, samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::picture::Layout;

    #[test]
    fn the_rectangle_and_nothing_else() {
        let picture = Picture::new(4, 3, Layout::Grey, (0u8..12).collect()).unwrap();
        let rect = Rect {
            left: 1,
            top: 1,
            size: Size {
                width: 2,
                height: 2,
            },
        };
        assert_eq!(cut(picture.clone(), rect).unwrap().samples(), [5, 6, 9, 10]);
        let outside = Rect { left: 3, ..rect };
        assert_eq!(cut(picture, outside), None);
    }
}
