//! The frames of a WebP, and how often they play (RFC 9649, 2.7.1).

use super::{Animated, Still};

/// `RIFF`, a length, `WEBP`.
const RIFF_BYTES: usize = 12;

/// Walk all chunks.
pub(super) fn read(source: &[u8]) -> Option<Animated> {
    let mut rest = source.get(RIFF_BYTES..)?;
    let mut animated = Animated {
        frames: 0,
        plays: 1,
        frame_pixels_max: 0,
        still: Still::FirstFrame,
    };
    while let Some((name, body, after)) = chunk(rest) {
        match name {
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
        rest = after;
    }
    Some(animated)
}

fn chunk(rest: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (name, length) = (rest.get(..4)?, rest.get(4..8)?);
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let end = 8usize.checked_add(length)?;
    let after = rest.get(end.checked_add(length & 1)?..).unwrap_or_default();
    Some((name, rest.get(8..end)?, after))
}
