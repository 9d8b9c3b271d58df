//! What the component reads in a picture's header, and what it looks like from afar, as the JSON that `/info` answers with, in imaginary's
//! shape. Every host compiles this file, with its own bindings of the interface beside it.

use serde_json::json;

use super::{convert, wit};

/// The body. What cannot be decoded has no impression.
pub fn json(info: &wit::PictureInfo, impression: Option<&wit::Impression>) -> String {
    let dominant = impression.map(|seen| {
        let wit::Rgb { red, green, blue } = seen.dominant;
        format!("#{red:02x}{green:02x}{blue:02x}")
    });
    json!({
        "width": info.width,
        "height": info.height,
        "type": convert::format_named(info.format).name(),
        "space": space(info.space),
        "hasAlpha": info.has_alpha,
        "hasProfile": info.has_profile,
        "channels": info.channels,
        "orientation": info.orientation,
        "dominantColor": dominant,
        "blurhash": impression.map(|seen| &seen.blurhash),
        "thumbhash": impression.map(|seen| &seen.thumbhash),
    })
    .to_string()
}

/// libvips' names, which imaginary passes on.
const fn space(space: wit::ColourSpace) -> &'static str {
    match space {
        wit::ColourSpace::Srgb => "srgb",
        wit::ColourSpace::Grey => "b-w",
        wit::ColourSpace::Cmyk => "cmyk",
        wit::ColourSpace::Rgb16 => "rgb16",
        wit::ColourSpace::Grey16 => "grey16",
    }
}
