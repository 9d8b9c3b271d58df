//! What goes out: a finished picture, or what the header of one says. The shapes of
//! `wit/transform.wit`'s `rendition` and `picture-info`.

use crate::options::{Format, Rgb};
use crate::picture::Layout;

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// What it is encoded in.
    pub format: Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// How colours are stored in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourSpace {
    /// Red, green and blue, or what is made of them.
    Srgb,
    /// Grey levels.
    Grey,
    /// Four inks.
    Cmyk,
    /// As `Srgb`, 16 bits a sample.
    Rgb16,
    /// As `Grey`, 16 bits a sample.
    Grey16,
}

impl ColourSpace {
    /// Of light that is stored as `layout`, with so many bits a sample.
    pub(crate) const fn of_light(layout: Layout, bits: u32) -> Self {
        match (layout, bits) {
            (Layout::Grey | Layout::GreyAlpha, ..=8) => Self::Grey,
            (Layout::Grey | Layout::GreyAlpha, _) => Self::Grey16,
            (Layout::Rgb | Layout::Rgba, ..=8) => Self::Srgb,
            (Layout::Rgb | Layout::Rgba, _) => Self::Rgb16,
        }
    }
}

/// What a header says. Sizes are those of the stored raster, before orientation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureInfo {
    /// What the picture is encoded in.
    pub format: Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// EXIF orientation, 1 to 8; 0 where there is none.
    pub orientation: u8,
    /// How colours are stored.
    pub space: ColourSpace,
    /// 1 to 5, alpha included.
    pub channels: u8,
    /// Whether some of the picture may be transparent.
    pub has_alpha: bool,
    /// Whether a colour profile is embedded.
    pub has_profile: bool,
}

/// What a picture looks like from far away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impression {
    /// The colour that most of it has.
    pub dominant: Rgb,
    /// In base 83.
    pub blurhash: String,
    /// In base 64.
    pub thumbhash: String,
}
