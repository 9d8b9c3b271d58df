//! JPEG XL: the first frame, upright, in sRGB unless an ICC profile says otherwise.

use jxl_oxide::{AllocTracker, EnumColourEncoding, JxlImage, RenderingIntent};

use super::{buffer_bytes, picture};
use crate::error::Error;
use crate::header::{Coding, Header, Profile};
use crate::picture::Picture;

/// Decode.
pub(super) fn decode(source: &[u8], header: &Header<'_>) -> Result<Picture, Error> {
    let Coding::Working { bytes } = header.coding else {
        return Err(error("no header"));
    };
    // What was planned with is what may be used.
    let tracker = AllocTracker::with_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
    let mut image = JxlImage::builder()
        .alloc_tracker(tracker)
        .read(source)
        .map_err(error)?;
    if header.profile == Profile::None {
        image.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
    }
    let frame = image.render_frame(0).map_err(error)?;
    let mut stream = frame.stream();
    let (channels, wanted) = (stream.channels() as usize, header.layout.channels());
    if (stream.width(), stream.height()) != (header.size.width, header.size.height) {
        return Err(error("the frame is not as large as its header says"));
    }
    if channels < wanted {
        return Err(error("fewer channels than the header says"));
    }
    let bytes = buffer_bytes(header.size, header.layout)?;
    let mut samples = vec![0u8; bytes / wanted * channels];
    stream.write_to_buffer(&mut samples);
    if channels > wanted {
        // Black ink or a second alpha: what is first is what is shown.
        for pixel in 0..bytes / wanted {
            for channel in 0..wanted {
                samples[pixel * wanted + channel] = samples[pixel * channels + channel];
            }
        }
        samples.truncate(bytes);
    }
    picture(header.size, header.layout, samples)
}

fn error(error: impl std::fmt::Display) -> Error {
    Error::Malformed(format!("JPEG XL: {error}"))
}
