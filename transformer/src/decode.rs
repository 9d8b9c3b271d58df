//! Bytes of a known format in, a picture out. The header has been read and the limits are kept; what a
//! decoder says of broken bytes becomes `Malformed`. Only the first frame of an animation is decoded.

mod gif;
mod jpeg;
mod png;
mod webp;

use crate::error::Error;
use crate::geometry::Size;
use crate::header::Header;
use crate::options::{Format, Truncated};
use crate::picture::{Layout, Picture};

/// What stands where a truncated source has no pixels left: middle grey, opaque.
const MISSING: u8 = 128;

/// Decode `source`. The picture may be smaller than the header says, by `size`, if the plan shrinks it.
pub(crate) fn decode(
    source: &[u8],
    header: &Header<'_>,
    shrinks_to: Option<Size>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    match header.format {
        Format::Jpeg => jpeg::decode(source, header, size(header, shrinks_to), truncated),
        Format::Png => png::decode(source, header, truncated),
        Format::Webp => webp::decode(source, header),
        Format::Gif => gif::decode(source, header, truncated),
        Format::Avif => Err(Error::Unsupported("AVIF".to_owned())),
    }
}

/// The size that `decode` will give.
pub(crate) fn size(header: &Header<'_>, shrinks_to: Option<Size>) -> Size {
    match (header.format, shrinks_to) {
        (Format::Jpeg, Some(target)) => jpeg::size(header.size, target),
        _ => header.size,
    }
}

/// A picture of the header's size from `samples`.
fn picture(size: Size, layout: Layout, samples: Vec<u8>) -> Result<Picture, Error> {
    Picture::new(size.width, size.height, layout, samples).ok_or_else(|| {
        Error::Malformed("the decoded picture is not as large as its header says".to_owned())
    })
}

/// Bytes of a picture, or the error of one that no address space holds.
fn buffer_bytes(size: Size, layout: Layout) -> Result<usize, Error> {
    usize::try_from(size.pixels())
        .ok()
        .and_then(|pixels| pixels.checked_mul(layout.channels()))
        .filter(|&bytes| isize::try_from(bytes).is_ok())
        .ok_or_else(|| Error::Malformed("the picture does not fit into memory".to_owned()))
}

/// Make `samples` middle grey, and opaque.
fn fill_missing(samples: &mut [u8], layout: Layout) {
    samples.fill(MISSING);
    if layout.has_alpha() {
        let channels = layout.channels();
        samples
            .iter_mut()
            .skip(channels - 1)
            .step_by(channels)
            .for_each(|alpha| *alpha = u8::MAX);
    }
}
