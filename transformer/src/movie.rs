//! An animation from its frames to its file: each frame goes the way of a picture, one after the other, so that
//! only one is held at a time. What is found by looking at the picture is found in the first frame and holds for
//! all, so that nothing jumps.

use crate::animated::Animated;
use crate::decode::frames::Frames;
use crate::encode::Animation;
use crate::error::Error;
use crate::geometry::Size;
use crate::memory;
use crate::metadata::Kept;
use crate::options::{Output, Truncated};
use crate::originals::Originals;
use crate::picture::Picture;
use crate::plan::Plan;
use crate::steps::{self, Supplies};

/// All that an animation is made from.
pub(crate) struct Movie<'a> {
    pub originals: &'a Originals<'a>,
    pub animated: Animated,
    pub plan: &'a Plan,
    pub truncated: Truncated,
}

impl Movie<'_> {
    /// The file, and its width and height.
    pub(crate) fn render(
        &self,
        supplies: &Supplies<'_>,
        output: &Output,
        kept: Option<&Kept>,
    ) -> Result<(Vec<u8>, (u32, u32)), Error> {
        let mut frames = open(self.originals, self.animated, self.truncated)?;
        let first = frames.next()?.ok_or_else(no_frame)?;
        let (picture, actions) = steps::settle(first.picture, &self.plan.actions, supplies)?;
        let size = (picture.width(), picture.height());
        let wish = (self.plan.format, output);
        let mut animation = Animation::new(&picture, self.animated.plays, wish)?;
        let whole = Size {
            width: size.0,
            height: size.1,
        };
        let reckoned = (self.animated, wish);
        animation.add(picture, first.delay)?;
        while let Some(frame) = frames.next()? {
            memory::check_written(animation.bytes(), whole, reckoned)?;
            animation.add(steps::run(frame.picture, &actions, supplies)?, frame.delay)?;
        }
        let exif = kept.map(Kept::block);
        Ok((animation.finish(exif.as_deref())?, size))
    }
}

/// The frame behind `page` others.
pub(crate) fn frame(
    originals: &Originals<'_>,
    (page, animated): (u32, Animated),
    truncated: Truncated,
) -> Result<Picture, Error> {
    let mut frames = open(originals, animated, truncated)?;
    for _ in 0..page {
        frames.next()?.ok_or_else(no_frame)?;
    }
    Ok(frames.next()?.ok_or_else(no_frame)?.picture)
}

fn open<'a>(
    originals: &Originals<'a>,
    animated: Animated,
    truncated: Truncated,
) -> Result<Frames<'a>, Error> {
    Frames::open(originals.source, (&originals.header, animated), truncated)
}

fn no_frame() -> Error {
    Error::Malformed("the animation breaks off before this frame".to_owned())
}
