//! What moves: how many frames a source has, how often they play, and how large they are. Bytes in, numbers out;
//! only the lengths of blocks are walked and no pixel is decoded.

mod gif;
mod png;
mod webp;

use crate::error::{Error, Limit};
use crate::geometry::Size;
use crate::options::{Format, Limits};

/// An animation before its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Animated {
    /// At least 2.
    pub frames: u32,
    /// How often they are shown; 0 is for ever.
    pub plays: u32,
    /// Pixels of the largest frame as it is stored; it may reach over the canvas.
    pub frame_pixels_max: u64,
    /// What those see who do not see it move.
    pub still: Still,
}

/// What stands for an animation where one picture is wanted and none is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Still {
    FirstFrame,
    /// A picture that is no frame.
    Other,
}

/// `None` for what has one frame.
pub(crate) fn read(source: &[u8], format: Format) -> Option<Animated> {
    let animated = match format {
        Format::Gif => gif::read(source),
        Format::Webp => webp::read(source),
        Format::Png => png::read(source),
        _ => None,
    };
    animated.filter(|animated| animated.frames > 1)
}

impl Animated {
    /// Refuse more work than allowed: `frames` of them, from a canvas of one size to one of another.
    pub(crate) fn check(
        &self,
        frames: u32,
        (canvas, output): (Size, Size),
        limits: &Limits,
    ) -> Result<(), Error> {
        if frames > limits.frames_max {
            return Err(Error::TooLarge {
                limit: Limit::Frames,
                asked: u64::from(frames),
                allowed: u64::from(limits.frames_max),
            });
        }
        let each = canvas
            .pixels()
            .max(output.pixels())
            .max(self.frame_pixels_max);
        let asked = each.saturating_mul(u64::from(frames));
        if asked > limits.animation_pixels_max {
            return Err(Error::TooLarge {
                limit: Limit::AnimationPixels,
                asked,
                allowed: limits.animation_pixels_max,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(frames_max: u32, animation_pixels_max: u64) -> Limits {
        Limits {
            source_pixels_max: 0,
            output_pixels_max: 0,
            output_side_max: 0,
            memory_bytes_max: 0,
            frames_max,
            animation_pixels_max,
            truncated: crate::options::Truncated::Render,
        }
    }

    #[test]
    fn limits_obeyed_and_violated() {
        let animated = Animated {
            frames: 10,
            plays: 0,
            frame_pixels_max: 30,
            still: Still::FirstFrame,
        };
        let size = |width| Size { width, height: 5 };
        let check = |frames_max, pixels_max| {
            let limits = limits(frames_max, pixels_max);
            animated.check(10, (size(5), size(8)), &limits)
        };
        assert_eq!(check(10, 400), Ok(()));
        assert!(matches!(
            check(9, 400),
            Err(Error::TooLarge {
                limit: Limit::Frames,
                asked: 10,
                allowed: 9
            })
        ));
        assert!(matches!(
            check(10, 399),
            Err(Error::TooLarge {
                limit: Limit::AnimationPixels,
                asked: 400,
                allowed: 399
            })
        ));
        // The largest of canvas, output and stored frame counts.
        assert_eq!(
            animated.check(10, (size(1), size(1)), &limits(10, 300)),
            Ok(())
        );
        assert!(
            animated
                .check(10, (size(1), size(1)), &limits(10, 299))
                .is_err()
        );
        assert!(
            animated
                .check(10, (size(9), size(1)), &limits(10, 449))
                .is_err()
        );
    }
}
