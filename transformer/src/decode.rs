//! Bytes of a known format in, a picture out. The header has been read and the limits are kept; what a
//! decoder says of broken bytes becomes `Malformed`. Only the first frame of an animation is decoded.

mod gif;
mod jpeg;
mod png;
mod webp;

use crate::error::Error;
use crate::geometry::Size;
use crate::header::{Coding, Header};
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

/// Bytes that `decode` holds at its worst beside the picture it gives, which will be of size `decoded`.
pub(crate) fn working_bytes(
    source: &[u8],
    header: &Header<'_>,
    decoded: Size,
) -> Result<u64, Error> {
    let pixels = header.size.pixels();
    // The alpha of a lossy WebP is a lossless picture of four bytes a pixel, and then a plane.
    let alpha = if header.layout.has_alpha() {
        5 * pixels
    } else {
        0
    };
    Ok(match header.coding {
        Coding::Jpeg => jpeg::working_bytes(source, decoded)?,
        // A row and the one before it, each also in the making.
        Coding::Png { row_bytes } => row_bytes.saturating_mul(4),
        // A plane of luma and two of a quarter of its size.
        Coding::WebpLossy => pixels + pixels / 2 + alpha,
        Coding::WebpLossless => 4 * pixels,
        // The canvas and the frame, four bytes a pixel each, and the frame's own decoding.
        Coding::WebpAnimated => 10 * pixels + alpha,
        // The indices, and where the source is cut off once more.
        Coding::Gif { frame } => 2 * frame.pixels(),
    })
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
