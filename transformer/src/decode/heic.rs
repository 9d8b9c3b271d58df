//! HEIC: the primary picture, its transforms done, in the colours it was coded in.

use heifer::Options;

use super::picture;
use crate::error::Error;
use crate::header::Header;
use crate::picture::Picture;

/// Decode, by one thread.
pub(super) fn decode(source: &[u8], header: &Header<'_>) -> Result<Picture, Error> {
    let options = Options {
        max_threads: 1,
        max_pixels: header.all_pixels(),
    };
    let image = heifer::decode_rgba8(source, &options).map_err(|error| match error {
        heifer::Error::Unsupported(what) => Error::Unsupported(format!("HEIC with {what}")),
        error => Error::Malformed(format!("HEIC: {error}")),
    })?;
    if (image.width, image.height) != (header.size.width, header.size.height) {
        return Err(Error::Malformed(
            "HEIC: not as large as its header says".to_owned(),
        ));
    }
    let mut samples = image.data;
    let wanted = header.layout.channels();
    if wanted == 3 {
        for pixel in 0..samples.len() / 4 {
            samples.copy_within(4 * pixel..4 * pixel + 3, 3 * pixel);
        }
        samples.truncate(samples.len() / 4 * 3);
    }
    picture(header.size, header.layout, samples)
}
