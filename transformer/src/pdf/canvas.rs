//! What the interpreter draws on: layers over each other, each cut by clips.

use std::rc::Rc;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{BezPath, PathEl, Point, Rect as Area, Shape};
use hayro_interpret::{
    BlendMode as Blend, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    MaskType as Kind, SoftMask,
};
use tiny_skia::{Color, Mask, MaskType, Pixmap, PixmapPaint, Transform};

use super::convert;
use super::glyphs::Outlines;
use super::room::{Room, Share};
use crate::geometry::Size;

/// Bytes of a pixel of a layer.
pub(super) const LAYER_PIXEL_BYTES: u64 = 4;

/// A page underway.
pub(super) struct Canvas {
    pub size: Size,
    pub room: Room,
    pub outlines: Outlines,
    base: Pixmap,
    /// Groups that are open. One that needs no layer of its own, or for which there is no room, has none.
    groups: Vec<Option<Layer>>,
    /// What each clip leaves, together with those before it; nothing where that is all.
    clips: Vec<Option<Rc<Cut>>>,
    /// The last mask, by its key: text is drawn piece by piece with the same.
    mask: Option<(u128, Rc<Cut>)>,
    share: Option<Share>,
}

/// A group's own picture, and how it is laid over what is below.
struct Layer {
    pixmap: Pixmap,
    opacity: f32,
    blend: Blend,
    mask: Option<Rc<Cut>>,
    _share: Share,
}

/// How much of each pixel is drawn on.
pub(super) struct Cut {
    pub mask: Mask,
    _share: Share,
}

impl Canvas {
    /// A white page.
    pub(super) fn white(size: Size, room: Room) -> Option<Self> {
        let mut canvas = Self::on(size, room)?;
        canvas.base.fill(Color::WHITE);
        Some(canvas)
    }

    /// A canvas of its own for a part, if there is room.
    pub(super) fn beside(&self, size: Size) -> Option<Self> {
        let share = self
            .room
            .take(size.pixels().checked_mul(LAYER_PIXEL_BYTES)?)?;
        let mut canvas = Self::on(size, self.room.clone())?;
        canvas.outlines = self.outlines.clone();
        canvas.share = Some(share);
        Some(canvas)
    }

    fn on(size: Size, room: Room) -> Option<Self> {
        Some(Self {
            base: Pixmap::new(size.width, size.height)?,
            size,
            room,
            outlines: Outlines::default(),
            groups: Vec::new(),
            clips: Vec::new(),
            mask: None,
            share: None,
        })
    }

