//! Pixels to the nearest colours, and what that leaves out to their neighbours (Floyd and Steinberg, 1976), in
//! turns from the left and from the right so that no pattern leans to a side.

use super::nearest::Nearest;
use super::space::{Point, plus, point};

/// How much of an error is passed on. All of it makes noise of what is nearly right.
const SHARE: f32 = 7.0 / 8.0;
/// What may gather in a pixel, in levels: where the palette lacks a colour altogether, errors would else pile
/// up and spill over the next edge.
const GATHERED_MAX: f32 = 32.0;

/// One number for each pixel; `None` where it is wholly transparent.
pub(super) fn indices(pixels: &[[u8; 4]], width: usize, nearest: &Nearest) -> Vec<Option<u8>> {
    let places: Vec<Point> = (0..=u8::MAX).map(|number| nearest.place(number)).collect();
    let mut indices = vec![None; pixels.len()];
    // With a column more on both sides, for errors that leave the picture.
    let mut errors = vec![[0.0; 4]; width + 2];
    let mut below = errors.clone();
    let rows = pixels
        .chunks_exact(width)
        .zip(indices.chunks_exact_mut(width));
    for (row, (pixels, indices)) in rows.enumerate() {
        below.fill([0.0; 4]);
        let from_left = row % 2 == 0;
        for step in 0..width {
            let at = if from_left { step } else { width - 1 - step };
            let pixel = pixels[at];
            if pixel[3] == 0 {
                continue;
            }
            let gathered =
                errors[at + 1].map(|error: f32| error.clamp(-GATHERED_MAX, GATHERED_MAX));
            let wanted = plus(point(pixel), gathered, 1.0);
            let number = nearest.find(wanted);
            indices[at] = Some(number);
            let error = plus(wanted, places[usize::from(number)], -1.0);
            let (ahead, behind) = if from_left {
                (at + 2, at)
            } else {
                (at, at + 2)
            };
            errors[ahead] = plus(errors[ahead], error, SHARE * 7.0 / 16.0);
            below[behind] = plus(below[behind], error, SHARE * 3.0 / 16.0);
            below[at + 1] = plus(below[at + 1], error, SHARE * 5.0 / 16.0);
            below[ahead] = plus(below[ahead], error, SHARE / 16.0);
        }
        std::mem::swap(&mut errors, &mut below);
    }
    indices
}
