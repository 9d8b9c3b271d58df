//! A page of a TIFF.

use super::{How, fill_missing, inks, picture, room};
use crate::error::Error;
use crate::header::Header;
use crate::options::Truncated;
use crate::picture::{Picture, Sample};
use crate::tiff::{self, Page, Whole};

/// Decode the page that is asked for.
pub(super) fn decode(source: &[u8], header: &Header<'_>, how: How) -> Result<Picture, Error> {
    let inks = inks::Lights::new(header, how);
    let inks = |inks_of_row| inks.of(inks_of_row);
    read(source, header, how, |page, samples| {
        tiff::decode(page, samples, &inks, how.truncated)
    })
}

/// The same with 16 bits a sample.
pub(super) fn deep(source: &[u8], header: &Header<'_>, how: How) -> Result<Picture<u16>, Error> {
    read(source, header, how, |page, samples| {
        tiff::deep(page, samples, how.truncated)
    })
}

fn read<S: Sample>(
    source: &[u8],
    header: &Header<'_>,
    how: How,
    decode: impl FnOnce(&Page<'_>, &mut [S]) -> Result<Whole, Error>,
) -> Result<Picture<S>, Error> {
    let page = Page::read(source, how.page)?;
    let mut samples = room(header.size, header.layout)?;
    fill_missing(&mut samples, header.layout);
    match decode(&page, &mut samples)? {
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
