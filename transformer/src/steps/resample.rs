//! The seam to the resizing crate: a picture to another size, alpha weighed in. Nothing else names it.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::{room, wrap};
use crate::geometry::Size;
use crate::picture::{Layout, Picture};

/// A part of a picture in fractions of its pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Lanczos with three lobes: what the peers use, and the sharpest that does not ring visibly.
pub(super) const LANCZOS3: FilterType = FilterType::Lanczos3;
/// A triangle: never rings, for enlarging what is smooth anyway.
pub(super) const TRIANGLE: FilterType = FilterType::Bilinear;
/// The mean of the pixels covered.
pub(super) const BOX: FilterType = FilterType::Box;

/// Resample `window` of `picture`, whose alpha is already multiplied in, to `size`.
pub(super) fn resample(
    picture: &Picture,
    window: Window,
    size: Size,
    filter: FilterType,
) -> Option<Picture> {
    let kind = pixel_type(picture.layout());
    let source = ImageRef::new(picture.width(), picture.height(), picture.samples(), kind).ok()?;
    let mut samples = room(size, picture.layout())?;
    let mut target = Image::from_slice_u8(size.width, size.height, &mut samples, kind).ok()?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(window.left, window.top, window.width, window.height)
        .use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    wrap(size, picture.layout(), samples)
}

/// Multiply alpha in, so that transparent pixels lend no colour to their neighbours.
pub(super) fn multiply_alpha(picture: &mut Picture) -> Option<()> {
    with_alpha(picture, |image| {
        MulDiv::new().multiply_alpha_inplace(image).ok()
    })
}

/// Divide alpha out again.
pub(super) fn divide_alpha(picture: &mut Picture) -> Option<()> {
    with_alpha(picture, |image| {
        MulDiv::new().divide_alpha_inplace(image).ok()
    })
}

/// Do `change` to a picture with alpha; one without needs none.
fn with_alpha(
    picture: &mut Picture,
    change: impl FnOnce(&mut Image<'_>) -> Option<()>,
) -> Option<()> {
    let (width, height, layout) = (picture.width(), picture.height(), picture.layout());
    if !layout.has_alpha() {
        return Some(());
    }
    let kind = pixel_type(layout);
    change(&mut Image::from_slice_u8(width, height, picture.samples_mut(), kind).ok()?)
}

const fn pixel_type(layout: Layout) -> PixelType {
    match layout {
        Layout::Grey => PixelType::U8,
        Layout::GreyAlpha => PixelType::U8x2,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    }
}
