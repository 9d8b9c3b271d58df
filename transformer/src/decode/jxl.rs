//! JPEG XL: the first frame, upright, in the colours that its header was read with.

use jxl::api::{Event, JxlOutputBuffer};

use super::{buffer_bytes, fill_missing, picture};
use crate::error::Error;
use crate::header::Header;
use crate::header::jxl::{Opened, error};
use crate::options::Truncated;
use crate::picture::Picture;

/// Decode. Of one that is cut off, what is there is shown.
pub(super) fn decode(
    source: &[u8],
    header: &Header<'_>,
    truncated: Truncated,
) -> Result<Picture, Error> {
    let Opened {
        mut decoder,
        mut rest,
        ..
    } = Opened::read(source)?;
    let mut samples = vec![0; buffer_bytes(header.size, header.layout)?];
    if truncated == Truncated::Render {
        fill_missing(&mut samples, header.layout);
    }
    let stride = header.size.width as usize * header.layout.channels();
    let rows = header.size.height as usize;
    let mut canvas = [JxlOutputBuffer::new(&mut samples, rows, stride)];
    loop {
        let event = decoder.process(&mut rest, Some(&mut canvas), None);
        match event.map_err(error)? {
            Event::BasicInfo | Event::FrameHeader => {}
            Event::FrameComplete { .. } => break,
            Event::NeedMoreInput { .. } if truncated == Truncated::Render => {
                if decoder.flush_pixels(&mut canvas, None).map_err(error)? {
                    break;
                }
                return Err(error("it ends before its first pixel"));
            }
            Event::NeedMoreInput { .. } => return Err(error("it is cut off")),
            Event::Complete => return Err(error("no frame")),
        }
    }
    picture(header.size, header.layout, samples)
}
