//! A watermark as it was asked for in, with all its numbers out. What a text will cover is known here,
//! so one that is too large is refused before any of it is drawn.

use super::{bad, within};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::{Limits, WatermarkImage, WatermarkText};
use crate::originals::Originals;
use crate::steps::{Laying, Writing};
use crate::text::{TEXT_BYTES_MAX, inscribe};

/// Largest font in points, as the interface says.
const POINTS_MAX: f32 = 1000.0;
/// Most dots per inch, as the interface says.
const DPI_MAX: u32 = 1200;
const POINTS_PER_INCH: f32 = 72.0;
/// A line that was given no width takes this part of the picture's.
const WIDTH_PART: u32 = 6;

/// A text on a picture of size `on`.
pub(super) fn writing(text: &WatermarkText, on: Size, limits: &Limits) -> Result<Writing, Error> {
    if text.text.len() > TEXT_BYTES_MAX {
        return Err(bad("text: at most 4096 bytes are written"));
    }
    if !(1.0..=POINTS_MAX).contains(&text.font_points) {
        return Err(bad("text: the font has 1 to 1000 points"));
    }
    if !(1..=DPI_MAX).contains(&text.dpi) {
        return Err(bad("text: there are 1 to 1200 dots per inch"));
    }
    check_opacity(text.opacity)?;
    let width = text.width.unwrap_or((on.width / WIDTH_PART).max(1));
    let em_pixels = text.font_points * text.dpi as f32 / POINTS_PER_INCH;
    let inscription =
        inscribe(&text.text, em_pixels, width).ok_or_else(|| bad("text: no text to render"))?;
    within(inscription.ink, limits)?;
    Ok(Writing {
        inscription,
        margin: text.margin.unwrap_or(width),
        tiling: text.tiling,
        colour: text.colour,
        opacity: text.opacity,
    })
}

/// An overlay that can be laid on.
pub(super) fn laying(image: WatermarkImage, originals: &Originals<'_>) -> Result<Laying, Error> {
    check_opacity(image.opacity)?;
    let overlay = image.overlay as usize;
    originals.check_overlay(overlay)?;
    Ok(Laying {
        overlay,
        left: image.left,
        top: image.top,
        opacity: image.opacity,
    })
}

fn check_opacity(opacity: f32) -> Result<(), Error> {
    if (0.0..=1.0).contains(&opacity) {
        Ok(())
    } else {
        Err(bad("watermark: the opacity is 0 to 1"))
    }
}
