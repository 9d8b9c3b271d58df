//! Windows bitmaps and icons.

use super::{buffer_bytes, fill_missing, picture, png};
use crate::bmp::{Bitmap, Image, Missing, best};
use crate::error::Error;
use crate::header::Header;
use crate::options::Truncated;
use crate::picture::Picture;

/// Decode a bitmap.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    paint(&Bitmap::read(source)?, header, truncated)
}

/// Decode the largest picture of an icon.
pub(super) fn icon(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    match best(source)? {
        Image::Png(source) => png::decode(source, header, truncated),
        Image::Bitmap(bitmap) => paint(&Bitmap::of_icon(bitmap)?, header, truncated),
    }
}

fn paint(bitmap: &Bitmap<'_>, header: &Header<'_>, truncated: Truncated) -> Result<Picture, Error> {
    let mut samples = vec![0; buffer_bytes(header.size, header.layout)?];
    let stride = header.size.width as usize * header.layout.channels();
    let missing = match bitmap.decode(&mut samples) {
        Missing::None => &mut [][..],
        Missing::Above(rows) => &mut samples[..rows * stride],
        Missing::Below(rows) => {
            let from = samples.len() - rows * stride;
            &mut samples[from..]
        }
    };
    if !missing.is_empty() {
        if truncated == Truncated::Refuse || missing.len() == stride * header.size.height as usize {
            return Err(Error::Malformed("BMP: rows are missing".to_owned()));
        }
        fill_missing(missing, header.layout);
    }
    picture(header.size, header.layout, samples)
}
