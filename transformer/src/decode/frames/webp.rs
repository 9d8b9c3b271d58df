//! A WebP's frames; the decoder lays them on their canvas itself.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::Frame;
use crate::decode::webp::{CHUNK_BYTES_MAX, error};
use crate::decode::{buffer_bytes, picture};
use crate::error::Error;
use crate::geometry::Size;
use crate::header::Header;
use crate::picture::Layout;

pub(super) struct Reader<'a> {
    decoder: WebPDecoder<Cursor<&'a [u8]>>,
    size: Size,
    layout: Layout,
}

impl<'a> Reader<'a> {
    pub(super) fn open(source: &'a [u8], header: &Header<'_>) -> Result<Self, Error> {
        let mut decoder = WebPDecoder::new(Cursor::new(source)).map_err(error)?;
        decoder.set_memory_limit(CHUNK_BYTES_MAX);
        let (size, layout) = (header.size, header.layout);
        let bytes = buffer_bytes(size, layout)?;
        if !decoder.is_animated()
            || decoder.dimensions() != (size.width, size.height)
            || decoder.output_buffer_size() != Some(bytes)
        {
            return Err(Error::Malformed(
                "WebP: chunks contradict the header".to_owned(),
            ));
        }
        // Without a colour what is to be disposed of stays. Viewers let what is under the picture through.
        decoder.set_background_color([0; 4]).map_err(error)?;
        Ok(Self {
            decoder,
            size,
            layout,
        })
    }

    pub(super) fn next(&mut self) -> Result<Frame, Error> {
        let mut samples = vec![0; buffer_bytes(self.size, self.layout)?];
        let delay = self.decoder.read_frame(&mut samples).map_err(error)?;
        Ok(Frame {
            picture: picture(self.size, self.layout, samples)?,
            delay,
        })
    }
}
