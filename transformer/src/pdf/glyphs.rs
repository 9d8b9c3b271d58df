//! Lines, surfaces and letters.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro_interpret::kurbo::{Affine, BezPath};
use hayro_interpret::util::x_y_advances;
use hayro_interpret::{BlendMode as Blend, DrawMode, DrawProps, FillRule, Paint, StrokeProps};
use tiny_skia::{Path, PathStroker};

use super::canvas::Canvas;
use super::convert;
use super::paint::By;

/// A line is at least as wide as a pixel, so that it can be seen; of a letter a part of one.
const LINE_WIDTH_MIN: f32 = 1.0;
const LETTER_WIDTH_MIN: f32 = 0.25;
/// Letters whose outlines are kept.
const OUTLINES_MAX: usize = 4096;

/// Outlines of letters that were drawn, by their keys. What is empty is kept as well.
#[derive(Default, Clone)]
pub(super) struct Outlines(Rc<RefCell<HashMap<u128, Option<Rc<Path>>>>>);

impl Outlines {
    fn of(&self, glyph: &OutlineGlyph) -> Option<Rc<Path>> {
        let key = glyph.identifier().cache_key();
        if let Some(known) = self.0.borrow().get(&key) {
            return known.clone();
        }
        let outline = convert::path(&glyph.outline()).map(Rc::new);
        let mut outlines = self.0.borrow_mut();
        if outlines.len() < OUTLINES_MAX {
            outlines.insert(key, outline.clone());
        }
        outline
    }
}

impl Canvas {
    /// Draw lines and surfaces.
    pub(super) fn draw(
        &mut self,
        path: &BezPath,
        (place, mode): (Affine, &DrawMode),
        ink: (&Paint<'_>, Blend),
    ) {
        let Some(path) = convert::path(path) else {
            return;
        };
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            self.fill(&path, (place, *rule), ink);
        }
        if let DrawMode::Stroke(pen) | DrawMode::FillAndStroke(_, pen) = mode {
            self.stroke(&path, (place, pen, LINE_WIDTH_MIN), ink);
        }
    }

    /// Draw letters.
    pub(super) fn write<'a>(
        &mut self,
        run: &GlyphRun<'_, 'a>,
        (props, blend): (&DrawProps<'a>, Blend),
        mode: &DrawMode,
    ) {
        let ink = (&props.paint, blend);
        for glyph in run.glyphs() {
            let outline = match &**glyph {
                Glyph::Outline(outline) => self.outlines.of(outline),
                Glyph::Type3(drawn) => {
                    if !matches!(mode, DrawMode::Invisible) {
                        drawn.interpret(self, props.transform, glyph.transform(), &props.paint);
                    }
                    continue;
                }
            };
            let Some(outline) = outline else { continue };
            if let DrawMode::Fill(_) | DrawMode::FillAndStroke(..) = mode {
                let place = props.transform * glyph.transform();
                self.fill(&outline, (place, FillRule::NonZero), ink);
            }
            if let DrawMode::Stroke(pen) | DrawMode::FillAndStroke(_, pen) = mode {
                let outline = (*outline).clone();
                if let Some(outline) = outline.transform(convert::transform(glyph.transform())) {
                    self.stroke(&outline, (props.transform, pen, LETTER_WIDTH_MIN), ink);
                }
            }
        }
    }

    fn fill(&mut self, path: &Path, (place, rule): (Affine, FillRule), ink: (&Paint<'_>, Blend)) {
        if let Some(path) = path.clone().transform(convert::transform(place)) {
            self.paint(&path, By::Fill(convert::rule(rule)), ink);
        }
    }

    fn stroke(
        &mut self,
        path: &Path,
        (place, pen, thinnest): (Affine, &StrokeProps, f32),
        ink: (&Paint<'_>, Blend),
    ) {
        let (across, down) = x_y_advances(&place);
        let factor = across.length().max(down.length()) as f32;
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let stroke = convert::stroke(pen, thinnest / factor);
        let place = convert::transform(place);
        let resolution = PathStroker::compute_resolution_scale(&place);
        let dashed = match &stroke.dash {
            Some(dash) => path.dash(dash, resolution),
            None => Some(path.clone()),
        };
        let outline = dashed.and_then(|path| path.stroke(&stroke, resolution));
        if let Some(outline) = outline.and_then(|outline| outline.transform(place)) {
            self.paint(&outline, By::Stroke, ink);
        }
    }
}
