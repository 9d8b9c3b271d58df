//! JPEG, decoded at an eighth, a quarter or half of its size when the plan shrinks it anyway: the inverse
//! transform then gives fewer samples, and all that follows has less to do.

use super::inks::Lights;
use super::{How, picture};
use crate::error::Error;
use crate::geometry::Size;
use crate::header::Header;
use crate::jpeg::{self, Pixel, Scale};
use crate::orientation::Orientation;
use crate::picture::{Layout, Picture};
use crate::plan::Scale as PlannedScale;
use crate::planar::Planar;
use crate::resampler::Span;

/// The scales that shrink, smallest first, each with how many times the wanted size it must at least give,
/// in quarters and on both axes. The fewer frequencies a scale keeps, the more room the resampler needs
/// above them. With these, every photo of the corpus keeps a SSIMULACRA2 score of about 90 or more at any
/// size, and the usual ones 93 to 96 (`benches/NOTES.md`).
const MARGINS: [(Scale, u32); 3] = [(Scale::Eighth, 8), (Scale::Quarter, 7), (Scale::Half, 6)];

/// From this many quarters on, colours are decoded at half the size of brightness: they then have at least
/// three quarters of the wanted size.
const COLOURS_MARGIN: u32 = 6;

/// The smallest scale with its margin on both axes.
fn reduction(full: Size, target: Size) -> Scale {
    MARGINS
        .iter()
        .find(|(scale, quarters)| has_margin(full, *scale, target, *quarters))
        .map_or(Scale::Full, |(scale, _)| *scale)
}

/// Whether colours are decoded at half the size of brightness.
fn halves_colours(full: Size, scale: Scale, target: Size) -> bool {
    has_margin(full, scale, target, COLOURS_MARGIN)
}

/// Whether a scale gives at least this many quarters of the wanted size on both axes.
fn has_margin(full: Size, scale: Scale, target: Size, quarters: u32) -> bool {
    let enough = |full: u32, target: u32| {
        u64::from(scale.side(full)) * 4 >= u64::from(target) * u64::from(quarters)
    };
    enough(full.width, target.width) && enough(full.height, target.height)
}

/// The size that `decode` gives.
pub(super) fn size(full: Size, shrinks_to: Option<Size>) -> Size {
    let scale = shrinks_to.map_or(Scale::Full, |target| reduction(full, target));
    Size {
        width: scale.side(full.width),
        height: scale.side(full.height),
    }
}

/// Bytes that `decode` holds beside the picture.
pub(super) fn working_bytes(
    source: &[u8],
    full: Size,
    shrinks_to: Option<Size>,
) -> Result<u64, Error> {
    let frame = jpeg::Header::read(source).map_err(error)?;
    let scale = shrinks_to.map_or(Scale::Full, |target| reduction(full, target));
    Ok(jpeg::memory_bytes(&frame, scale))
}

/// Bytes that decoding and scaling at once holds beside the picture it gives.
pub(super) fn scaling_bytes(source: &[u8], full: Size, scale: PlannedScale) -> Result<u64, Error> {
    let frame = jpeg::Header::read(source).map_err(error)?;
    let (reduced, window) = (reduction(full, scale.whole), window(full, scale));
    Ok(jpeg::memory_bytes(&frame, reduced) + jpeg::resampling_bytes(&frame, reduced, &window))
}

/// Decode, at the smallest scale with its margin over `shrinks_to`.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    shrinks_to: Option<Size>,
    how: How,
) -> Result<Picture, Error> {
    let frame = frame(source, header)?;
    let scale = shrinks_to.map_or(Scale::Full, |target| reduction(header.size, target));
    let decoder = jpeg::Decoder::new(source, &frame, scale).truncated(how.truncated);
    finished(decoder.decode().map_err(error)?, header, how)
}

/// Decode and do `scale` on the way.
pub(super) fn scaled(
    source: &[u8],
    header: &Header<'_>,
    scale: PlannedScale,
    how: How,
) -> Result<Picture, Error> {
    let frame = frame(source, header)?;
    let decoder = scaling(source, header, &frame, scale).truncated(how.truncated);
    let window = window(header.size, scale);
    finished(decoder.resampled(&window).map_err(error)?, header, how)
}

