//! A page of a PDF: its size in points is that in pixels, and it is drawn at any other.

use super::{Coding, Header};
use crate::error::Error;
use crate::options::Format;
use crate::pdf::Paper;
use crate::picture::Layout;

/// Read the file's index, and the page's size.
pub(super) fn read(source: &[u8], page: u32) -> Result<Header<'_>, Error> {
    let paper = Paper::read(source, page)?;
    Ok(Header {
        coding: Coding::Page {
            file_bytes: source.len() as u64,
            picture_pixels: paper.picture_pixels(),
        },
        ..Header::plain(Format::Pdf, paper.size, Layout::Rgb)
    })
}
