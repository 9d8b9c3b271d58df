//! Turn and mirror. A mirrored picture is changed in place; one whose axes change places is copied block
//! by block, so that both the rows read and the rows written stay in the cache.

use super::{room, size, wrap};
use crate::orientation::Orientation;
use crate::picture::{Picture, Sample};

/// Side of a block in pixels. 32 rows of 32 RGBA pixels are 128 bytes each, two cache lines, and both
/// blocks together are 8 KB: well inside any first-level cache.
const BLOCK: usize = 32;

/// Do what `orientation` says.
pub(crate) fn turn<S: Sample>(picture: Picture<S>, orientation: Orientation) -> Option<Picture<S>> {
    match picture.layout().channels() {
        1 => turned::<S, 1>(picture, orientation),
        2 => turned::<S, 2>(picture, orientation),
        3 => turned::<S, 3>(picture, orientation),
        _ => turned::<S, 4>(picture, orientation),
    }
}

fn turned<S: Sample, const N: usize>(
    mut picture: Picture<S>,
    orientation: Orientation,
) -> Option<Picture<S>> {
    if orientation.transpose {
        return transposed::<S, N>(&picture, orientation);
    }
    let width = picture.width() as usize;
    let pixels = picture.samples_mut().as_chunks_mut::<N>().0;
    match (orientation.flip_x, orientation.flip_y) {
        (true, true) => pixels.reverse(),
        (true, false) => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
        (false, true) => {
            let mut rows = pixels.chunks_exact_mut(width);
            while let (Some(upper), Some(lower)) = (rows.next(), rows.next_back()) {
                upper.swap_with_slice(lower);
            }
        }
        (false, false) => {}
    }
    Some(picture)
}

fn transposed<S: Sample, const N: usize>(
    picture: &Picture<S>,
    orientation: Orientation,
) -> Option<Picture<S>> {
    let after = orientation.size(size(picture));
    let mut samples = room(after, picture.layout())?;
    let source = picture.samples().as_chunks::<N>().0;
    let target = samples.as_chunks_mut::<N>().0;
    let (width, height) = (after.width as usize, after.height as usize);
    // The source is `height` wide: its column becomes the row, mirrored as the orientation says.
    for block_y in (0..height).step_by(BLOCK) {
        for block_x in (0..width).step_by(BLOCK) {
            for y in block_y..(block_y + BLOCK).min(height) {
                let column = if orientation.flip_y {
                    height - 1 - y
                } else {
                    y
                };
                let row = &mut target[y * width..][..width];
                for (x, pixel) in row.iter_mut().enumerate().skip(block_x).take(BLOCK) {
                    let line = if orientation.flip_x { width - 1 - x } else { x };
                    *pixel = source[line * height + column];
                }
            }
        }
    }
    wrap(after, picture.layout(), samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    fn grey(width: u32, samples: &[u8]) -> Picture {
        let height = samples.len() as u32 / width;
        Picture::new(width, height, Layout::Grey, samples.to_vec()).unwrap()
    }

    #[test]
    fn the_eight_orientations() {
        let stored = [1, 2, 3, 4, 5, 6];
        let displayed: [(u8, u32, [u8; 6]); 8] = [
            (1, 3, [1, 2, 3, 4, 5, 6]),
            (2, 3, [3, 2, 1, 6, 5, 4]),
            (3, 3, [6, 5, 4, 3, 2, 1]),
            (4, 3, [4, 5, 6, 1, 2, 3]),
            (5, 2, [1, 4, 2, 5, 3, 6]),
            (6, 2, [4, 1, 5, 2, 6, 3]),
            (7, 2, [6, 3, 5, 2, 4, 1]),
            (8, 2, [3, 6, 2, 5, 1, 4]),
        ];
        for (value, width, expected) in displayed {
            let after = turn(grey(3, &stored), Orientation::from_exif(value)).unwrap();
            assert_eq!(after, grey(width, &expected), "{value}");
        }
    }

    #[test]
    fn larger_than_a_block_and_back() {
        for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
            let samples: Vec<u8> = (0..71 * 45 * layout.channels())
                .map(|at| (at * 7 % 251) as u8)
                .collect();
            let picture = Picture::new(71, 45, layout, samples).unwrap();
            for value in 1..=8 {
                let orientation = Orientation::from_exif(value);
                let there = turn(picture.clone(), orientation).unwrap();
                assert_eq!(
                    turn(there, orientation.inverse()).unwrap(),
                    picture,
                    "{value}"
                );
            }
        }
    }
}
