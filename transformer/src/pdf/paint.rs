//! What surfaces are painted with: a colour, a run of colours, or a pattern that is drawn itself.

use std::ops::{Range, RangeInclusive};

use hayro_interpret::kurbo::{Affine, Point, Rect as Area};
use hayro_interpret::pattern::{Pattern, ShadingPattern, TilingPattern};
use hayro_interpret::shading::ShadingType;
use hayro_interpret::util::x_y_advances;
use hayro_interpret::{BlendMode as Blend, ClipPath, Device, FillRule as Rule, Paint as Ink};
use tiny_skia::{
    FillRule, FilterQuality, IntSize, Paint, Path, Pattern as Texture, Pixmap, Shader, SpreadMode,
    Transform,
};

use super::canvas::{Canvas, LAYER_PIXEL_BYTES};
use super::convert;
use super::room::Share;
use crate::geometry::Size;

/// How often a pattern may be drawn to make one of its tiles, where they reach over each other.
const COPIES_MAX: i64 = 256;
/// Pixels along a tile's side.
const TILE_SIDE_MAX: f64 = 8192.0;
/// Bytes that the interpreter keeps for a pixel of a mesh.
const MESH_PIXEL_BYTES: f64 = 48.0;
/// Bytes that a mesh may take of the room, and the time of as many pixels.
const MESH_BYTES_MAX: f64 = 4e6;

/// What a surface is: one that was filled, or the outline of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum By {
    Fill(FillRule),
    Stroke,
}

impl Canvas {
    /// Paint a surface, whose points are pixels.
    pub(super) fn paint(&mut self, path: &Path, by: By, (ink, blend): (&Ink<'_>, Blend)) {
        let rule = match by {
            By::Fill(rule) => rule,
            By::Stroke => FillRule::Winding,
        };
        let bounds = path.bounds();
        let bounds = Area::new(
            bounds.left().into(),
            bounds.top().into(),
            bounds.right().into(),
            bounds.bottom().into(),
        );
        let seen = bounds.expand().intersect(self.area());
        // Negated, so that what is not a number is left out.
        if !(seen.width() > 0.0 && seen.height() > 0.0) {
            return;
        }
        let mut paint = Paint {
            blend_mode: convert::blend(blend),
            ..Paint::default()
        };
        match ink {
            Ink::Color(colour) => {
                let [red, green, blue, alpha] = colour.to_rgba().to_rgba8();
                paint.set_color_rgba8(red, green, blue, alpha);
                self.fill_with(path, rule, &paint);
            }
            Ink::Pattern(pattern) => match &**pattern {
                Pattern::Shading(shading) => {
                    let Some(run) = self.run(shading, seen) else {
                        return;
                    };
                    paint.shader = run.shader(SpreadMode::Pad, 1.0);
                    let clip = shading.shading.clip_path.as_ref();
                    if let Some(clip) = clip {
                        let path = clip.clone();
                        let fill = Rule::NonZero;
                        self.push_clip_path(&ClipPath { path, fill });
                    }
                    self.fill_with(path, rule, &paint);
                    if clip.is_some() {
                        self.pop_clip();
                    }
                }
                Pattern::Tiling(tiling) => {
                    let Some((tile, spread)) = self.tile(tiling, seen, by) else {
                        return;
                    };
                    paint.shader = tile.shader(spread, tiling.opacity);
                    self.fill_with(path, rule, &paint);
                }
            },
        }
    }

    fn fill_with(&mut self, path: &Path, rule: FillRule, paint: &Paint<'_>) {
        let (target, cut) = self.target();
        let cut = cut.as_ref().map(|cut| &cut.mask);
        target.fill_path(path, paint, rule, Transform::identity(), cut);
    }

    /// A run of colours, as far as it is seen. A mesh that is large is drawn coarser.
    fn run(&self, shading: &ShadingPattern, seen: Area) -> Option<Stuff> {
        let area = mesh_area(shading);
        let coarse = (area * MESH_PIXEL_BYTES / MESH_BYTES_MAX).sqrt().max(1.0);
        let shrink = Affine::scale(1.0 / coarse);
        let mut shading = shading.clone();
        if coarse > 1.0 {
            shading.matrix = shrink * shading.matrix;
        }
        let seen = shrink.transform_rect_bbox(seen).expand();
        let size = Size {
            width: seen.width() as u32,
            height: seen.height() as u32,
        };
        let share = self.room.take(size.pixels() * LAYER_PIXEL_BYTES)?;
        let mut samples = Vec::with_capacity(size.pixels() as usize * 4);
        let (width, height, place) = shading.encode().sample_texture(seen, 1.0, |[r, g, b, a]| {
            let level = |light: f32| (light * a * 255.0 + 0.5) as u8;
            let alpha = (a * 255.0 + 0.5) as u8;
            samples.extend([r, g, b].map(|light| level(light).min(alpha)));
            samples.push(alpha);
        });
        let pixmap = Pixmap::from_vec(samples, IntSize::from_wh(width, height)?)?;
        Some(Stuff {
            pixmap,
            place: Affine::scale(coarse) * place,
            _share: Some(share),
        })
    }

    /// One tile of a pattern, or where it is seen less than once, what is seen of it.
    fn tile(&self, tiling: &TilingPattern<'_>, seen: Area, by: By) -> Option<(Stuff, SpreadMode)> {
        let seen = tiling.matrix.inverse().transform_rect_bbox(seen);
        let (across, down) = x_y_advances(&tiling.matrix);
        let cell = tiling.bbox;
        let columns = Axis::new(
            across.length(),
            cell.x0..cell.x1,
            tiling.x_step,
            seen.x0..seen.x1,
        )?;
        let rows = Axis::new(
            down.length(),
            cell.y0..cell.y1,
            tiling.y_step,
            seen.y0..seen.y1,
        )?;
        if columns.count().checked_mul(rows.count())? > COPIES_MAX {
            return None;
        }
        let size = Size {
            width: columns.pixels,
            height: rows.pixels,
        };
        let mut canvas = self.beside(size)?;
        let to_tile = Affine::scale_non_uniform(columns.scale, rows.scale)
            * Affine::translate((-columns.start, -rows.start));
        for row in rows.copies.clone() {
            for column in columns.copies.clone() {
                let (left, top) = (column as f64 * columns.step, row as f64 * rows.step);
                tiling.interpret(
                    &mut canvas,
                    to_tile * Affine::translate((left, top)),
                    by == By::Stroke,
                );
            }
        }
        let place = tiling.matrix
            * Affine::translate((columns.start, rows.start))
            * Affine::scale_non_uniform(1.0 / columns.scale, 1.0 / rows.scale);
        let spread = if columns.repeats || rows.repeats {
            SpreadMode::Repeat
        } else {
            SpreadMode::Pad
        };
        let (pixmap, share) = canvas.parts();
        let stuff = Stuff {
            pixmap,
            place,
            _share: share,
        };
        Some((stuff, spread))
    }
}

/// A picture to paint with, and where it lies.
struct Stuff {
    pixmap: Pixmap,
    place: Affine,
    _share: Option<Share>,
}

impl Stuff {
    fn shader(&self, spread: SpreadMode, opacity: f32) -> Shader<'_> {
        let place = convert::transform(self.place);
        let quality = FilterQuality::Bilinear;
        Texture::new(self.pixmap.as_ref(), spread, quality, opacity, place)
    }
}

