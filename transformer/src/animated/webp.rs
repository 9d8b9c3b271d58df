//! The frames of a WebP, and how often they play (RFC 9649, 2.7.1).

use super::{Animated, Still};
use crate::pieces;

/// Walk all whole chunks.
pub(super) fn read(source: &[u8]) -> Option<Animated> {
    let mut animated = Animated {
        frames: 0,
        plays: 1,
        frame_pixels_max: 0,
        still: Still::FirstFrame,
    };
    for chunk in pieces::riff(source).filter(|chunk| chunk.is_whole) {
        let body = chunk.data;
        match chunk.name {
            b"ANIM" => {
                animated.plays = u32::from(u16::from_le_bytes([*body.get(4)?, *body.get(5)?]));
            }
            b"ANMF" => {
                let side = |at: usize| {
                    let bytes = body.get(at..at + 3)?;
                    Some(u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0])) + 1)
                };
                animated.frames += 1;
                animated.frame_pixels_max = animated.frame_pixels_max.max(side(6)? * side(9)?);
            }
            _ => {}
        }
    }
    Some(animated)
}
