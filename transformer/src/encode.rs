//! A picture in, the bytes of a file out: the dispatch to one encoder per format. The pixels are taken
//! to be sRGB as they are displayed; nothing is written beside them (no profile, no orientation, no
//! other metadata). The same picture and output always give the same bytes.

mod avif;
mod jpeg;
mod opaque;
mod png;
mod webp;

use crate::error::Error;
use crate::options::{Format, Output};
use crate::picture::Picture;

/// What JPEG and WebP get when no quality is asked for; imaginary's default.
const QUALITY_DEFAULT: u8 = 75;

/// Encode a picture. Fields of `output` that the format does not know are ignored; a number outside its
/// range is taken as the nearest inside.
///
/// A side that the format cannot hold is `Error::BadOperation` naming format and limit, GIF is
/// `Error::Unwritable`.
pub fn encode(picture: &Picture, format: Format, output: &Output) -> Result<Vec<u8>, Error> {
    let quality = output.quality.map(|quality| quality.clamp(1, 100));
    match format {
        Format::Jpeg => {
            let scans = if output.interlace {
                jpeg::Scans::Progressive
            } else {
                jpeg::Scans::Sequential
            };
            jpeg::encode(picture, quality.unwrap_or(QUALITY_DEFAULT), scans)
        }
        Format::Png => png::encode(picture, output.compression),
        Format::Webp if output.lossless => webp::encode_lossless(picture),
        Format::Webp => webp::encode_lossy(picture, quality.unwrap_or(QUALITY_DEFAULT)),
        Format::Avif => avif::encode(picture, quality, output.speed),
        Format::Gif => Err(Error::Unwritable(Format::Gif)),
    }
}

/// Refuse a picture with a side longer than the format can hold.
fn check_side(picture: &Picture, format: &str, side_max: u32) -> Result<(), Error> {
    let side = picture.width().max(picture.height());
    if side > side_max {
        return Err(Error::BadOperation(format!(
            "{format} holds at most {side_max} pixels a side, not {side}"
        )));
    }
    Ok(())
}
