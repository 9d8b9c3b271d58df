//! The seam to the resizing crate: a picture to another size, alpha weighed in. Nothing else names it.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4, U16, U16x3};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use super::{room, wrap};
use crate::geometry::Size;
use crate::picture::{Layout, Picture, Sample, premultiply, unmultiply};

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
    type Rgb: PixelTrait;

    /// Resample a picture with alpha, which is already multiplied in.
    fn shaded(picture: Picture<Self>, way: Way<'_>) -> Option<Picture<Self>>;

    /// Multiply alpha into a picture that has some.
    fn multiply(picture: &mut Picture<Self>) -> Option<()>;

    /// Divide alpha out of a picture that has some.
    fn divide(picture: &mut Picture<Self>) -> Option<()>;
}

/// The size that is wanted, and how.
pub(super) type Way<'a> = (Size, &'a ResizeOptions);

impl Pixels for u8 {
    type Grey = U8;
    type Rgb = U8x3;

    fn shaded(picture: Picture<u8>, way: Way<'_>) -> Option<Picture<u8>> {
        match picture.layout() {
            Layout::Rgba => typed::<u8, U8x4>(&picture, way),
            _ => typed::<u8, U8x2>(&picture, way),
        }
    }

    fn multiply(picture: &mut Picture<u8>) -> Option<()> {
        let multiplier = MulDiv::new();
        match picture.layout() {
            Layout::Rgba => multiplier.multiply_alpha_inplace_typed(&mut view::<U8x4>(picture)?),
            _ => multiplier.multiply_alpha_inplace_typed(&mut view::<U8x2>(picture)?),
        }
        .ok()
    }

    fn divide(picture: &mut Picture<u8>) -> Option<()> {
        let divider = MulDiv::new();
        match picture.layout() {
            Layout::Rgba => divider.divide_alpha_inplace_typed(&mut view::<U8x4>(picture)?),
            _ => divider.divide_alpha_inplace_typed(&mut view::<U8x2>(picture)?),
        }
        .ok()
    }
}

/// The crate's pixels of 16 bits with alpha bring a table of 512 KB, a fifteenth of the component: without them
/// colours and alpha go apart.
impl Pixels for u16 {
    type Grey = U16;
    type Rgb = U16x3;

    fn shaded(picture: Picture<u16>, (to, options): Way<'_>) -> Option<Picture<u16>> {
        let (from, layout) = (super::size(&picture), picture.layout());
        let channels = layout.channels();
        let mut samples = picture.into_samples();
        let alpha = samples.iter().skip(channels - 1).step_by(channels);
        let alpha = wrap(from, Layout::Grey, alpha.copied().collect())?;
        let alpha = typed::<u16, U16>(&alpha, (to, options))?;
        // In their own place, so that the picture never stands twice.
        for pixel in 0..samples.len() / channels {
            let colours = pixel * channels..(pixel + 1) * channels - 1;
            samples.copy_within(colours, pixel * (channels - 1));
        }
        samples.truncate(samples.len() / channels * (channels - 1));
        let colours = if layout == Layout::Rgba {
            let colours = wrap(from, Layout::Rgb, samples)?;
            typed::<u16, U16x3>(&colours, (to, options))?
        } else {
            let colours = wrap(from, Layout::Grey, samples)?;
            typed::<u16, U16>(&colours, (to, options))?
        };
        let mut together = room::<u16>(to, layout)?;
        let pixels = together.chunks_exact_mut(channels);
        let colours = colours.samples().chunks_exact(channels - 1);
        for ((pixel, colours), alpha) in pixels.zip(colours).zip(alpha.samples()) {
            pixel[..channels - 1].copy_from_slice(colours);
            pixel[channels - 1] = *alpha;
        }
        wrap(to, layout, together)
    }

    fn multiply(picture: &mut Picture<u16>) -> Option<()> {
        let channels = picture.layout().channels();
        let pixels = picture.samples_mut().chunks_exact_mut(channels);
        pixels.for_each(premultiply);
        Some(())
    }

    fn divide(picture: &mut Picture<u16>) -> Option<()> {
        let channels = picture.layout().channels();
        let pixels = picture.samples_mut().chunks_exact_mut(channels);
        pixels.for_each(unmultiply);
        Some(())
    }
}

/// Resample `window` of `picture`, whose alpha is already multiplied in, to `size`.
pub(super) fn resample<S: Pixels>(
    picture: Picture<S>,
    window: Window,
    size: Size,
    filter: FilterType,
) -> Option<Picture<S>> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(window.left, window.top, window.width, window.height)
        .use_alpha(false);
    match picture.layout() {
        Layout::Grey => typed::<S, S::Grey>(&picture, (size, &options)),
        Layout::Rgb => typed::<S, S::Rgb>(&picture, (size, &options)),
        Layout::GreyAlpha | Layout::Rgba => S::shaded(picture, (size, &options)),
    }
}

/// The layouts by their types: choosing among them here keeps those of the crate that no picture has out of the
/// program.
fn typed<S: Pixels, P: PixelTrait>(
    picture: &Picture<S>,
    (size, options): Way<'_>,
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
    if picture.layout().has_alpha() {
        S::multiply(picture)?;
    }
    Some(())
}

/// Divide alpha out again.
pub(super) fn divide_alpha<S: Pixels>(picture: &mut Picture<S>) -> Option<()> {
    if picture.layout().has_alpha() {
        S::divide(picture)?;
    }
    Some(())
}

fn view<P: PixelTrait>(picture: &mut Picture) -> Option<TypedImage<'_, P>> {
    let (width, height) = (picture.width(), picture.height());
    TypedImage::from_buffer(width, height, picture.samples_mut()).ok()
}
