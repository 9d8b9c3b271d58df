//! Frames to a file that moves: the dispatch to the formats that can. A frame is a whole picture and how long it
//! is shown; what of it is new is for the format to find.

#[cfg(feature = "write-gif")]
use super::gif;
use super::{loss, webp};
use crate::error::Error;
use crate::options::{Format, Output};
use crate::picture::Picture;

/// A file in the making.
pub(crate) enum Animation {
    #[cfg(feature = "write-gif")]
    Gif(Box<gif::Animation>),
    Webp(webp::Animation),
}

impl Animation {
    /// Whether a format can be animated.
    pub(crate) const fn is_for(format: Format) -> bool {
        matches!(format, Format::Gif | Format::Webp)
    }

    /// For frames of the size of `first`, shown `plays` times; 0 is for ever.
    pub(crate) fn new(
        first: &Picture,
        plays: u32,
        (format, output): (Format, &Output),
    ) -> Result<Self, Error> {
        match format {
            #[cfg(feature = "write-gif")]
            Format::Gif => gif::Animation::new(first, plays).map(|made| Self::Gif(Box::new(made))),
            Format::Webp => webp::Animation::new(first, plays, loss(output)).map(Self::Webp),
            still => Err(Error::Unwritable(still)),
        }
    }

    /// The next frame, shown for `delay` milliseconds.
    pub(crate) fn add(&mut self, picture: Picture, delay: u32) -> Result<(), Error> {
        match self {
            #[cfg(feature = "write-gif")]
            Self::Gif(gif) => gif.add(&picture, delay),
            Self::Webp(webp) => webp.add(picture, delay),
        }
    }

    /// Bytes of the frames so far.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            #[cfg(feature = "write-gif")]
            Self::Gif(gif) => gif.bytes(),
            Self::Webp(webp) => webp.bytes(),
        }
    }

    /// The file, with an EXIF block where there is one and the format has a place for it.
    pub(crate) fn finish(self, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        match self {
            #[cfg(feature = "write-gif")]
            Self::Gif(gif) => gif.finish(),
            Self::Webp(webp) => Ok(webp.finish(exif)),
        }
    }
}
