//! What is laid over a picture: a text, or another picture. Plain data.

use super::Rgb;

/// A text laid over the picture, in the one font that the transformer brings along.
#[derive(Debug, Clone, PartialEq)]
pub struct WatermarkText {
    /// Not empty.
    pub text: String,
    /// Size of the font in points.
    pub font_points: f32,
    /// Dots per inch that points are turned into pixels with.
    pub dpi: u32,
    /// Pixels that a line may take; unset: a sixth of the picture's width.
    pub width: Option<u32>,
    /// Pixels between two copies; unset: the width.
    pub margin: Option<u32>,
    /// 0 (not to be seen) to 1.
    pub opacity: f32,
    /// Colour of the letters.
    pub colour: Rgb,
    /// Once, or all over the picture.
    pub tiling: Tiling,
}

/// How often a watermark stands on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tiling {
    /// Once, 100 pixels from the left and from the top.
    Once,
    /// Repeated over all of the picture.
    Repeated,
}

/// A picture laid over the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatermarkImage {
    /// Which of the request's overlays.
    pub overlay: usize,
    /// Columns left of it.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// 0 (not to be seen) to 1.
    pub opacity: f32,
}
