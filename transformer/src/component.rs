//! The library as a component: generated glue, and the conversion of every type between the interface's
//! shape and the library's. Nothing is decided here, and nothing is checked that the library checks.
#![expect(
    unsafe_code,
    reason = "wit-bindgen's glue passes pointers to and from the host"
)]

use crate::{error, options, rendition};

wit_bindgen::generate!({
    path: "../wit",
    world: "transformer",
});

use exports::darkroom::image::transform as wit;

struct Transformer;

export!(Transformer);

impl wit::Guest for Transformer {
    fn transform(
        source: Vec<u8>,
        overlays: Vec<Vec<u8>>,
        steps: Vec<wit::Step>,
        output: wit::Output,
        limits: wit::Limits,
    ) -> Result<wit::Rendition, wit::Error> {
        let steps: Vec<options::Step> = steps.into_iter().map(Into::into).collect();
        let sources = crate::Sources {
            picture: &source,
            overlays: &overlays,
        };
        crate::transform(sources, &steps, &output.into(), &limits.into())
            .map(Into::into)
            .map_err(Into::into)
    }

    fn inspect(source: Vec<u8>) -> Result<wit::PictureInfo, wit::Error> {
        crate::inspect(&source).map(Into::into).map_err(Into::into)
    }

    fn look_at(source: Vec<u8>, limits: wit::Limits) -> Result<wit::Impression, wit::Error> {
        crate::look_at(&source, &limits.into())
            .map(Into::into)
            .map_err(Into::into)
    }
}

/// Enums with the same cases, in one direction.
macro_rules! same_cases {
    ($($from:ty => $to:ty { $($case:ident),+ })+) => {$(
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value { $(<$from>::$case => Self::$case),+ }
            }
        }
    )+};
}

same_cases! {
    wit::Turn => options::Turn { Quarter, Half, ThreeQuarters }
    wit::Mirror => options::Mirror { Horizontal, Vertical }
    wit::Fit => options::Fit { Inside, Pad, Cover, Stretch }
    wit::Enlarge => options::Enlarge { Never, Allow }
    wit::Gravity => options::Gravity { Centre, North, South, East, West, Smart }
    wit::Tiling => options::Tiling { Once, Repeated }
    wit::OnFailure => options::OnFailure { Fail, Skip }
    wit::Profile => options::Profile { Convert, Ignore }
    wit::Metadata => options::Metadata { None, Copyright, Technical, TechnicalAndCopyright }
    wit::Truncated => options::Truncated { Render, Refuse }
    wit::Format => options::Format {
        Jpeg, Png, Webp, Avif, Gif, Tiff, Jxl, Bmp, Ico, Svg, Heif, Pdf, Jp2, Blurhash, Thumbhash
    }
    options::Format => wit::Format {
        Jpeg, Png, Webp, Avif, Gif, Tiff, Jxl, Bmp, Ico, Svg, Heif, Pdf, Jp2, Blurhash, Thumbhash
    }
    error::Limit => wit::Limit {
        SourcePixels, OutputPixels, OutputSide, MemoryBytes, Frames, AnimationPixels
    }
    rendition::ColourSpace => wit::ColourSpace { Srgb, Grey, Cmyk, Rgb16, Grey16 }
}

/// Records with the same fields, in one direction.
macro_rules! same_fields {
    ($($from:ty => $to:ty { $($field:ident),+ })+) => {$(
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                Self { $($field: value.$field.into()),+ }
            }
        }
    )+};
}

same_fields! {
    wit::Rgb => options::Rgb { red, green, blue }
    wit::Resize => options::Resize { width, height, fit, enlarge, gravity, extend }
    wit::Area => options::Area { left, top, width, height }
    wit::WatermarkText => options::WatermarkText {
        text, font_points, dpi, width, margin, opacity, colour, tiling
    }
    wit::WatermarkImage => options::WatermarkImage { overlay, left, top, opacity }
    wit::Limits => options::Limits {
        source_pixels_max, output_pixels_max, output_side_max, memory_bytes_max, frames_max,
        animation_pixels_max, truncated
    }
    rendition::Rendition => wit::Rendition { bytes, format, width, height }
    rendition::PictureInfo => wit::PictureInfo {
        format, width, height, orientation, space, channels, has_alpha, has_profile
    }
    options::Rgb => wit::Rgb { red, green, blue }
    rendition::Impression => wit::Impression { dominant, blurhash, thumbhash }
}

impl From<wit::Extend> for options::Extend {
    fn from(value: wit::Extend) -> Self {
        match value {
            wit::Extend::Copy => Self::Copy,
            wit::Extend::Mirror => Self::Mirror,
            wit::Extend::Repeat => Self::Repeat,
            wit::Extend::Black => Self::Black,
            wit::Extend::White => Self::White,
            wit::Extend::Colour(colour) => Self::Colour(colour.into()),
        }
    }
}

impl From<wit::Operation> for options::Operation {
    fn from(value: wit::Operation) -> Self {
        match value {
            wit::Operation::Orient => Self::Orient,
            wit::Operation::Rotate(turn) => Self::Rotate(turn.into()),
            wit::Operation::Mirror(mirror) => Self::Mirror(mirror.into()),
            wit::Operation::Zoom(factor) => Self::Zoom(factor),
            wit::Operation::Resize(resize) => Self::Resize(resize.into()),
            wit::Operation::Extract(area) => Self::Extract(area.into()),
            wit::Operation::Blur(sigma) => Self::Blur(sigma),
            wit::Operation::Flatten(colour) => Self::Flatten(colour.into()),
            wit::Operation::Greyscale => Self::Greyscale,
            wit::Operation::WatermarkText(watermark) => Self::WatermarkText(watermark.into()),
            wit::Operation::WatermarkImage(watermark) => Self::WatermarkImage(watermark.into()),
        }
    }
}

impl From<wit::Step> for options::Step {
    fn from(value: wit::Step) -> Self {
        Self {
            operations: value.operations.into_iter().map(Into::into).collect(),
            on_failure: value.on_failure.into(),
        }
    }
}

impl From<wit::Output> for options::Output {
    fn from(value: wit::Output) -> Self {
        Self {
            format: value.format.map(Into::into),
            page: value.page,
            quality: value.quality,
            compression: value.compression,
            speed: value.speed,
            interlace: value.interlace,
            lossless: value.lossless,
            palette: value.palette,
            profile: value.profile.into(),
            metadata: value.metadata.into(),
            linear: value.linear,
        }
    }
}

impl From<error::Error> for wit::Error {
    fn from(value: error::Error) -> Self {
        match value {
            error::Error::NotAnImage => Self::NotAnImage,
            error::Error::Unsupported(name) => Self::Unsupported(name),
            error::Error::Malformed(rule) => Self::Malformed(rule),
            error::Error::TooLarge {
                limit,
                asked,
                allowed,
            } => Self::TooLarge(wit::Excess {
                limit: limit.into(),
                asked,
                allowed,
            }),
            error::Error::BadOperation(reason) => Self::BadOperation(reason),
            error::Error::Unwritable(format) => Self::Unwritable(format.into()),
        }
    }
}
