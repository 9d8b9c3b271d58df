//! GIF: the first frame, laid on its canvas. What the frame leaves free is transparent; what of it lies
//! outside the canvas is dropped. Rows that are missing at the end stay free, if they may.

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};
use std::num::NonZeroU64;

use super::{buffer_bytes, picture};
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
    palette: Palette,
}

/// Decode the first frame.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    let Coding::Gif { frame } = header.coding else {
        return Err(malformed("not a GIF"));
    };
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let bytes_max = NonZeroU64::new(frame.pixels()).ok_or_else(|| malformed("an empty frame"))?;
    options.set_memory_limit(MemoryLimit::Bytes(bytes_max));
    let decoder = options.read_info(source).map_err(error)?;
    let stored = stored(decoder, frame, truncated)?;
    compose(&stored, header)
}

/// Read the first frame's indices and palette.
fn stored(mut decoder: Decoder<&[u8]>, said: Size, truncated: Truncated) -> Result<Stored, Error> {
    let frame = decoder.next_frame_info().map_err(error)?;
    let frame = frame.ok_or_else(|| malformed("no frame"))?;
    let size = Size {
        width: frame.width.into(),
        height: frame.height.into(),
    };
    let (left, top, transparent) = (frame.left.into(), frame.top.into(), frame.transparent);
    if size != said {
        return Err(malformed("blocks contradict the first descriptor"));
    }
    let palette = palette(decoder.palette().map_err(error)?, transparent);
    // An index past the palette's end is transparent, which is how a pixel that is missing is told.
    let mut indices = vec![0; buffer_bytes(size, Layout::Grey)?];
    match decoder.read_into_buffer(&mut indices) {
        Err(DecodingError::UnexpectedEof) if truncated == Truncated::Render => {}
        other => other.map_err(error)?,
    }
    Ok(Stored {
        left,
        top,
        size,
        indices,
        palette,
    })
}

fn palette(colours: &[u8], transparent: Option<u8>) -> Palette {
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
    let rows = samples.chunks_exact_mut(header.size.width as usize * channels);
    let indices = stored.indices.chunks_exact(stored.size.width as usize);
    for (row, indices) in rows.skip(stored.top as usize).zip(indices) {
        let pixels = row.chunks_exact_mut(channels).skip(stored.left as usize);
        for (pixel, &index) in pixels.zip(indices) {
            pixel.copy_from_slice(&stored.palette[usize::from(index)][..channels]);
        }
    }
    picture(header.size, header.layout, samples)
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("GIF: {rule}"))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
fn error(error: DecodingError) -> Error {
    Error::Malformed(format!("GIF: {error}"))
}
