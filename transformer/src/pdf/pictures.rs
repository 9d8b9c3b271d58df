//! Pictures on the page: made as small as they are shown before they are laid on it.

use hayro_interpret::kurbo::{Affine, Rect as Area};
use hayro_interpret::util::x_y_advances;
use hayro_interpret::{BlendMode as Blend, FillRule as Rule, Image, ImageData, LumaData, Paint};
use tiny_skia::{FilterQuality, IntSize, Mask, MaskType, Pixmap, PixmapPaint, Transform};

use super::canvas::Canvas;
use super::convert;
use super::paint::By;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};
use crate::plan::Scale;
use crate::steps;

/// How far from a whole pixel an edge may be that is meant to be on one.
const CLOSE: f64 = 1.0 / 64.0;

impl Canvas {
    /// Show a picture, or paint through one.
    pub(super) fn show(&mut self, image: &Image<'_, '_>, place: Affine, blend: Blend) {
        let (width, height) = (image.width(), image.height());
        let area = Area::new(0.0, 0.0, width.into(), height.into());
        let seen = place.transform_rect_bbox(area).intersect(self.area());
        // Negated, so that what is not a number is left out.
        let is_seen = seen.width() > 0.0 && seen.height() > 0.0;
        if !(is_seen && self.room.holds_picture(width, height)) {
            return;
        }
        let shown = shown(place, (width, height));
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |colours, alpha| {
                    let (across, down) = colours.scale_factors();
                    let place = place * Affine::scale_non_uniform(across.into(), down.into());
                    if let Some((pixmap, place)) = picture(colours, alpha, place) {
                        self.lay_picture(&pixmap, place, blend);
                    }
                },
                Some(shown),
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |stencil, ink| {
                    let (across, down) = stencil.scale_factors;
                    let place = place * Affine::scale_non_uniform(across.into(), down.into());
                    self.paint_through(stencil, (ink, blend), place);
                },
                Some(shown),
            ),
        }
    }

    fn paint_through(
        &mut self,
        stencil: LumaData,
        (ink, blend): (&Paint<'_>, Blend),
        place: Affine,
    ) {
        let black = Size {
            width: stencil.width,
            height: stencil.height,
        };
        let colour = match ink {
            Paint::Color(colour) => colour.to_rgba().to_rgba8(),
            Paint::Pattern(_) => [0, 0, 0, u8::MAX],
        };
        let Some((size, alpha)) = smaller(stencil.data, black, Layout::Grey, place) else {
            return;
        };
        let place = fitted(place, black, size);
        let samples = alpha.iter().flat_map(|&alpha| {
            let alpha = level(alpha, colour[3]);
            let [red, green, blue] = [colour[0], colour[1], colour[2]].map(|c| level(c, alpha));
            [red, green, blue, alpha]
        });
        let Some(pixmap) = pixmap(samples.collect(), size) else {
            return;
        };
        if let Paint::Color(_) = ink {
            self.lay_picture(&pixmap, place, blend);
            return;
        }
        // A pattern is painted all over, and cut by what the stencil leaves.
        let Some(mut beside) = self.beside(self.size) else {
            return;
        };
        beside.lay_picture(&pixmap, place, Blend::Normal);
        let (left, _share) = beside.parts();
        let mask = Mask::from_pixmap(left.as_ref(), MaskType::Alpha);
        let Some(mut painted) = self.beside(self.size) else {
            return;
        };
        if let Some(path) =
            convert::path(&hayro_interpret::kurbo::Shape::to_path(&self.area(), 0.1))
        {
            let by = By::Fill(convert::rule(Rule::NonZero));
            painted.paint(&path, by, (ink, Blend::Normal));
        }
        let (mut painted, _share) = painted.parts();
        painted.apply_mask(&mask);
        self.lay_picture(&painted, Affine::IDENTITY, blend);
    }

    /// Lay a picture on what is there, its edges on whole pixels where it stands upright: pictures that touch
    /// leave no seam, and one that is thinner than a pixel is seen.
    fn lay_picture(&mut self, pixmap: &Pixmap, place: Affine, blend: Blend) {
        let area = Area::new(0.0, 0.0, pixmap.width().into(), pixmap.height().into());
        let [a, b, c, d, ..] = place.as_coeffs();
        let is_upright = (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0);
        let place = if is_upright {
            snapped(place, area)
        } else {
            place
        };
        let how = PixmapPaint {
            opacity: 1.0,
            blend_mode: convert::blend(blend),
            quality: if is_identity(place) {
                FilterQuality::Nearest
            } else {
                FilterQuality::Bilinear
            },
        };
        let (target, cut) = self.target();
        let cut = cut.as_ref().map(|cut| &cut.mask);
        let place: Transform = convert::transform(place);
        target.draw_pixmap(0, 0, pixmap.as_ref(), &how, place, cut);
    }
}

