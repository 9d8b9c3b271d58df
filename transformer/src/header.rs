//! What the first bytes of a picture say about it: size, orientation, colours, and what decoding will
//! cost. Bytes in, a `Header` out; nothing is decoded and nothing larger than a few lists is allocated.

pub(crate) mod gif;
mod jpeg;
mod png;
mod webp;
mod tiff;
mod bmp;
#[cfg(feature = "avif")]
mod avif;
#[cfg(feature = "heic")]
mod heic;
#[cfg(feature = "jp2")]
pub(crate) mod jp2;
#[cfg(feature = "jxl")]
pub(crate) mod jxl;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "svg")]
mod svg;

#[cfg(feature = "avif")]
pub(crate) use avif::{Coded, Depth};

use std::borrow::Cow;

use crate::encode;
use crate::error::{Error, Limit};
use crate::exif;
use crate::geometry::Size;
#[cfg(any(feature = "avif", feature = "heic"))]
use crate::heif::Container;
use crate::options::{Format, Limits};
use crate::picture::Layout;
use crate::rendition::{ColourSpace, PictureInfo};
#[cfg(feature = "svg")]
use crate::svg::Drawing;

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
    /// What is drawn, where that is what there is to do.
    #[cfg(feature = "svg")]
    pub drawing: Option<Drawing>,
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
    /// Planes of AV1. `coded` is the size of the whole coded picture, `tile` of one that is decoded at once;
    /// then what the larger of that and of what alpha has takes.
    Av1 {
        coded: Size,
        tile: Size,
        plane_bytes: u64,
        tile_pixels: u64,
    },
    /// As `Working`, of a coded picture of which a part is kept.
    #[cfg(feature = "heic")]
    Part { coded: Size, bytes: u64 },
    /// Nothing is stored: the picture is drawn at the size that is asked for.
    Drawn,
    /// The same of a page, with the largest of all pictures in the file.
    #[cfg(feature = "pdf")]
    Page {
        file_bytes: u64,
        picture_pixels: u64,
    },
    /// What the reader of the header reckoned that decoding holds beside the picture.
    Working { bytes: u64 },
}

/// Where a colour profile lies in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Profile<'a> {
    None,
    /// In one or more pieces, in order.
    Pieces(Vec<&'a [u8]>),
    /// As a zlib stream.
    Deflated(&'a [u8]),
    /// Taken out of the source.
    #[cfg(any(feature = "jxl", feature = "jp2"))]
    Whole(Vec<u8>),
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
            #[cfg(any(feature = "jxl", feature = "jp2"))]
            Self::Whole(profile) => Some(Cow::Owned(profile.clone())),
            Self::Deflated(stream) => {
                miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(stream, PROFILE_BYTES_MAX)
                    .ok()
                    .map(Cow::Owned)
            }
        }
    }
}

/// Read the header of `source`, whose format is known; of one with pages that of `page`, from 0. A drawing is
/// parsed for that, if it takes no more than `memory_bytes_max`.
#[cfg_attr(
    not(feature = "svg"),
    expect(unused_variables, reason = "for drawings")
)]
pub(crate) fn read(
    format: Format,
    source: &[u8],
    page: u32,
    memory_bytes_max: u64,
) -> Result<Header<'_>, Error> {
    let header = match format {
        Format::Jpeg => jpeg::read(source),
        Format::Png => png::read(source),
        Format::Webp => webp::read(source),
        Format::Gif => gif::read(source),
        Format::Tiff => tiff::read(source, page),
        Format::Bmp => bmp::read(source),
        Format::Ico => bmp::icon(source),
        #[cfg(feature = "avif")]
        Format::Avif => avif::read(source),
        #[cfg(feature = "heic")]
        Format::Heif => heic::read(source),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::read(source),
        #[cfg(feature = "jp2")]
        Format::Jp2 => jp2::read(source),
        #[cfg(feature = "pdf")]
        Format::Pdf => pdf::read(source, page),
        #[cfg(feature = "svg")]
        Format::Svg => svg::read(source, memory_bytes_max),
        other => Err(Error::Unsupported(other.name().to_owned())),
    }?;
    if header.size.width == 0 || header.size.height == 0 {
        return Err(malformed("a side of the picture is zero"));
    }
    Ok(header)
}

impl Header<'_> {
    /// Of a format that says no more than this.
    pub(crate) const fn plain(format: Format, size: Size, layout: Layout) -> Self {
        Self {
            format,
            size,
            orientation: 0,
            space: match layout {
                Layout::Grey | Layout::GreyAlpha => ColourSpace::Grey,
                Layout::Rgb | Layout::Rgba => ColourSpace::Srgb,
            },
            layout,
            profile: Profile::None,
            coding: Coding::Working { bytes: 0 },
            #[cfg(feature = "svg")]
            drawing: None,
        }
    }

    /// Pixels of the picture or, where that is more, of a frame that reaches over it or of the coded picture
    /// of which it is a part.
    pub(crate) fn all_pixels(&self) -> u64 {
        let decoded = match self.coding {
            Coding::Gif { frame } => frame.pixels(),
            Coding::Av1 { coded, .. } => coded.pixels(),
            #[cfg(feature = "heic")]
            Coding::Part { coded, .. } => coded.pixels(),
            _ => 0,
        };
        self.size.pixels().max(decoded)
    }

    /// Whether samples have more than 8 bits, and the decoder gives 16 of them.
    pub(crate) const fn is_deep(&self) -> bool {
        matches!(self.format, Format::Png | Format::Tiff | Format::Avif)
            && matches!(self.space, ColourSpace::Rgb16 | ColourSpace::Grey16)
    }

    /// The format that a rendition has where none is asked for: the source's, but for JPEG XL, which is written
    /// without loss alone and would be larger than what it was made of.
    pub(crate) fn answer(&self) -> Format {
        if encode::is_written(self.format) && self.format != Format::Jxl {
            self.format
        } else if self.layout.has_alpha() {
            Format::Png
        } else {
            Format::Jpeg
        }
    }

    /// Refuse a picture with more pixels than allowed.
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), Error> {
        let asked = self.all_pixels();
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

/// An ICC profile, of the picture or of its first tile.
#[cfg(any(feature = "avif", feature = "heic"))]
fn icc<'a>(container: &Container<'a>, primary: u32, coded: u32) -> Profile<'a> {
    let icc = |item| {
        let mut properties = container.properties(item);
        properties.find_map(|(kind, body)| match (&kind, body) {
            (b"colr", [b'p', b'r', b'o', b'f', icc @ ..] | [b'r', b'I', b'C', b'C', icc @ ..]) => {
                Some(icc)
            }
            _ => None,
        })
    };
    let icc = icc(primary).or_else(|| icc(coded));
    icc.map_or(Profile::None, |icc| Profile::Pieces(vec![icc]))
}

/// The orientation that an EXIF block gives, 0 where it gives none.
fn orientation(exif: &[u8]) -> u8 {
    exif::orientation(exif).unwrap_or(0)
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(rule.to_owned())
}