/// A pattern along one axis.
struct Axis {
    /// Where the tile begins, in the pattern's units.
    start: f64,
    /// Pixels of one unit.
    scale: f64,
    pixels: u32,
    step: f64,
    /// Which of its copies reach into the tile.
    copies: RangeInclusive<i64>,
    repeats: bool,
}

impl Axis {
    fn new(scale: f64, cell: Range<f64>, step: f32, seen: Range<f64>) -> Option<Self> {
        let step = f64::from(step.abs());
        let width = cell.end - cell.start;
        let length = (seen.end - seen.start).max(0.0);
        let repeats = length >= step;
        // A whole number of pixels from copy to copy.
        let scale = (step * scale).round().max(1.0) / step;
        let (start, pixels, copies) = if repeats {
            let first = (-width / step).floor() as i64 + 1;
            (cell.start, step * scale, first..=0)
        } else {
            let start = cell.start + ((seen.start - cell.start) * scale).floor() / scale;
            let first = ((seen.start - cell.end) / step).ceil() as i64;
            let last = ((seen.end - cell.start) / step).floor() as i64;
            (start, (seen.end - start) * scale, first..=last)
        };
        let pixels = pixels.ceil().max(1.0);
        // Negated, so that what is not a number is left out.
        if !(pixels <= TILE_SIDE_MAX && scale.is_finite() && scale > 0.0 && start.is_finite()) {
            return None;
        }
        Some(Self {
            start,
            scale,
            pixels: pixels as u32,
            step,
            copies,
            repeats,
        })
    }

    fn count(&self) -> i64 {
        let (first, last) = (*self.copies.start(), *self.copies.end());
        last.saturating_sub(first).saturating_add(1).max(0)
    }
}

/// Pixels that the interpreter looks at for a mesh, those outside the page as well.
fn mesh_area(shading: &ShadingPattern) -> f64 {
    let of = |corners: &[Point]| {
        /// Where the interpreter's pixels end.
        const END: f64 = u16::MAX as f64;
        let corners = corners.iter().map(|&corner| shading.matrix * corner);
        let mut around = Area::new(END, END, 0.0, 0.0);
        for corner in corners {
            let (x, y) = (corner.x.clamp(0.0, END), corner.y.clamp(0.0, END));
            around.x0 = around.x0.min(x);
            around.y0 = around.y0.min(y);
            around.x1 = around.x1.max(x);
            around.y1 = around.y1.max(y);
        }
        (around.x1 - around.x0 + 1.0) * (around.y1 - around.y0 + 1.0)
    };
    match &*shading.shading.shading_type {
        ShadingType::TriangleMesh { triangles, .. } => triangles
            .iter()
            .map(|triangle| of(&[triangle.p0.point, triangle.p1.point, triangle.p2.point]))
            .sum(),
        ShadingType::CoonsPatchMesh { patches, .. } => {
            patches.iter().map(|patch| of(&patch.control_points)).sum()
        }
        ShadingType::TensorProductPatchMesh { patches, .. } => {
            patches.iter().map(|patch| of(&patch.control_points)).sum()
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_along_an_axis() {
        let axis = Axis::new(2.0, 0.0..10.0, 10.0, 0.0..100.0);
        let axis = axis.map(|axis| (axis.pixels, axis.count(), axis.repeats));
        assert_eq!(axis, Some((20, 1, true)));
        // Cells that reach over their neighbours.
        let axis = Axis::new(1.0, 0.0..25.0, 10.0, 0.0..100.0);
        assert_eq!(axis.map(|axis| (axis.pixels, axis.count())), Some((10, 3)));
        let axis = Axis::new(1.0, 0.0..10.0, 1000.0, 5.0..20.0);
        let axis = axis.map(|axis| (axis.pixels, axis.count(), axis.repeats));
        assert_eq!(axis, Some((15, 1, false)));
        for (scale, step) in [(1.0, 0.0), (1e9, 1.0), (1.0, f32::INFINITY)] {
            assert!(
                Axis::new(scale, 0.0..10.0, step, 0.0..100.0).is_none(),
                "{scale} {step}"
            );
        }
    }
}
