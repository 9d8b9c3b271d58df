//! GIF: the first frame, laid on its canvas. What the frame leaves free is transparent; what of it lies
//! outside the canvas is dropped. Pixels that are missing at the end are grey, if they may.

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};
use std::num::NonZeroU64;

use super::{buffer_bytes, fill_missing, picture};
use crate::error::Error;
use crate::geometry::Size;
use crate::header::{Coding, Header};
use crate::options::Truncated;
use crate::picture::{Layout, Picture};

/// Colours of a palette, with their alpha.
type Palette = [[u8; 4]; 256];

/// A frame as it is stored: where it lies, and one palette index for each pixel.
struct Stored {
    left: u32,
    top: u32,
    size: Size,
    indices: Vec<u8>,
    /// The same, of a source that is cut off, decoded over another blank.
    over_other: Option<Vec<u8>>,
    palette: Palette,
}

/// Decode the first frame.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    let (mut stored, end) = stored(source, header, 0)?;
    match end {
        End::Whole => {}
        End::CutOff if truncated == Truncated::Render => {
            // Every index is a colour, so none can say that a pixel is missing. Decoded once more over
            // something else, the pixels that came are the same and those that did not differ.
            let (again, _) = self::stored(source, header, 1)?;
            stored.over_other = Some(again.indices);
        }
        End::CutOff => return Err(malformed("the frame is cut off")),
    }
    compose(&stored, header)
}

/// How a frame's data ends.
enum End {
    Whole,
    CutOff,
}

/// Read the first frame's indices over `blank`, and its palette.
fn stored(source: &[u8], header: &Header<'_>, blank: u8) -> Result<(Stored, End), Error> {
    let mut decoder = decoder(source, header)?;
    let frame = decoder.next_frame_info().map_err(error)?;
    let frame = frame.ok_or_else(|| malformed("no frame"))?;
    let size = Size {
        width: frame.width.into(),
        height: frame.height.into(),
    };
    let (left, top, transparent) = (frame.left.into(), frame.top.into(), frame.transparent);
    if header.coding != (Coding::Gif { frame: size }) {
        return Err(malformed("blocks contradict the first descriptor"));
    }
    let palette = palette(decoder.palette().map_err(error)?, transparent);
    let mut indices = vec![blank; buffer_bytes(size, Layout::Grey)?];
    let end = match decoder.read_into_buffer(&mut indices) {
        Ok(()) => End::Whole,
        Err(DecodingError::UnexpectedEof) => End::CutOff,
        Err(other) => return Err(error(other)),
    };
    Ok((
        Stored {
            left,
            top,
            size,
            indices,
            over_other: None,
            palette,
        },
        end,
    ))
}

fn decoder<'a>(source: &'a [u8], header: &Header<'_>) -> Result<Decoder<&'a [u8]>, Error> {
    let Coding::Gif { frame } = header.coding else {
        return Err(malformed("not a GIF"));
    };
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let bytes_max = NonZeroU64::new(frame.pixels()).ok_or_else(|| malformed("an empty frame"))?;
    options.set_memory_limit(MemoryLimit::Bytes(bytes_max));
    options.read_info(source).map_err(error)
}

pub(super) fn palette(colours: &[u8], transparent: Option<u8>) -> Palette {
    let mut palette = [[0; 4]; 256];
    for (entry, colour) in palette.iter_mut().zip(colours.chunks_exact(3)) {
        *entry = [colour[0], colour[1], colour[2], u8::MAX];
    }
    if let Some(index) = transparent {
        palette[usize::from(index)] = [0; 4];
    }
    palette
}

/// Lay the frame on a canvas of the header's size.
fn compose(stored: &Stored, header: &Header<'_>) -> Result<Picture, Error> {
    let channels = header.layout.channels();
    let mut samples = vec![0; buffer_bytes(header.size, header.layout)?];
    let (left, width) = (stored.left as usize, stored.size.width as usize);
    let again = stored.over_other.as_deref().unwrap_or(&stored.indices);
    let rows = samples.chunks_exact_mut(header.size.width as usize * channels);
    let lines = stored
        .indices
        .chunks_exact(width)
        .zip(again.chunks_exact(width));
    for (row, (indices, again)) in rows.skip(stored.top as usize).zip(lines) {
        let pixels = row.chunks_exact_mut(channels).skip(left);
        for (pixel, (&index, &other)) in pixels.zip(indices.iter().zip(again)) {
            if index == other {
                pixel.copy_from_slice(&stored.palette[usize::from(index)][..channels]);
            } else {
                fill_missing(pixel, header.layout);
            }
        }
    }
    picture(header.size, header.layout, samples)
}

pub(super) fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("GIF: {rule}"))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
pub(super) fn error(error: DecodingError) -> Error {
    Error::Malformed(format!("GIF: {error}"))
}
