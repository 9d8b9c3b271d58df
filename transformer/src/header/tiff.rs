//! A TIFF page's directory as a header.

use super::{Coding, Header, Profile};
use crate::error::Error;
use crate::options::Format;
use crate::picture::Layout;
use crate::rendition::ColourSpace;
use crate::tiff::{Meaning, Page};

/// Read the directory of page `number`, from 0.
pub(super) fn read(source: &[u8], number: u32) -> Result<Header<'_>, Error> {
    let page = Page::read(source, number)?;
    Ok(Header {
        orientation: page.orientation,
        space: match page.meaning {
            Meaning::Inks => ColourSpace::Cmyk,
            Meaning::White | Meaning::Black => ColourSpace::of_light(Layout::Grey, page.bits),
            _ => ColourSpace::of_light(Layout::Rgb, page.bits),
        },
        profile: page
            .profile
            .map_or(Profile::None, |icc| Profile::Pieces(vec![icc])),
        coding: Coding::Working {
            bytes: page.chunk_bytes(),
        },
        ..Header::plain(Format::Tiff, page.size, page.layout())
    })
}
