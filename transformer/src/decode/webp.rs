//! WebP, lossy, lossless and with alpha; of an animation the first frame on its canvas.

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::{buffer_bytes, picture};
use crate::error::Error;
use crate::header::Header;
use crate::picture::Picture;

/// What the decoder may allocate at once for a chunk of metadata; none is asked for.
pub(super) const CHUNK_BYTES_MAX: usize = 1 << 20;

/// Decode the picture. One that is cut off is refused: predictors run through the whole of it.
pub(super) fn decode(source: &[u8], header: &Header<'_>) -> Result<Picture, Error> {
    let mut decoder = WebPDecoder::new(Cursor::new(source)).map_err(error)?;
    decoder.set_memory_limit(CHUNK_BYTES_MAX);
    let bytes = buffer_bytes(header.size, header.layout)?;
    let said = (header.size.width, header.size.height);
    if decoder.dimensions() != said || decoder.output_buffer_size() != Some(bytes) {
        return Err(Error::Malformed(
            "WebP: chunks contradict the header".to_owned(),
        ));
    }
    let mut samples = vec![0; bytes];
    decoder.read_image(&mut samples).map_err(error)?;
    picture(header.size, header.layout, samples)
}

pub(super) fn error(error: DecodingError) -> Error {
    match error {
        DecodingError::UnsupportedFeature(feature) => {
            Error::Unsupported(format!("WebP with {feature}"))
        }
        error => Error::Malformed(format!("WebP: {error}")),
    }
}
