//! Enlarge by a whole factor: every pixel becomes a square of itself.

use super::{room, size, wrap};
use crate::geometry;
use crate::picture::Picture;

/// Each pixel `factor` times across and down.
pub(super) fn zoom(picture: &Picture, factor: u32) -> Option<Picture> {
    let layout = picture.layout();
    let channels = layout.channels();
    let after = geometry::zoom(size(picture), factor)?;
    let mut samples = room(after, layout)?;
    let factor = factor as usize;
    let stride = after.width as usize * channels;
    let bands = samples.chunks_exact_mut(stride * factor);
    for (band, row) in bands.zip(picture.samples().chunks_exact(picture.stride())) {
        let (first, others) = band.split_at_mut(stride);
        let squares = first.chunks_exact_mut(channels * factor);
        for (square, pixel) in squares.zip(row.chunks_exact(channels)) {
            square
                .chunks_exact_mut(channels)
                .for_each(|copy| copy.copy_from_slice(pixel));
        }
        others
            .chunks_exact_mut(stride)
            .for_each(|copy| copy.copy_from_slice(first));
    }
    wrap(after, layout, samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    #[test]
    fn squares() {
        let picture = Picture::new(2, 1, Layout::GreyAlpha, vec![1, 2, 3, 4]).unwrap();
        let zoomed = zoom(&picture, 2).unwrap();
        assert_eq!((zoomed.width(), zoomed.height()), (4, 2));
        assert_eq!(zoomed.samples(), [1, 2, 1, 2, 3, 4, 3, 4].repeat(2));
    }
}
