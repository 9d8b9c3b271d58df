//! A JPEG 2000's boxes and the header of its codestream (ISO/IEC 15444-1). Nothing is decoded.

use hayro_jpeg2000::{ColorSpace, DecodeSettings, Image};

use super::{Coding, Header, PROFILE_BYTES_MAX, Profile};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::{Format, Truncated};
use crate::picture::Layout;
use crate::rendition::ColourSpace;

/// Bytes that decoding holds for each sample, as measured: its number, the coefficients that it comes from, and
/// what the blocks of those are kept in.
const BYTES_PER_SAMPLE: u64 = 20;
/// Tables that do not grow with the picture.
const BYTES: u64 = 4 << 20;
/// Alone, with alpha; three colours, with alpha.
const CHANNELS_MAX: u64 = 4;

/// Read the boxes.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let image = open(source, Truncated::Render)?;
    let layout = layout(&image)?;
    let size = Size {
        width: image.width(),
        height: image.height(),
    };
    let profile = match image.color_space() {
        ColorSpace::Icc { profile, .. } if profile.len() <= PROFILE_BYTES_MAX => {
            Profile::Whole(profile.clone())
        }
        _ => Profile::None,
    };
    let samples = size.pixels().saturating_mul(CHANNELS_MAX);
    Ok(Header {
        space: ColourSpace::of_light(layout, image.original_bit_depth().into()),
        profile,
        coding: Coding::Working {
            bytes: samples
                .saturating_mul(BYTES_PER_SAMPLE)
                .saturating_add(BYTES),
        },
        ..Header::plain(Format::Jp2, size, layout)
    })
}

/// A picture whose header is read. Where it may be cut off, what is missing is left as it is.
pub(crate) fn open(source: &[u8], truncated: Truncated) -> Result<Image<'_>, Error> {
    let settings = DecodeSettings {
        strict: truncated == Truncated::Refuse,
        ..DecodeSettings::default()
    };
    Image::new(source, &settings).map_err(error)
}

fn layout(image: &Image<'_>) -> Result<Layout, Error> {
    match (image.color_space().num_channels(), image.has_alpha()) {
        (1, false) => Ok(Layout::Grey),
        (1, true) => Ok(Layout::GreyAlpha),
        (3, false) => Ok(Layout::Rgb),
        (3, true) => Ok(Layout::Rgba),
        (channels, _) => {
            let what = format!("JPEG 2000 with {channels} inks");
            Err(Error::Unsupported(what))
        }
    }
}

pub(crate) fn error(error: impl std::fmt::Display) -> Error {
    Error::Malformed(format!("JPEG 2000: {error}"))
}
