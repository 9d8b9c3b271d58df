//! Scale a picture in linear light, 16 bits a sample: the mean of black and white is then as bright as both
//! together are, and fine bright detail keeps its brightness. Samples are taken to be sRGB's.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U16, U16x2, U16x3, U16x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use super::scale::window;
use super::{room, size, wrap};
use crate::colour::srgb::{self, LIGHT_STEPS, Level};
use crate::geometry::Size;
use crate::picture::{Layout, Picture};
use crate::plan::Scale;

/// Scale `picture` as if to `scale.whole`, and keep `scale.keep`.
pub(super) fn scale(picture: &Picture, scale: Scale) -> Option<Picture> {
    let tables = Tables::new();
    let way = (picture, scale, &tables);
    match picture.layout() {
        Layout::Grey => scaled(
            way,
            |t, p: &[u8]| U16::new(t.linear(p[0])),
            |t, p, out| {
                out[0] = t.level(p.0);
            },
        ),
        Layout::GreyAlpha => scaled(
            way,
            |t, p| U16x2::new([t.shaded(p[0], p[1]), u16::from(p[1]) * 257]),
            |t, p, out| t.unshaded(&p.0, out),
        ),
        Layout::Rgb => scaled(
            way,
            |t, p| U16x3::new([t.linear(p[0]), t.linear(p[1]), t.linear(p[2])]),
            |t, p, out| {
                for (out, &light) in out.iter_mut().zip(&p.0) {
                    *out = t.level(light);
                }
            },
        ),
        Layout::Rgba => scaled(
            way,
            |t, p| {
                let shaded = |at: usize| t.shaded(p[at], p[3]);
                U16x4::new([shaded(0), shaded(1), shaded(2), u16::from(p[3]) * 257])
            },
            |t, p, out| t.unshaded(&p.0, out),
        ),
    }
}

fn scaled<P: PixelTrait>(
    (picture, scale, tables): (&Picture, Scale, &Tables),
    to: impl Fn(&Tables, &[u8]) -> P,
    from: impl Fn(&Tables, &P, &mut [u8]),
) -> Option<Picture> {
    let channels = picture.layout().channels();
    let pixels = picture.samples().chunks_exact(channels);
    let pixels: Vec<P> = pixels.map(|pixel| to(tables, pixel)).collect();
    let Size { width, height } = size(picture);
    let source = TypedImageRef::new(width, height, &pixels).ok()?;
    let keep = scale.keep.size;
    let mut target = TypedImage::<P>::new(keep.width, keep.height);
    let window = window(size(picture), scale);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(window.left, window.top, window.width, window.height)
        .use_alpha(false);
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .ok()?;
    let mut samples = room(keep, picture.layout())?;
    for (out, pixel) in samples.chunks_exact_mut(channels).zip(target.pixels()) {
        from(tables, pixel, out);
    }
    wrap(keep, picture.layout(), samples)
}

/// Scale a picture of 16 bits a sample, which hold light as well as levels. Near black a step of light is 13
/// levels, a twentieth of one of 256.
pub(super) fn scale_deep(mut picture: Picture<u16>, scale: Scale) -> Option<Picture<u16>> {
    bend(&mut picture, srgb::linear);
    let mut scaled = super::scale::scale(picture, scale)?;
    bend(&mut scaled, srgb::encoded);
    Some(scaled)
}

/// Put every sample but alpha through `curve`.
fn bend(picture: &mut Picture<u16>, curve: fn(f64) -> f64) {
    let bent = |sample| (curve(f64::from(sample) / 65_535.0) * 65_535.0).round() as u16;
    let table: Vec<u16> = (0..=u16::MAX).map(bent).collect();
    let channels = picture.layout().channels();
    let colours = channels - usize::from(picture.layout().has_alpha());
    for pixel in picture.samples_mut().chunks_exact_mut(channels) {
        for sample in &mut pixel[..colours] {
            *sample = table[usize::from(*sample)];
        }
    }
}

/// From levels to light and back.
struct Tables {
    linear: Vec<u16>,
    levels: Vec<u8>,
}

impl Tables {
    fn new() -> Self {
        let linear = |level| (srgb::linear(f64::from(level) / 255.0) * 65_535.0).round() as u16;
        Self {
            linear: (0..=u8::MAX).map(linear).collect(),
            levels: u8::levels(),
        }
    }

    fn linear(&self, level: u8) -> u16 {
        self.linear[usize::from(level)]
    }

    /// With alpha multiplied in.
    fn shaded(&self, level: u8, alpha: u8) -> u16 {
        ((u32::from(self.linear(level)) * u32::from(alpha) + 127) / 255) as u16
    }

    fn level(&self, light: u16) -> u8 {
        let step = (usize::from(light) * (LIGHT_STEPS - 1) + 32_767) / 65_535;
        self.levels[step]
    }

    /// Colours with alpha divided out, and alpha.
    fn unshaded(&self, pixel: &[u16], out: &mut [u8]) {
        let (Some((&alpha, lights)), Some((last, colours))) =
            (pixel.split_last(), out.split_last_mut())
        else {
            return;
        };
        *last = ((u32::from(alpha) + 128) / 257) as u8;
        for (colour, &light) in colours.iter_mut().zip(lights) {
            let whole = (u32::from(light) * 65_535)
                .checked_div(u32::from(alpha))
                .unwrap_or(0);
            *colour = self.level(whole.min(65_535) as u16);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

    fn halved(layout: Layout, samples: &[u8]) -> Vec<u8> {
        let width = (samples.len() / layout.channels()) as u32;
        let picture = Picture::new(width, 1, layout, samples.to_vec()).unwrap();
        let size = Size {
            width: width / 2,
            height: 1,
        };
        let small = Scale {
            whole: size,
            keep: Rect::whole(size),
        };
        scale(&picture, small).unwrap().into_samples()
    }

    #[test]
    fn black_and_white_are_188() {
        let stripes = [0u8, 255].repeat(32);
        let middle = halved(Layout::Grey, &stripes)[16];
        // Half of the light is 187.5 in sRGB; in gamma space it would be 128.
        assert!(middle.abs_diff(188) <= 2, "{middle}");
    }

    #[test]
    fn even_colours_stay() {
        for level in [0u8, 1, 17, 128, 254, 255] {
            assert!(
                halved(Layout::Rgb, &[level; 24])
                    .iter()
                    .all(|&is| is == level),
                "{level}"
            );
        }
        let pixel = [200, 30, 90, 128];
        let even = halved(Layout::Rgba, &pixel.repeat(16));
        for is in even.as_chunks::<4>().0 {
            assert!(
                is.iter().zip(pixel).all(|(is, was)| is.abs_diff(was) <= 1),
                "{is:?}"
            );
        }
    }

    #[test]
    fn a_transparent_pixel_lends_no_colour() {
        let pixels = [[255, 0, 0, 255], [0, 255, 0, 0]].concat().repeat(8);
        let small = halved(Layout::Rgba, &pixels);
        assert!(
            small.as_chunks::<4>().0.iter().all(|pixel| pixel[1] == 0),
            "{small:?}"
        );
    }
}