    /// What was drawn, alpha multiplied in.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.groups.is_empty() {
            self.lay();
        }
        self.base.take()
    }

    /// The same as a picture to paint with.
    pub(super) fn parts(self) -> (Pixmap, Option<Share>) {
        (self.base, self.share)
    }

    /// What is drawn on now, and how it is cut.
    pub(super) fn target(&mut self) -> (&mut Pixmap, Option<Rc<Cut>>) {
        let cut = self.clips.last().cloned().flatten();
        let layer = self.groups.iter_mut().rev().flatten().next();
        (layer.map_or(&mut self.base, |layer| &mut layer.pixmap), cut)
    }

    /// Its borders.
    pub(super) fn area(&self) -> Area {
        Area::new(0.0, 0.0, self.size.width.into(), self.size.height.into())
    }

    /// Draw through `mask`, if there is one; `draw` is told how to blend.
    pub(super) fn through(
        &mut self,
        mask: Option<SoftMask<'_>>,
        blend: Blend,
        draw: impl FnOnce(&mut Self, Blend),
    ) {
        if mask.is_none() {
            draw(self, blend);
            return;
        }
        self.push_transparency_group(1.0, mask, blend);
        draw(self, Blend::Normal);
        self.lay();
    }

    /// Close a group.
    fn lay(&mut self) {
        let Some(Some(layer)) = self.groups.pop() else {
            return;
        };
        let how = PixmapPaint {
            opacity: layer.opacity,
            blend_mode: convert::blend(layer.blend),
            ..PixmapPaint::default()
        };
        let mask = layer.mask.as_ref().map(|cut| &cut.mask);
        let (target, _) = self.target();
        let whole = Transform::identity();
        target.draw_pixmap(0, 0, layer.pixmap.as_ref(), &how, whole, mask);
    }

    /// What `mask` leaves of each pixel; nothing where there is no room for it.
    fn cut(&mut self, mask: &SoftMask<'_>) -> Option<Rc<Cut>> {
        let key = mask.cache_key();
        if let Some((_, cut)) = self.mask.as_ref().filter(|(known, _)| *known == key) {
            return Some(Rc::clone(cut));
        }
        let share = self.room.take(self.size.pixels())?;
        let mut canvas = self.beside(self.size)?;
        let kind = match mask.mask_type() {
            Kind::Luminosity => {
                let [red, green, blue, _] = mask.background_color().to_rgba().to_rgba8();
                canvas
                    .base
                    .fill(Color::from_rgba8(red, green, blue, u8::MAX));
                MaskType::Luminance
            }
            Kind::Alpha => MaskType::Alpha,
        };
        mask.interpret(&mut canvas);
        while !canvas.groups.is_empty() {
            canvas.lay();
        }
        let mut left = Mask::from_pixmap(canvas.base.as_ref(), kind);
        if let Some(function) = mask.transfer_function() {
            function.apply_to(left.data_mut());
        }
        let cut = Rc::new(Cut {
            mask: left,
            _share: share,
        });
        self.mask = Some((key, Rc::clone(&cut)));
        Some(cut)
    }

    /// What `clip` leaves of what the clips before it left.
    fn clipped(&self, clip: &ClipPath) -> Option<Rc<Cut>> {
        let before = self.clips.last().cloned().flatten();
        if is_rectangle_around(&clip.path, self.area()) {
            return before;
        }
        let Some(share) = self.room.take(self.size.pixels()) else {
            return before;
        };
        let (rule, whole) = (convert::rule(clip.fill), Transform::identity());
        let path = convert::path(&clip.path);
        let mask = match (&before, path) {
            (Some(before), Some(path)) => {
                let mut mask = before.mask.clone();
                mask.intersect_path(&path, rule, true, whole);
                Some(mask)
            }
            (None, Some(path)) => Mask::new(self.size.width, self.size.height).map(|mut mask| {
                mask.fill_path(&path, rule, true, whole);
                mask
            }),
            // Nothing is left.
            (_, None) => Mask::new(self.size.width, self.size.height),
        };
        mask.map_or(before, |mask| {
            Some(Rc::new(Cut {
                mask,
                _share: share,
            }))
        })
    }
}

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.through(props.soft_mask, props.blend_mode, |canvas, blend| {
            canvas.draw(path, (props.transform, mode), (&props.paint, blend));
        });
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let cut = self.clipped(clip);
        self.clips.push(cut);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: Blend) {
        let is_plain = opacity >= 1.0 && mask.is_none() && blend == Blend::Normal;
        let mask = mask.and_then(|mask| self.cut(&mask));
        let layer = || {
            let share = self.room.take(self.size.pixels() * LAYER_PIXEL_BYTES)?;
            Some(Layer {
                pixmap: Pixmap::new(self.size.width, self.size.height)?,
                opacity: opacity.clamp(0.0, 1.0),
                blend,
                mask,
                _share: share,
            })
        };
        let layer = if is_plain { None } else { layer() };
        self.groups.push(layer);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.through(
            props.soft_mask.clone(),
            props.blend_mode,
            |canvas, blend| {
                canvas.write(run, (&props, blend), mode);
            },
        );
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.through(props.soft_mask, props.blend_mode, |canvas, blend| {
            canvas.show(&image, props.transform, blend);
        });
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.lay();
    }
}

/// Whether `path` is an upright rectangle in which `area` lies.
fn is_rectangle_around(path: &BezPath, area: Area) -> bool {
    /// A corner may be a rounding away from the edge.
    const CLOSE: f64 = 1.0 / 256.0;
    let mut corners: Vec<Point> = Vec::new();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) if corners.is_empty() => corners.push(to),
            PathEl::LineTo(to) => corners.push(to),
            PathEl::ClosePath => {}
            _ => return false,
        }
    }
    if corners.len() == 5 && corners.first() == corners.last() {
        corners.pop();
    }
    let [first, second, third, fourth] = corners[..] else {
        return false;
    };
    let is_down = |from: Point, to: Point| (from.x - to.x).abs() < CLOSE;
    let is_across = |from: Point, to: Point| (from.y - to.y).abs() < CLOSE;
    let turns = [
        (first, second),
        (second, third),
        (third, fourth),
        (fourth, first),
    ];
    let is_upright = [0, 1].into_iter().any(|begin| {
        let mut sides = turns.iter().zip(begin..);
        sides.all(|(&(from, to), side)| {
            if side % 2 == 0 {
                is_down(from, to)
            } else {
                is_across(from, to)
            }
        })
    });
    let around = path.bounding_box().inflate(CLOSE, CLOSE);
    is_upright && around.union(area) == around
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_interpret::kurbo::Affine;

    #[test]
    fn clips_that_leave_everything() {
        let area = Area::new(0.0, 0.0, 10.0, 20.0);
        let page = area.to_path(0.1);
        assert!(is_rectangle_around(&page, area));
        assert!(is_rectangle_around(
            &(Affine::scale(2.0) * page.clone()),
            area
        ));
        assert!(!is_rectangle_around(
            &(Affine::scale(0.9) * page.clone()),
            area
        ));
        assert!(!is_rectangle_around(
            &(Affine::rotate(0.5) * Affine::scale(9.0) * page),
            area
        ));
        assert!(!is_rectangle_around(
            &area.inflate(9.0, 9.0).to_ellipse().to_path(0.1),
            area
        ));
        assert!(!is_rectangle_around(&BezPath::new(), area));
    }
}
