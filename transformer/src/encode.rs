//! A picture in, encoded bytes out.

use crate::error::Error;
use crate::options::{Format, Output};
use crate::picture::{Layout, Picture};

/// Encode `picture`.
pub fn encode(picture: &Picture, format: Format, output: &Output) -> Result<Vec<u8>, Error> {
    match format {
        Format::Jpeg => jpeg(picture, output),
        Format::Png => png(picture),
        Format::Webp | Format::Avif | Format::Gif => Err(Error::Unwritable(format)),
    }
}

fn jpeg(picture: &Picture, output: &Output) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, output.quality.unwrap_or(75));
    let colour = match picture.layout() {
        Layout::Grey => jpeg_encoder::ColorType::Luma,
        _ => jpeg_encoder::ColorType::Rgb,
    };
    encoder
        .encode(
            picture.samples(),
            picture.width() as u16,
            picture.height() as u16,
            colour,
        )
        .map_err(|error| Error::Malformed(error.to_string()))?;
    Ok(bytes)
}

fn png(picture: &Picture) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(match picture.layout() {
        Layout::Grey => ::png::ColorType::Grayscale,
        Layout::GreyAlpha => ::png::ColorType::GrayscaleAlpha,
        Layout::Rgb => ::png::ColorType::Rgb,
        Layout::Rgba => ::png::ColorType::Rgba,
    });
    let error = |error: ::png::EncodingError| Error::Malformed(error.to_string());
    let mut writer = encoder.write_header().map_err(error)?;
    writer.write_image_data(picture.samples()).map_err(error)?;
    writer.finish().map_err(error)?;
    Ok(bytes)
}
