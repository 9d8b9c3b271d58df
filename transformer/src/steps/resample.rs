//! The seam to the resizing crate: a picture to another size, alpha weighed in. Nothing else names it.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

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
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(window.left, window.top, window.width, window.height)
        .use_alpha(false);
    match picture.layout() {
        Layout::Grey => typed::<U8>(picture, size, &options),
        Layout::GreyAlpha => typed::<U8x2>(picture, size, &options),
        Layout::Rgb => typed::<U8x3>(picture, size, &options),
        Layout::Rgba => typed::<U8x4>(picture, size, &options),
    }
}

/// The four layouts by their types: choosing among them here keeps the crate's other nine, of 16 bits and of
/// floating point, out of the program.
fn typed<P: PixelTrait>(picture: &Picture, size: Size, options: &ResizeOptions) -> Option<Picture> {
    let (width, height) = (picture.width(), picture.height());
    let source = TypedImageRef::<P>::from_buffer(width, height, picture.samples()).ok()?;
    let mut samples = room(size, picture.layout())?;
    let mut target = TypedImage::<P>::from_buffer(size.width, size.height, &mut samples).ok()?;
    Resizer::new()
        .resize_typed(&source, &mut target, options)
        .ok()?;
    wrap(size, picture.layout(), samples)
}

/// Multiply alpha in, so that transparent pixels lend no colour to their neighbours.
pub(super) fn multiply_alpha(picture: &mut Picture) -> Option<()> {
    let multiplier = MulDiv::new();
    match picture.layout() {
        Layout::Grey | Layout::Rgb => Some(()),
        Layout::GreyAlpha => multiplier
            .multiply_alpha_inplace_typed(&mut view::<U8x2>(picture)?)
            .ok(),
        Layout::Rgba => multiplier
            .multiply_alpha_inplace_typed(&mut view::<U8x4>(picture)?)
            .ok(),
    }
}

/// Divide alpha out again.
pub(super) fn divide_alpha(picture: &mut Picture) -> Option<()> {
    let divider = MulDiv::new();
    match picture.layout() {
        Layout::Grey | Layout::Rgb => Some(()),
        Layout::GreyAlpha => divider
            .divide_alpha_inplace_typed(&mut view::<U8x2>(picture)?)
            .ok(),
        Layout::Rgba => divider
            .divide_alpha_inplace_typed(&mut view::<U8x4>(picture)?)
            .ok(),
    }
}

fn view<P: PixelTrait>(picture: &mut Picture) -> Option<TypedImage<'_, P>> {
    TypedImage::from_buffer(picture.width(), picture.height(), picture.samples_mut()).ok()
}
