//! A Windows bitmap's or icon's header.

use super::{Coding, Header, png};
use crate::bmp::{Bitmap, Image, best};
use crate::error::Error;
use crate::options::Format;

/// A bitmap.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let bitmap = Bitmap::read(source)?;
    Ok(plain(Format::Bmp, &bitmap))
}

/// The largest picture of an icon.
pub(super) fn icon(source: &[u8]) -> Result<Header<'_>, Error> {
    match best(source)? {
        Image::Png(png) => Ok(Header {
            format: Format::Ico,
            ..png::read(png)?
        }),
        Image::Bitmap(bitmap) => Ok(plain(Format::Ico, &Bitmap::of_icon(bitmap)?)),
    }
}

fn plain(format: Format, bitmap: &Bitmap<'_>) -> Header<'static> {
    Header {
        // Runs are spread out to a byte a pixel.
        coding: Coding::Working {
            bytes: bitmap.size.pixels(),
        },
        ..Header::plain(format, bitmap.size, bitmap.layout())
    }
}