/// Decode and do `scale` on the way to planes that are then turned. `None` where the components are no
/// brightness and colour differences.
pub(super) fn planar(
    source: &[u8],
    header: &Header<'_>,
    (scale, orientation): (PlannedScale, Orientation),
    how: How,
) -> Result<Option<Planar>, Error> {
    let frame = frame(source, header)?;
    if frame.colour() != jpeg::Colour::YCbCr {
        return Ok(None);
    }
    let decoder = scaling(source, header, &frame, scale).truncated(how.truncated);
    let luma = window(header.size, scale);
    let chroma = halved(&luma, orientation);
    let planes = decoder.planes(&luma, &chroma).map_err(error)?;
    let Ok([brightness, blue, red]) = <[_; 3]>::try_from(planes) else {
        return Ok(None);
    };
    let planar = Planar {
        luma: picture(luma.size, Layout::Grey, brightness)?,
        chroma: [
            picture(chroma.size, Layout::Grey, blue)?,
            picture(chroma.size, Layout::Grey, red)?,
        ],
    };
    Ok(planar.turned(orientation))
}

/// A decoder at the smallest scale that does for `scale`.
fn scaling<'a>(
    source: &'a [u8],
    header: &Header<'_>,
    frame: &'a jpeg::Header,
    scale: PlannedScale,
) -> jpeg::Decoder<'a> {
    let reduced = reduction(header.size, scale.whole);
    let decoder = jpeg::Decoder::new(source, frame, reduced);
    if halves_colours(header.size, reduced, scale.whole) {
        decoder.half_colours()
    } else {
        decoder
    }
}

/// What planes of half the sides show of `window`. Two samples become one; of an odd side the last stands alone
/// once the picture is turned, and what it is put together with lies past the window.
fn halved(window: &jpeg::Window, orientation: Orientation) -> jpeg::Window {
    let back = orientation.inverse();
    let axis = |span: Span, side: u32, flipped: bool| {
        let half = side.div_ceil(2);
        let beyond = f64::from(half * 2 - side) * span.length / f64::from(side);
        let halved = Span {
            start: span.start - if flipped { beyond } else { 0.0 },
            length: span.length + beyond,
        };
        (halved, half)
    };
    let size = window.size;
    let (horizontal, width) = axis(window.horizontal, size.width, back.flip_x);
    let (vertical, height) = axis(window.vertical, size.height, back.flip_y);
    jpeg::Window {
        horizontal,
        vertical,
        size: Size { width, height },
    }
}

/// The header that the decoder goes by, which is of the size that everything was planned with.
fn frame(source: &[u8], header: &Header<'_>) -> Result<jpeg::Header, Error> {
    let frame = jpeg::Header::read(source).map_err(error)?;
    if (frame.width(), frame.height()) != (header.size.width, header.size.height) {
        return Err(Error::Malformed(
            "JPEG: the frame header is not the first one".to_owned(),
        ));
    }
    Ok(frame)
}

/// The part of the stored picture that `scale` keeps.
fn window(full: Size, PlannedScale { whole, keep }: PlannedScale) -> jpeg::Window {
    let span = |full: u32, whole: u32, (start, length): (u32, u32)| {
        let ratio = f64::from(full) / f64::from(whole);
        Span {
            start: f64::from(start) * ratio,
            length: f64::from(length) * ratio,
        }
    };
    jpeg::Window {
        horizontal: span(full.width, whole.width, (keep.left, keep.size.width)),
        vertical: span(full.height, whole.height, (keep.top, keep.size.height)),
        size: keep.size,
    }
}

fn finished(whole: jpeg::Decoded, header: &Header<'_>, how: How) -> Result<Picture, Error> {
    let size = Size {
        width: whole.width,
        height: whole.height,
    };
    match whole.pixel {
        Pixel::Grey => picture(size, Layout::Grey, whole.samples),
        Pixel::Rgb => picture(size, Layout::Rgb, whole.samples),
        Pixel::Cmyk => {
            let lights = Lights::new(header, how).of(whole.samples);
            picture(size, header.layout, lights)
        }
    }
}

fn error(error: jpeg::Error) -> Error {
    match error {
        jpeg::Error::Unsupported(variety) => Error::Unsupported(format!("{variety} JPEG")),
        jpeg::Error::NotJpeg
        | jpeg::Error::Malformed(_)
        | jpeg::Error::Truncated
        | jpeg::Error::TooManyScans(_) => Error::Malformed(format!("JPEG: {error}")),
    }
}

#[cfg(test)]
mod tests;
