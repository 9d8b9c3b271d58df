//! JPEG 2000, whole.

use hayro_jpeg2000::DecoderContext;

use super::{buffer_bytes, picture};
use crate::error::Error;
use crate::header::Header;
use crate::header::jp2::{error, open};
use crate::options::Truncated;
use crate::picture::Picture;

/// Decode.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    let image = open(source, truncated)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(error)?;
    let planes = decoded.components();
    let pixels = header.size.pixels();
    let are_whole = planes
        .iter()
        .all(|plane| plane.samples().len() as u64 == pixels);
    if planes.len() != header.layout.channels() || !are_whole {
        return Err(error("planes that are not as the header says"));
    }
    let mut samples = vec![0; buffer_bytes(header.size, header.layout)?];
    decoded.store_u8_into(&mut samples);
    picture(header.size, header.layout, samples)
}
