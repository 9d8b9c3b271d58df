//! The plan of a request in the words of the component's interface. The two have the same shapes on
//! purpose: a new case that stands in one and not in the other does not compile.

use request::operation as plan;

use super::wit;

/// All steps of a plan.
pub fn steps(steps: &[plan::Step]) -> Vec<wit::Step> {
    steps.iter().map(step).collect()
}

fn step(step: &plan::Step) -> wit::Step {
    let on_failure = match step.on_failure {
        plan::OnFailure::Fail => wit::OnFailure::Fail,
        plan::OnFailure::Skip => wit::OnFailure::Skip,
    };
    wit::Step {
        operations: step.operations.iter().map(operation).collect(),
        on_failure,
    }
}

fn operation(operation: &plan::Operation) -> wit::Operation {
    match operation {
        plan::Operation::Orient => wit::Operation::Orient,
        plan::Operation::Rotate(turn) => wit::Operation::Rotate(match turn {
            plan::Turn::Quarter => wit::Turn::Quarter,
            plan::Turn::Half => wit::Turn::Half,
            plan::Turn::ThreeQuarters => wit::Turn::ThreeQuarters,
        }),
        plan::Operation::Mirror(mirror) => wit::Operation::Mirror(match mirror {
            plan::Mirror::Horizontal => wit::Mirror::Horizontal,
            plan::Mirror::Vertical => wit::Mirror::Vertical,
        }),
        plan::Operation::Zoom(times) => wit::Operation::Zoom(*times),
        plan::Operation::Resize(resize) => wit::Operation::Resize(self::resize(resize)),
        plan::Operation::Extract(area) => wit::Operation::Extract(wit::Area {
            left: area.left,
            top: area.top,
            width: area.width,
            height: area.height,
        }),
        plan::Operation::Blur(sigma) => wit::Operation::Blur(*sigma),
        plan::Operation::Flatten(colour) => wit::Operation::Flatten(rgb(*colour)),
        plan::Operation::Greyscale => wit::Operation::Greyscale,
        plan::Operation::WatermarkText(text) => wit::Operation::WatermarkText(watermark_text(text)),
        plan::Operation::WatermarkImage(image) => {
            wit::Operation::WatermarkImage(wit::WatermarkImage {
                // Bounded by the items of a pipeline; a number too large names no overlay.
                overlay: u32::try_from(image.overlay).unwrap_or(u32::MAX),
                left: image.left,
                top: image.top,
                opacity: image.opacity,
            })
        }
    }
}

fn watermark_text(text: &plan::WatermarkText) -> wit::WatermarkText {
    wit::WatermarkText {
        text: text.text.clone(),
        font_points: text.font_points,
        dpi: text.dpi,
        width: text.width,
        margin: text.margin,
        opacity: text.opacity,
        colour: rgb(text.colour),
        tiling: match text.tiling {
            plan::Tiling::Once => wit::Tiling::Once,
            plan::Tiling::Repeated => wit::Tiling::Repeated,
        },
    }
}

fn resize(resize: &plan::Resize) -> wit::Resize {
    wit::Resize {
        width: resize.width,
        height: resize.height,
        fit: match resize.fit {
            plan::Fit::Inside => wit::Fit::Inside,
            plan::Fit::Pad => wit::Fit::Pad,
            plan::Fit::Cover => wit::Fit::Cover,
            plan::Fit::Stretch => wit::Fit::Stretch,
        },
        enlarge: match resize.enlarge {
            plan::Enlarge::Never => wit::Enlarge::Never,
            plan::Enlarge::Allow => wit::Enlarge::Allow,
        },
        gravity: match resize.gravity {
            plan::Gravity::Centre => wit::Gravity::Centre,
            plan::Gravity::North => wit::Gravity::North,
            plan::Gravity::South => wit::Gravity::South,
            plan::Gravity::East => wit::Gravity::East,
            plan::Gravity::West => wit::Gravity::West,
            plan::Gravity::Smart => wit::Gravity::Smart,
        },
        extend: match resize.extend {
            plan::Extend::Copy => wit::Extend::Copy,
            plan::Extend::Mirror => wit::Extend::Mirror,
            plan::Extend::Repeat => wit::Extend::Repeat,
            plan::Extend::Black => wit::Extend::Black,
            plan::Extend::White => wit::Extend::White,
            plan::Extend::Colour(colour) => wit::Extend::Colour(rgb(colour)),
        },
    }
}

