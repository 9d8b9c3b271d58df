//! What the first bytes of a picture say about it: size, orientation, colours, and what decoding will
//! cost. Bytes in, a `Header` out; nothing is decoded and nothing larger than a few lists is allocated.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

use crate::error::{Error, Limit};
use crate::exif;
use crate::geometry::Size;
use crate::options::{Format, Limits};
use crate::picture::Layout;
use crate::rendition::{ColourSpace, PictureInfo};

/// The largest colour profile that is inflated. Press profiles with large tables are about 2 MB.
const PROFILE_BYTES_MAX: usize = 4 << 20;

/// A picture before its pixels.
#[derive(Debug, Clone)]
pub(crate) struct Header<'a> {
    pub format: Format,
    /// Of the stored raster, before orientation.
    pub size: Size,
    /// EXIF orientation, 1 to 8; 0 where there is none.
    pub orientation: u8,
    pub space: ColourSpace,
    /// What the decoded picture will hold.
    pub layout: Layout,
    pub profile: Profile<'a>,
    pub coding: Coding,
}

/// How the pixels are stored, as far as it decides what decoding costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// What the JPEG decoder itself says of it.
    Jpeg,
    /// Rows; `row_bytes` as stored.
    Png { row_bytes: u64 },
    /// VP8: planes, then colours.
    WebpLossy,
    /// VP8L: four bytes for every pixel, then the layout.
    WebpLossless,
    /// An animation: a frame and its canvas, whatever the frame's coding.
    WebpAnimated,
    /// Palette indices of the first frame.
    Gif { frame: Size },
}

/// Where a colour profile lies in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Profile<'a> {
    None,
    /// In one or more pieces, in order.
    Pieces(Vec<&'a [u8]>),
    /// As a zlib stream.
    Deflated(&'a [u8]),
}

impl<'a> Profile<'a> {
    /// The profile's bytes. A stream that is broken or passes the bound is as good as none.
    pub(crate) fn bytes(&self) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::None => None,
            Self::Pieces(pieces) => match pieces.as_slice() {
                [whole] => Some(Cow::Borrowed(*whole)),
                pieces => Some(Cow::Owned(pieces.concat())),
            },
            Self::Deflated(stream) => {
                miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(stream, PROFILE_BYTES_MAX)
                    .ok()
                    .map(Cow::Owned)
            }
        }
    }
}

/// Read the header of `source`, whose format is known.
pub(crate) fn read(format: Format, source: &[u8]) -> Result<Header<'_>, Error> {
    let header = match format {
        Format::Jpeg => jpeg::read(source),
        Format::Png => png::read(source),
        Format::Webp => webp::read(source),
        Format::Gif => gif::read(source),
        other => Err(Error::Unsupported(format!("{other:?}"))),
    }?;
    if header.size.width == 0 || header.size.height == 0 {
        return Err(malformed("a side of the picture is zero"));
    }
    Ok(header)
}

impl Header<'_> {
    /// Refuse a picture with more pixels than allowed.
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), Error> {
        let frame = match self.coding {
            Coding::Gif { frame } => frame.pixels(),
            _ => 0,
        };
        let asked = self.size.pixels().max(frame);
        if asked > limits.source_pixels_max {
            return Err(Error::TooLarge {
                limit: Limit::SourcePixels,
                asked,
                allowed: limits.source_pixels_max,
            });
        }
        Ok(())
    }

    /// The header as a caller sees it.
    pub(crate) fn info(&self) -> PictureInfo {
        let colours = match self.space {
            ColourSpace::Cmyk => 4,
            ColourSpace::Grey | ColourSpace::Srgb | ColourSpace::Grey16 | ColourSpace::Rgb16 => {
                self.layout.channels() as u8
            }
        };
        PictureInfo {
            format: self.format,
            width: self.size.width,
            height: self.size.height,
            orientation: self.orientation,
            space: self.space,
            channels: colours,
            has_alpha: self.layout.has_alpha(),
            has_profile: self.profile != Profile::None,
        }
    }
}

/// The orientation that an EXIF block gives, 0 where it gives none.
fn orientation(exif: &[u8]) -> u8 {
    exif::orientation(exif).unwrap_or(0)
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(rule.to_owned())
}
