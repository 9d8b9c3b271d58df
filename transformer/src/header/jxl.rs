//! A JPEG XL's image header: size, alpha, colours. No frame is decoded.

use jxl_oxide::{InitializeResult, JxlImage};

use super::{Coding, Header, Profile, malformed};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Format;
use crate::picture::Layout;
use crate::rendition::ColourSpace;

/// Bytes that decoding holds for each pixel: three or four planes of 32 bits, twice, and what is between.
const BYTES_PER_PIXEL: u64 = 40;
/// Tables that do not grow with the picture.
const BYTES: u64 = 8 << 20;

/// Read the header.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let image = open(source)?;
    let pixels = image.pixel_format();
    let layout = match (pixels.is_grayscale(), pixels.has_alpha()) {
        (true, false) => Layout::Grey,
        (true, true) => Layout::GreyAlpha,
        (false, false) => Layout::Rgb,
        (false, true) => Layout::Rgba,
    };
    let is_deep = image.image_header().metadata.bit_depth.bits_per_sample() > 8;
    // The decoder turns the picture upright itself.
    let size = Size {
        width: image.width(),
        height: image.height(),
    };
    Ok(Header {
        space: match (pixels.is_grayscale(), pixels.has_black(), is_deep) {
            (_, true, _) => ColourSpace::Cmyk,
            (true, _, true) => ColourSpace::Grey16,
            (true, _, false) => ColourSpace::Grey,
            (false, _, true) => ColourSpace::Rgb16,
            (false, _, false) => ColourSpace::Srgb,
        },
        profile: image
            .original_icc()
            .map_or(Profile::None, |icc| Profile::Whole(icc.to_vec())),
        coding: Coding::Working {
            bytes: size.pixels().saturating_mul(BYTES_PER_PIXEL) + BYTES,
        },
        ..Header::plain(Format::Jxl, size, layout)
    })
}

/// A picture whose header is read, and whose frames are there as far as the source goes.
pub(crate) fn open(source: &[u8]) -> Result<JxlImage, Error> {
    let mut image = JxlImage::builder().build_uninit();
    image.feed_bytes(source).map_err(error)?;
    match image.try_init().map_err(error)? {
        InitializeResult::Initialized(image) => Ok(image),
        InitializeResult::NeedMoreData(_) => Err(malformed("JPEG XL: the header is cut off")),
    }
}

fn error(error: impl std::fmt::Display) -> Error {
    Error::Malformed(format!("JPEG XL: {error}"))
}