/// Whether pixels stay as they are, but for where they are.
fn is_identity(place: Affine) -> bool {
    let moved = place.translation();
    place == Affine::translate(moved) && moved.x.fract() == 0.0 && moved.y.fract() == 0.0
}

/// Pixels that a picture covers, at most as many as it has.
fn shown(place: Affine, (width, height): (u32, u32)) -> (u32, u32) {
    let (across, down) = x_y_advances(&place);
    let side = |advance: f64, side: u32| {
        let pixels = (advance * f64::from(side)).ceil();
        (pixels as u32).clamp(1, side)
    };
    (side(across.length(), width), side(down.length(), height))
}

/// `place` with the edges of `area` on whole pixels.
fn snapped(place: Affine, area: Area) -> Affine {
    let at = place.transform_rect_bbox(area);
    let onto = Area::new(
        (at.x0 + CLOSE).floor(),
        (at.y0 + CLOSE).floor(),
        (at.x1 - CLOSE).ceil(),
        (at.y1 - CLOSE).ceil(),
    );
    // Negated, so that what is not a number stays as it is.
    if !(at.width() > 0.0 && at.height() > 0.0 && onto.width() > 0.0 && onto.height() > 0.0) {
        return place;
    }
    let scale = (onto.width() / at.width(), onto.height() / at.height());
    Affine::translate((onto.x0, onto.y0))
        * Affine::scale_non_uniform(scale.0, scale.1)
        * Affine::translate((-at.x0, -at.y0))
        * place
}

/// Where the picture lies that has `size` in place of `full`.
fn fitted(place: Affine, full: Size, size: Size) -> Affine {
    place
        * Affine::scale_non_uniform(
            f64::from(full.width) / f64::from(size.width),
            f64::from(full.height) / f64::from(size.height),
        )
}

/// A picture to lay on the page, and where.
fn picture(colours: ImageData, alpha: Option<LumaData>, place: Affine) -> Option<(Pixmap, Affine)> {
    let full = Size {
        width: colours.width(),
        height: colours.height(),
    };
    let (layout, data) = match colours {
        ImageData::Rgb(rgb) => (Layout::Rgb, rgb.data),
        ImageData::Luma(luma) => (Layout::Grey, luma.data),
    };
    let (size, colours) = smaller(data, full, layout, place)?;
    let alpha = match alpha {
        None => None,
        Some(alpha) => {
            let of_alpha = Size {
                width: alpha.width,
                height: alpha.height,
            };
            Some(scaled(alpha.data, of_alpha, Layout::Grey, size)?)
        }
    };
    let mut samples = Vec::with_capacity(size.pixels() as usize * 4);
    for (at, pixel) in colours.chunks_exact(layout.channels()).enumerate() {
        let alpha = alpha
            .as_ref()
            .map_or(Some(u8::MAX), |alpha| alpha.get(at).copied())?;
        let [red, green, blue] = match *pixel {
            [red, green, blue] => [red, green, blue],
            _ => [*pixel.first()?; 3],
        };
        samples.extend([red, green, blue].map(|light| level(light, alpha)));
        samples.push(alpha);
    }
    Some((pixmap(samples, size)?, fitted(place, full, size)))
}

/// A picture made as small as it is shown. Gives its size.
fn smaller(data: Vec<u8>, full: Size, layout: Layout, place: Affine) -> Option<(Size, Vec<u8>)> {
    let (width, height) = shown(place, (full.width, full.height));
    let size = Size { width, height };
    Some((size, scaled(data, full, layout, size)?))
}

fn scaled(data: Vec<u8>, full: Size, layout: Layout, size: Size) -> Option<Vec<u8>> {
    if size == full {
        return Some(data);
    }
    let picture = Picture::new(full.width, full.height, layout, data)?;
    let whole = Scale {
        whole: size,
        keep: Rect::whole(size),
    };
    Some(steps::scaled(picture, whole)?.into_samples())
}

fn pixmap(samples: Vec<u8>, size: Size) -> Option<Pixmap> {
    Pixmap::from_vec(samples, IntSize::from_wh(size.width, size.height)?)
}

/// Of two levels of 255 their product.
fn level(first: u8, second: u8) -> u8 {
    ((u32::from(first) * u32::from(second) + 127) / 255) as u8
}
