//! The seam to the resizing crate: a picture to another size, alpha weighed in. Nothing else names it.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4, U16, U16x2, U16x3, U16x4};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use super::{room, wrap};
use crate::geometry::Size;
use crate::picture::{Layout, Picture, Sample};

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

/// Samples that the crate has pixels of.
pub(super) trait Pixels: Sample {
    type Grey: PixelTrait;
    type GreyAlpha: PixelTrait;
    type Rgb: PixelTrait;
    type Rgba: PixelTrait;
}

impl Pixels for u8 {
    type Grey = U8;
    type GreyAlpha = U8x2;
    type Rgb = U8x3;
    type Rgba = U8x4;
}

impl Pixels for u16 {
    type Grey = U16;
    type GreyAlpha = U16x2;
    type Rgb = U16x3;
    type Rgba = U16x4;
}

/// Resample `window` of `picture`, whose alpha is already multiplied in, to `size`.
pub(super) fn resample<S: Pixels>(
    picture: &Picture<S>,
    window: Window,
    size: Size,
    filter: FilterType,
) -> Option<Picture<S>> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(window.left, window.top, window.width, window.height)
        .use_alpha(false);
    match picture.layout() {
        Layout::Grey => typed::<S, S::Grey>(picture, size, &options),
        Layout::GreyAlpha => typed::<S, S::GreyAlpha>(picture, size, &options),
        Layout::Rgb => typed::<S, S::Rgb>(picture, size, &options),
        Layout::Rgba => typed::<S, S::Rgba>(picture, size, &options),
    }
}

/// The layouts by their types: choosing among them here keeps those of the crate that no picture has out of the
/// program.
fn typed<S: Pixels, P: PixelTrait>(
    picture: &Picture<S>,
    size: Size,
    options: &ResizeOptions,
) -> Option<Picture<S>> {
    let (width, height) = (picture.width(), picture.height());
    let bytes = bytemuck::cast_slice(picture.samples());
    let source = TypedImageRef::<P>::from_buffer(width, height, bytes).ok()?;
    let mut samples = room::<S>(size, picture.layout())?;
    let bytes = bytemuck::cast_slice_mut(&mut samples);
    let mut target = TypedImage::<P>::from_buffer(size.width, size.height, bytes).ok()?;
    Resizer::new()
        .resize_typed(&source, &mut target, options)
        .ok()?;
    wrap(size, picture.layout(), samples)
}

/// Multiply alpha in, so that transparent pixels lend no colour to their neighbours.
pub(super) fn multiply_alpha<S: Pixels>(picture: &mut Picture<S>) -> Option<()> {
    let multiplier = MulDiv::new();
    match picture.layout() {
        Layout::Grey | Layout::Rgb => Some(()),
        Layout::GreyAlpha => multiplier
            .multiply_alpha_inplace_typed(&mut view::<S, S::GreyAlpha>(picture)?)
            .ok(),
        Layout::Rgba => multiplier
            .multiply_alpha_inplace_typed(&mut view::<S, S::Rgba>(picture)?)
            .ok(),
    }
}

/// Divide alpha out again.
pub(super) fn divide_alpha<S: Pixels>(picture: &mut Picture<S>) -> Option<()> {
    let divider = MulDiv::new();
    match picture.layout() {
        Layout::Grey | Layout::Rgb => Some(()),
        Layout::GreyAlpha => divider
            .divide_alpha_inplace_typed(&mut view::<S, S::GreyAlpha>(picture)?)
            .ok(),
        Layout::Rgba => divider
            .divide_alpha_inplace_typed(&mut view::<S, S::Rgba>(picture)?)
            .ok(),
    }
}

fn view<S: Pixels, P: PixelTrait>(picture: &mut Picture<S>) -> Option<TypedImage<'_, P>> {
    let (width, height) = (picture.width(), picture.height());
    let bytes = bytemuck::cast_slice_mut(picture.samples_mut());
    TypedImage::from_buffer(width, height, bytes).ok()
}
