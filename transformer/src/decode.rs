//! Bytes of a known format in, a picture out. The header has been read and the limits are kept; what a
//! decoder says of broken bytes becomes `Malformed`. Of an animation `decode` gives the first frame, `frames`
//! all of them.

pub(crate) mod frames;
mod gif;
mod jpeg;
mod png;
mod webp;
mod tiff;
mod bmp;
#[cfg(feature = "avif")]
mod avif;
#[cfg(feature = "heic")]
mod heic;
#[cfg(feature = "jp2")]
mod jp2;
#[cfg(feature = "jxl")]
mod jxl;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "svg")]
mod svg;
mod inks;

use crate::error::Error;
use crate::geometry::Size;
use crate::header::{Coding, Header};
use crate::options::{Format, Limits, Output, Profile, Truncated};
use crate::orientation::Orientation;
#[cfg(feature = "pdf")]
use crate::pdf::Paper;
use crate::picture::{self, Layout, Picture, Sample};
use crate::plan::{Action, Scale};
use crate::planar::Planar;

/// What stands where a truncated source has no pixels left: middle grey, opaque.
const MISSING: u8 = 128;

/// What a caller may choose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    pub truncated: Truncated,
    /// What becomes of a press profile, which needs all four inks.
    pub profile: Profile,
    /// Of a source that has pages, from 0.
    pub page: u32,
}

impl How {
    pub(crate) fn of(output: &Output, limits: &Limits) -> Self {
        Self {
            truncated: limits.truncated,
            profile: output.profile,
            page: output.page.unwrap_or(0),
        }
    }
}

/// Decode `source`, and do the first of `actions` on the way where that spares work: a JPEG is scaled as
/// its rows come. Gives the picture and the actions that are left.
pub(crate) fn decode<'a>(
    source: &[u8],
    header: &Header<'_>,
    actions: &'a [Action],
    how: How,
) -> Result<(Picture, &'a [Action]), Error> {
    let truncated = how.truncated;
    if let (Format::Jpeg, [Action::Scale(scale), rest @ ..]) = (header.format, actions) {
        let picture = jpeg::scaled(source, header, *scale, how)?;
        return Ok((picture, rest));
    }
    #[cfg(feature = "svg")]
    if let Some(drawing) = &header.drawing {
        return svg::decode(drawing, actions);
    }
    #[cfg(feature = "pdf")]
    if header.format == Format::Pdf {
        return pdf::decode(source, header, actions, how);
    }
    let picture = match header.format {
        Format::Jpeg => jpeg::decode(source, header, shrinks_to(actions), how)?,
        Format::Png => png::decode(source, header, truncated)?,
        Format::Webp => webp::decode(source, header)?,
        Format::Gif => gif::decode(source, header, truncated)?,
        Format::Tiff => tiff::decode(source, header, how)?,
        Format::Bmp => bmp::decode(source, header, truncated)?,
        Format::Ico => bmp::icon(source, header, truncated)?,
        #[cfg(feature = "avif")]
        Format::Avif => avif::decode(source, header, shrinks_to(actions))?,
        #[cfg(feature = "heic")]
        Format::Heif => heic::decode(source, header)?,
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::decode(source, header, truncated)?,
        #[cfg(feature = "jp2")]
        Format::Jp2 => jp2::decode(source, header, truncated)?,
        other => return Err(Error::Unsupported(other.name().to_owned())),
    };
    Ok((picture, actions))
}

/// Decode a source that stores brightness and colour differences to planes of them, scaled and then turned.
/// `None` where it stores anything else.
pub(crate) fn planar(
    source: &[u8],
    header: &Header<'_>,
    way: (Scale, Orientation),
    how: How,
) -> Result<Option<Planar>, Error> {
    match header.format {
        Format::Jpeg => jpeg::planar(source, header, way, how),
        _ => Ok(None),
    }
}

/// Decode a source that has more than 8 bits a sample, with 16.
pub(crate) fn deep(
    source: &[u8],
    header: &Header<'_>,
    actions: &[Action],
    how: How,
) -> Result<Picture<u16>, Error> {
    match header.format {
        Format::Png => png::decode(source, header, how.truncated),
        Format::Tiff => tiff::deep(source, header, how),
        #[cfg(feature = "avif")]
        Format::Avif => avif::decode(source, header, shrinks_to(actions)),
        other => Err(Error::Unsupported(other.name().to_owned())),
    }
}