const fn rgb(colour: plan::Rgb) -> wit::Rgb {
    wit::Rgb {
        red: colour.red,
        green: colour.green,
        blue: colour.blue,
    }
}

/// The output wanted.
pub fn output(output: &plan::Output) -> wit::Output {
    wit::Output {
        format: output.format.map(format),
        page: output.page,
        quality: output.quality,
        compression: output.compression,
        speed: output.speed,
        interlace: output.interlace,
        lossless: output.lossless,
        palette: output.palette,
        profile: match output.profile {
            plan::Profile::Convert => wit::Profile::Convert,
            plan::Profile::Ignore => wit::Profile::Ignore,
        },
        metadata: match output.metadata {
            plan::Metadata::None => wit::Metadata::None,
            plan::Metadata::Copyright => wit::Metadata::Copyright,
            plan::Metadata::Technical => wit::Metadata::Technical,
            plan::Metadata::TechnicalAndCopyright => wit::Metadata::TechnicalAndCopyright,
        },
        linear: output.linear,
    }
}

/// What a call may cost.
pub fn limits(limits: &plan::Limits) -> wit::Limits {
    wit::Limits {
        source_pixels_max: limits.source_pixels_max,
        output_pixels_max: limits.output_pixels_max,
        output_side_max: limits.output_side_max,
        memory_bytes_max: limits.memory_bytes_max,
        frames_max: limits.frames_max,
        animation_pixels_max: limits.animation_pixels_max,
        truncated: match limits.truncated {
            plan::Truncated::Render => wit::Truncated::Render,
            plan::Truncated::Refuse => wit::Truncated::Refuse,
        },
    }
}

const fn format(format: plan::Format) -> wit::Format {
    match format {
        plan::Format::Jpeg => wit::Format::Jpeg,
        plan::Format::Png => wit::Format::Png,
        plan::Format::Webp => wit::Format::Webp,
        plan::Format::Avif => wit::Format::Avif,
        plan::Format::Gif => wit::Format::Gif,
        plan::Format::Tiff => wit::Format::Tiff,
        plan::Format::Jxl => wit::Format::Jxl,
        plan::Format::Bmp => wit::Format::Bmp,
        plan::Format::Ico => wit::Format::Ico,
        plan::Format::Svg => wit::Format::Svg,
        plan::Format::Heif => wit::Format::Heif,
        plan::Format::Pdf => wit::Format::Pdf,
        plan::Format::Jp2 => wit::Format::Jp2,
        plan::Format::Blurhash => wit::Format::Blurhash,
        plan::Format::Thumbhash => wit::Format::Thumbhash,
    }
}

/// A format that the component named, in the plan's words.
pub const fn format_named(format: wit::Format) -> plan::Format {
    match format {
        wit::Format::Jpeg => plan::Format::Jpeg,
        wit::Format::Png => plan::Format::Png,
        wit::Format::Webp => plan::Format::Webp,
        wit::Format::Avif => plan::Format::Avif,
        wit::Format::Gif => plan::Format::Gif,
        wit::Format::Tiff => plan::Format::Tiff,
        wit::Format::Jxl => plan::Format::Jxl,
        wit::Format::Bmp => plan::Format::Bmp,
        wit::Format::Ico => plan::Format::Ico,
        wit::Format::Svg => plan::Format::Svg,
        wit::Format::Heif => plan::Format::Heif,
        wit::Format::Pdf => plan::Format::Pdf,
        wit::Format::Jp2 => plan::Format::Jp2,
        wit::Format::Blurhash => plan::Format::Blurhash,
        wit::Format::Thumbhash => plan::Format::Thumbhash,
    }
}
