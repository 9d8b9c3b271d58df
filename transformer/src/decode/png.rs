//! PNG of every colour type and depth to 8 or 16 bits a sample, palettes and transparency expanded. Text,
//! profiles and other chunks are passed over. Rows that are missing at the end are grey, if they may be.

use std::io::{Cursor, ErrorKind};

use png::{Decoder, DecodingError, Limits, Reader, Transformations};

use super::{fill_missing, picture, room};
use crate::error::Error;
use crate::header::Header;
use crate::options::Truncated;
use crate::picture::{Picture, Sample};

/// What the decoder may allocate of its own: two rows at most, the picture's buffer being ours. A row of
/// the largest side with four 16-bit samples is 16 GB, so the bound matters; 64 MB is eight million pixels.
const ROWS_BYTES_MAX: usize = 64 << 20;

/// Decode the picture, of an animation the default one. For 16 bits a sample the source has to have as many.
pub(super) fn decode<S: Sample>(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture<S>, Error> {
    let mut reader = if S::BITS == u8::BITS {
        reader(source)?
    } else {
        open(source, Transformations::EXPAND)?
    };
    let mut samples = room::<S>(header.size, header.layout)?;
    if reader.output_buffer_size() != Some(size_of_val(&*samples)) {
        return Err(Error::Malformed(
            "PNG: chunks contradict the header".to_owned(),
        ));
    }
    let read = if reader.info().interlaced {
        if truncated == Truncated::Render {
            fill_missing(&mut samples, header.layout);
        }
        let bytes = bytemuck::cast_slice_mut(&mut samples);
        reader.next_frame(bytes).map(drop)
    } else {
        rows(&mut reader, &mut samples, header)
    };
    match read {
        Err(cut) if truncated == Truncated::Render && is_end(&cut) => {}
        other => other.map_err(error)?,
    }
    // What is missing is the same in either order of bytes.
    for sample in &mut samples {
        *sample = sample.big_endian();
    }
    picture(header.size, header.layout, samples)
}

/// Read up to the pixels, which will come with 8 bits a sample.
pub(super) fn reader(source: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Error> {
    open(source, Transformations::normalize_to_color8())
}

fn open(source: &[u8], expanded: Transformations) -> Result<Reader<Cursor<&[u8]>>, Error> {
    let limits = Limits {
        bytes: ROWS_BYTES_MAX,
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(source), limits);
    decoder.set_transformations(expanded);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.read_info().map_err(error)
}

/// Read row by row; where one fails, it and all below it become grey.
fn rows<S: Sample>(
    reader: &mut Reader<Cursor<&[u8]>>,
    samples: &mut [S],
    header: &Header<'_>,
) -> Result<(), DecodingError> {
    let stride = header.size.width as usize * header.layout.channels();
    let mut done = 0;
    for row in samples.chunks_exact_mut(stride) {
        if let Err(error) = reader.read_row(bytemuck::cast_slice_mut(row)) {
            fill_missing(&mut samples[done..], header.layout);
            return Err(error);
        }
        done += stride;
    }
    Ok(())
}

/// Whether the source ends too early, rather than being wrong.
fn is_end(error: &DecodingError) -> bool {
    matches!(error, DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
pub(super) fn error(error: DecodingError) -> Error {
    Error::Malformed(format!("PNG: {error}"))
}
