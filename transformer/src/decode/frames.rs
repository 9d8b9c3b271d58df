//! The frames of an animation, one after the other, each as the whole picture that a viewer shows: what was
//! there before, disposed of as it asks, and the frame laid on it. The limits are kept already.

mod canvas;
mod gif;
mod png;
mod webp;

use crate::animated::Animated;
use crate::error::Error;
use crate::header::Header;
use crate::options::{Format, Truncated};
use crate::picture::Picture;

/// A whole picture, and how long it is shown.
pub(crate) struct Frame {
    pub picture: Picture,
    /// Milliseconds.
    pub delay: u32,
}

/// A source of frames.
pub(crate) struct Frames<'a> {
    reader: Reader<'a>,
    truncated: Truncated,
    given: u32,
    left: u32,
}

enum Reader<'a> {
    Gif(Box<gif::Reader<'a>>),
    Webp(Box<webp::Reader<'a>>),
    Png(Box<png::Reader<'a>>),
}

impl<'a> Frames<'a> {
    /// Begin with the first.
    pub(crate) fn open(
        source: &'a [u8],
        (header, animated): (&Header<'_>, Animated),
        truncated: Truncated,
    ) -> Result<Self, Error> {
        let reader = match header.format {
            Format::Gif => gif::Reader::open(source, header.size, animated)
                .map(|it| Reader::Gif(Box::new(it)))?,
            Format::Webp => {
                webp::Reader::open(source, header).map(|it| Reader::Webp(Box::new(it)))?
            }
            Format::Png => {
                png::Reader::open(source, header.size).map(|it| Reader::Png(Box::new(it)))?
            }
            _ => return Err(Error::Unsupported("an animation of this format".to_owned())),
        };
        Ok(Self {
            reader,
            truncated,
            given: 0,
            left: animated.frames,
        })
    }

    /// The next, `None` after the last. What is broken behind the first frame ends the animation, where what is
    /// there may be rendered.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let next = match &mut self.reader {
            Reader::Gif(gif) => gif.next(),
            Reader::Webp(webp) => webp.next(),
            Reader::Png(png) => png.next(),
        };
        match next {
            Ok(frame) => {
                self.given += 1;
                self.left -= 1;
                Ok(Some(frame))
            }
            Err(_) if self.given > 0 && self.truncated == Truncated::Render => {
                self.left = 0;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
