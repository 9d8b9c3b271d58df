//! A page of a TIFF.

use super::{How, buffer_bytes, fill_missing, inks, picture};
use crate::error::Error;
use crate::header::Header;
use crate::options::Truncated;
use crate::picture::Picture;
use crate::tiff::{self, Page, Whole};

/// Decode the page that is asked for.
pub(super) fn decode(source: &[u8], header: &Header<'_>, how: How) -> Result<Picture, Error> {
    let page = Page::read(source, how.page)?;
    let mut samples = vec![0; buffer_bytes(header.size, header.layout)?];
    fill_missing(&mut samples, header.layout);
    let inks = inks::Lights::new(header, how);
    let inks = |inks_of_row| inks.of(inks_of_row);
    match tiff::decode(&page, &mut samples, &inks, how.truncated)? {
        Whole::InPart if how.truncated == Truncated::Render => {}
        Whole::Yes => {}
        Whole::InPart | Whole::No => {
            return Err(Error::Malformed(
                "TIFF: strips or tiles are missing".to_owned(),
            ));
        }
    }
    picture(header.size, header.layout, samples)
}
