//! What is laid over the picture. Fonts are not chosen: the transformer brings one along, and of `font`
//! only the size is read.

use super::BLACK;
use crate::dialect::Sources;
use crate::dialect::imaginary::source;
use crate::dialect::imaginary::table::Parameter;
use crate::dialect::imaginary::value::Colour;
use crate::dialect::imaginary::values::Values;
use crate::error::OperationError;
use crate::image_request::Source;
use crate::limits::TEXT_BYTES_MAX;
use crate::operation::{Operation, Tiling, WatermarkImage, WatermarkText};

/// imaginary's `sans 10`.
const FONT_POINTS: f32 = 10.0;
/// Larger letters than this cannot be told apart on any picture.
const FONT_POINTS_MAX: f32 = 1000.0;
/// imaginary's.
const DPI: u32 = 150;
/// Of a text; imaginary's.
const TEXT_OPACITY: f32 = 0.25;

pub(super) fn text(values: &Values) -> Result<Operation, OperationError> {
    let text = values.text(Parameter::Text).unwrap_or_default();
    if text.len() > TEXT_BYTES_MAX {
        return Err(OperationError::TextTooLong {
            bytes: text.len(),
            bytes_max: TEXT_BYTES_MAX,
        });
    }
    let colour = match values.colour(Parameter::Color) {
        Some(Colour::Rgb(colour)) => *colour,
        Some(Colour::Incomplete(_)) | None => BLACK,
    };
    let once = values.flag(Parameter::Noreplicate);
    Ok(Operation::WatermarkText(WatermarkText {
        text: text.to_owned(),
        font_points: font_points(values.text(Parameter::Font).unwrap_or_default()),
        dpi: values.in_range(Parameter::Dpi).unwrap_or(DPI),
        width: values.pixels(Parameter::Textwidth),
        margin: values.pixels(Parameter::Margin),
        opacity: opacity(values, TEXT_OPACITY),
        colour,
        tiling: if once { Tiling::Once } else { Tiling::Repeated },
    }))
}

/// An overlay that is laid on twice is fetched once.
pub(super) fn image(
    values: &Values,
    sources: Sources,
    overlays: &mut Vec<Source>,
) -> Result<Operation, OperationError> {
    let name = values.text(Parameter::Image).unwrap_or_default();
    let overlay = source::overlay(name, sources);
    let overlay = overlay.ok_or_else(|| OperationError::Overlay(name.to_owned()))?;
    let known = overlays.iter().position(|other| *other == overlay);
    let place = known.unwrap_or(overlays.len());
    if known.is_none() {
        overlays.push(overlay);
    }
    Ok(Operation::WatermarkImage(WatermarkImage {
        overlay: place,
        left: values.pixels(Parameter::Left).unwrap_or(0),
        top: values.pixels(Parameter::Top).unwrap_or(0),
        opacity: opacity(values, 1.0),
    }))
}

fn opacity(values: &Values, default: f32) -> f32 {
    let opacity = values.float(Parameter::Opacity);
    if opacity == 0.0 {
        default
    } else {
        opacity.clamp(0.0, 1.0)
    }
}

/// The size at the end of a font description (`sans bold 12`).
fn font_points(description: &str) -> f32 {
    let size = description
        .split_whitespace()
        .next_back()
        .and_then(|word| word.parse::<f32>().ok());
    size.filter(|points| (1.0..=FONT_POINTS_MAX).contains(points))
        .unwrap_or(FONT_POINTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_font() {
        for (description, expected) in [
            ("", 10.0),
            ("sans 10", 10.0),
            ("sans bold 12.5", 12.5),
            ("24", 24.0),
            ("sans", 10.0),
            ("sans 12px", 10.0),
            ("sans 0", 10.0),
            ("sans NaN", 10.0),
            ("sans 1000", 1000.0),
            ("sans 1001", 10.0),
        ] {
            assert!(
                (font_points(description) - expected).abs() < f32::EPSILON,
                "{description}"
            );
        }
    }
}
