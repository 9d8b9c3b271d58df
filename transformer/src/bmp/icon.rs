//! Windows icons and cursors: a list of pictures, each a PNG or a bitmap, of which the largest is shown.

use super::{malformed, u16_at, u32_at};
use crate::error::Error;

/// The picture that is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Image<'a> {
    Png(&'a [u8]),
    Bitmap(&'a [u8]),
}

/// The largest of the list, of equals the one with the most colours.
pub(crate) fn best(source: &[u8]) -> Result<Image<'_>, Error> {
    let count = usize::from(u16_at(source, 4).ok_or_else(|| malformed("an icon cut off"))?);
    let entries = source.get(6..).unwrap_or_default().as_chunks::<16>().0;
    let largest = entries.iter().take(count).max_by_key(|entry| {
        // A side of 0 is one of 256.
        let side = |side: u8| if side == 0 { 256 } else { u32::from(side) };
        (side(entry[0]) * side(entry[1]), u16_at(entry.as_slice(), 6))
    });
    let entry = largest.ok_or_else(|| malformed("an icon without pictures"))?;
    let (length, start) = (u32_at(entry, 8), u32_at(entry, 12));
    let start = start.and_then(|start| source.get(start as usize..));
    let data = start.ok_or_else(|| malformed("an icon's picture lies outside"))?;
    let data = &data[..(length.unwrap_or(u32::MAX) as usize).min(data.len())];
    Ok(if data.starts_with(b"\x89PNG\r\n\x1A\n") {
        Image::Png(data)
    } else {
        Image::Bitmap(data)
    })
}