/// The size of the picture that `decode` will give, and the actions that will be left.
pub(crate) fn outcome<'a>(header: &Header<'_>, actions: &'a [Action]) -> (Size, &'a [Action]) {
    match (header.format, actions) {
        (Format::Jpeg, [Action::Scale(scale), rest @ ..]) => (scale.keep.size, rest),
        (Format::Jpeg, _) => (jpeg::size(header.size, shrinks_to(actions)), actions),
        #[cfg(feature = "svg")]
        (Format::Svg, _) => header
            .drawing
            .as_ref()
            .map_or((header.size, actions), |drawing| {
                svg::outcome(drawing, actions)
            }),
        #[cfg(feature = "avif")]
        (Format::Avif, _) => (avif::size(header, shrinks_to(actions)), actions),
        #[cfg(feature = "pdf")]
        (Format::Pdf, _) => pdf::outcome(header.size, actions),
        _ => (header.size, actions),
    }
}

/// The size that the first action will scale to after it has seen the picture, if that is what it does:
/// a decoder may give a smaller picture, as long as it has that much and to spare.
fn shrinks_to(actions: &[Action]) -> Option<Size> {
    match actions.first() {
        Some(Action::Find(scale) | Action::Scale(scale)) => Some(scale.whole),
        _ => None,
    }
}

/// Bytes that `decode` holds at its worst beside the picture it gives.
pub(crate) fn working_bytes(
    source: &[u8],
    header: &Header<'_>,
    actions: &[Action],
) -> Result<u64, Error> {
    let pixels = header.size.pixels();
    // The alpha of a lossy WebP is a lossless picture of four bytes a pixel, and then a plane.
    let alpha = if header.layout.has_alpha() {
        5 * pixels
    } else {
        0
    };
    Ok(match header.coding {
        Coding::Jpeg => match actions.first() {
            Some(Action::Scale(scale)) => jpeg::scaling_bytes(source, header.size, *scale)?,
            _ => jpeg::working_bytes(source, header.size, shrinks_to(actions))?,
        },
        // A row and the one before it, each also in the making.
        Coding::Png { row_bytes } => row_bytes.saturating_mul(4),
        // A plane of luma and two of a quarter of its size.
        Coding::WebpLossy => pixels + pixels / 2 + alpha,
        Coding::WebpLossless => 4 * pixels,
        // The canvas and the frame, four bytes a pixel each, and the frame's own decoding.
        Coding::WebpAnimated => 10 * pixels + alpha,
        // The indices, and where the source is cut off once more.
        Coding::Gif { frame } => 2 * frame.pixels(),
        #[cfg(feature = "avif")]
        Coding::Av1 { .. } => avif::working_bytes(header),
        #[cfg(not(feature = "avif"))]
        Coding::Av1 { .. } => 0,
        Coding::Working { bytes } => bytes,
        #[cfg(feature = "pdf")]
        Coding::Page {
            file_bytes,
            picture_pixels,
        } => {
            let (canvas, _) = pdf::outcome(header.size, actions);
            Paper::working_bytes(file_bytes, picture_pixels, canvas)
        }
        #[cfg(feature = "heic")]
        Coding::Part { bytes, .. } => bytes,
        #[cfg(feature = "svg")]
        Coding::Drawn => {
            let drawing = header.drawing.as_ref();
            drawing.map_or(0, |drawing| svg::working_bytes(drawing, actions))
        }
        #[cfg(not(feature = "svg"))]
        Coding::Drawn => 0,
    })
}

/// A picture of the header's size from `samples`.
fn picture<S>(size: Size, layout: Layout, samples: Vec<S>) -> Result<Picture<S>, Error> {
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
        .ok_or_else(endless)
}

fn endless() -> Error {
    Error::Malformed("the picture does not fit into memory".to_owned())
}

/// Room for the samples of a picture.
fn room<S: Sample>(size: Size, layout: Layout) -> Result<Vec<S>, Error> {
    picture::room(size, layout).ok_or_else(endless)
}

/// Make `samples` middle grey, and opaque.
fn fill_missing<S: Sample>(samples: &mut [S], layout: Layout) {
    samples.fill(S::of_level(MISSING));
    if layout.has_alpha() {
        let channels = layout.channels();
        samples
            .iter_mut()
            .skip(channels - 1)
            .step_by(channels)
            .for_each(|alpha| *alpha = S::MOST);
    }
}
