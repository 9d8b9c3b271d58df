//! The frames of an animated PNG (third edition, 11.3.6).

use super::{Animated, Still};
use crate::pieces;

/// Walk all chunks. The control chunk comes before the pixels; without it nothing moves.
pub(super) fn read(source: &[u8]) -> Option<Animated> {
    let mut animated = None;
    for (name, body) in pieces::png(source) {
        match (name, &mut animated) {
            (b"acTL", none @ None) => {
                *none = Some(Animated {
                    frames: 0,
                    plays: number(body, 4)?,
                    frame_pixels_max: 0,
                    still: Still::FirstFrame,
                });
            }
            (b"fcTL", Some(animated)) => {
                let pixels = u64::from(number(body, 4)?) * u64::from(number(body, 8)?);
                animated.frames += 1;
                animated.frame_pixels_max = animated.frame_pixels_max.max(pixels);
            }
            (b"IDAT", None) => return None,
            // No frame's control stands before it.
            (b"IDAT", Some(animated)) if animated.frames == 0 => animated.still = Still::Other,
            _ => {}
        }
    }
    animated
}

fn number(body: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(body.get(at..at + 4)?.try_into().ok()?))
}
