//! A picture in, the bytes of a file out: the dispatch to one encoder per format. The pixels are taken
//! to be sRGB as they are displayed; nothing is written beside them but what is kept of the source's
//! metadata (no profile, no orientation). The same picture and output always give the same bytes.

mod animation;
mod attach;
#[cfg(feature = "write-avif")]
mod avif;
#[cfg(feature = "write-gif")]
mod gif;
mod jpeg;
#[cfg(feature = "write-jxl")]
mod jxl;
mod opaque;
mod palette;
mod png;
#[cfg(feature = "write-tiff")]
mod tiff;
mod webp;

pub(crate) use animation::Animation;
pub(crate) use opaque::quads;
#[cfg(feature = "hashes")]
pub(crate) use palette::dominant;

use crate::error::Error;
#[cfg(feature = "hashes")]
use crate::impression;
use crate::metadata::Kept;
use crate::options::{Format, Output};
use crate::picture::Picture;
use crate::planar::Planar;

/// What JPEG and WebP get when no quality is asked for; imaginary's default.
const QUALITY_DEFAULT: u8 = 75;

/// Encode a picture. Fields of `output` that the format does not know are ignored; a number outside its
/// range is taken as the nearest inside.
///
/// A side that the format cannot hold is `Error::BadOperation` naming format and limit, a format that is
/// only read `Error::Unwritable`.
pub fn encode(picture: &Picture, format: Format, output: &Output) -> Result<Vec<u8>, Error> {
    still(picture, (format, output), None)
}

/// Whether a format is written by this build.
pub(crate) const fn is_written(format: Format) -> bool {
    match format {
        Format::Jpeg | Format::Png | Format::Webp => true,
        Format::Avif => cfg!(feature = "write-avif"),
        Format::Gif => cfg!(feature = "write-gif"),
        Format::Tiff => cfg!(feature = "write-tiff"),
        Format::Jxl => cfg!(feature = "write-jxl"),
        Format::Blurhash | Format::Thumbhash => cfg!(feature = "hashes"),
        Format::Bmp | Format::Ico | Format::Svg | Format::Heif | Format::Pdf | Format::Jp2 => false,
    }
}

/// The same with what is kept of the source's metadata, where the format has a place for it.
pub(crate) fn still(
    picture: &Picture,
    (format, output): (Format, &Output),
    kept: Option<&Kept>,
) -> Result<Vec<u8>, Error> {
    let exif = kept.map(Kept::block);
    let file = match format {
        Format::Jpeg => jpeg::encode(picture, quality(output), scans(output))?,
        Format::Png if output.palette => png::encode_indexed(picture, output.compression)?,
        Format::Png => png::encode(picture, output.compression)?,
        Format::Webp => webp::encode(picture, loss(output))?,
        #[cfg(feature = "write-avif")]
        Format::Avif => return avif::encode(picture, (output.quality, output.speed), exif),
        #[cfg(feature = "write-gif")]
        Format::Gif => gif::encode(picture)?,
        #[cfg(feature = "write-tiff")]
        Format::Tiff => tiff::encode(picture, kept)?,
        #[cfg(feature = "write-jxl")]
        Format::Jxl => jxl::encode(picture)?,
        #[cfg(feature = "hashes")]
        Format::Blurhash => impression::blurhash(picture).into_bytes(),
        #[cfg(feature = "hashes")]
        Format::Thumbhash => impression::thumbhash(picture).into_bytes(),
        other => return Err(Error::Unwritable(other)),
    };
    let size = (picture.width(), picture.height());
    Ok(attached(file, (format, size), exif.as_deref()))
}

/// Whether brightness and colour differences are written as they are: with loss, and colours at half the sides.
pub(crate) fn takes_planes(format: Format, output: &Output) -> bool {
    match format {
        Format::Jpeg => jpeg::halves_colours(quality(output)),
        Format::Webp => !output.lossless,
        Format::Avif => cfg!(feature = "write-avif"),
        _ => false,
    }
}

/// The same of brightness and colour differences, where the output takes them.
pub(crate) fn planar(
    planar: &Planar,
    (format, output): (Format, &Output),
    kept: Option<&Kept>,
) -> Result<Vec<u8>, Error> {
    let exif = kept.map(Kept::block);
    let file = match format {
        Format::Jpeg => jpeg::encode_planar(planar, quality(output), scans(output))?,
        Format::Webp => webp::encode_planar(planar, quality(output))?,
        #[cfg(feature = "write-avif")]
        Format::Avif => return avif::encode_planar(planar, (output.quality, output.speed), exif),
        other => return Err(Error::Unwritable(other)),
    };
    Ok(attached(file, (format, planar.size()), exif.as_deref()))
}

/// What JPEG and WebP are written with, 1 to 100.
fn quality(output: &Output) -> u8 {
    output.quality.unwrap_or(QUALITY_DEFAULT).clamp(1, 100)
}

/// Whether so deep a picture can be written as the output wants it.
pub(crate) const fn holds_16_bits(format: Format, output: &Output) -> bool {
    match format {
        Format::Png => !output.palette,
        Format::Tiff | Format::Jxl => true,
        _ => false,
    }
}

/// A picture of 16 bits a sample, where the output holds them.
pub(crate) fn deep(
    picture: Picture<u16>,
    (format, output): (Format, &Output),
    kept: Option<&Kept>,
) -> Result<Vec<u8>, Error> {
    let size = (picture.width(), picture.height());
    let file = match format {
        Format::Png => png::encode_deep(picture, output.compression)?,
        #[cfg(feature = "write-tiff")]
        Format::Tiff => tiff::encode(&picture, kept)?,
        #[cfg(feature = "write-jxl")]
        Format::Jxl => jxl::encode(&picture)?,
        other => return Err(Error::Unwritable(other)),
    };
    let exif = kept.map(Kept::block);
    Ok(attached(file, (format, size), exif.as_deref()))
}

/// The file with a block of EXIF.
fn attached(file: Vec<u8>, what: (Format, (u32, u32)), exif: Option<&[u8]>) -> Vec<u8> {
    match exif {
        Some(exif) => attach::exif(file, what, exif),
        None => file,
    }
}

/// Bytes that encoding a JPEG of so many pixels and colours holds beside the picture and the file.
pub(crate) fn jpeg_bytes(pixels: u64, colours: u64, output: &Output) -> u64 {
    jpeg::working_bytes(pixels, colours, scans(output))
}

fn scans(output: &Output) -> jpeg::Scans {
    if output.interlace {
        jpeg::Scans::Progressive
    } else {
        jpeg::Scans::Sequential
    }
}

/// How much a WebP may lose.
fn loss(output: &Output) -> webp::Loss {
    if output.lossless {
        webp::Loss::None
    } else {
        webp::Loss::Quality(quality(output))
    }
}

/// Refuse a picture with a side longer than the format can hold.
fn check_side<S>(picture: &Picture<S>, format: &str, side_max: u32) -> Result<(), Error> {
    check_sides((picture.width(), picture.height()), format, side_max)
}

fn check_sides((width, height): (u32, u32), format: &str, side_max: u32) -> Result<(), Error> {
    let side = width.max(height);
    if side > side_max {
        return Err(Error::BadOperation(format!(
            "{format} holds at most {side_max} pixels a side, not {side}"
        )));
    }
    Ok(())
}
