//! The typefaces that come along, in the order in which they are asked for a character. `fonts/` holds
//! them with their licences; nothing is read at run time.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use rustybuzz::Face;
use rustybuzz::ttf_parser::OutlineBuilder;

use super::Placed;

/// `DejaVu Sans`.
pub(crate) const DEJAVU: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");

static FILES: [&[u8]; 1] = [DEJAVU];

/// How many there are.
#[cfg(test)]
pub(super) const FILES_COUNT: usize = FILES.len();

/// All faces. Only their tables of contents are read here.
pub(crate) fn faces() -> Vec<Face<'static>> {
    FILES
        .iter()
        .filter_map(|file| Face::from_slice(file, 0))
        .collect()
}

/// From baseline to baseline, in ems: that of the first face, so that lines are even.
pub(super) fn line_height(faces: &[Face<'_>]) -> f32 {
    faces.first().map_or(1.0, |face| {
        let height = f32::from(face.ascender()) - f32::from(face.descender());
        (height + f32::from(face.line_gap())) / face.units_per_em() as f32
    })
}

/// Draws a glyph's outline on a rasteriser whose upper left corner stands at `corner`.
pub(crate) struct Outline<'a> {
    canvas: &'a mut Rasterizer,
    /// Where the glyph's origin lies on the canvas.
    origin: Point,
    scale: f32,
    start: Point,
    last: Point,
}

impl<'a> Outline<'a> {
    pub(crate) fn new(canvas: &'a mut Rasterizer, glyph: &Placed, corner: (f32, f32)) -> Self {
        let origin = point(glyph.left - corner.0, glyph.baseline - corner.1);
        Self {
            canvas,
            origin,
            scale: glyph.scale,
            start: origin,
            last: origin,
        }
    }

    /// Faces count upwards, pictures downwards.
    fn at(&self, x: f32, y: f32) -> Point {
        point(
            self.origin.x + x * self.scale,
            self.origin.y - y * self.scale,
        )
    }
}

impl OutlineBuilder for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.at(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.at(x, y);
        self.canvas.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.at(x1, y1), self.at(x, y));
        self.canvas.draw_quad(self.last, control, to);
        self.last = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.canvas.draw_cubic(self.last, first, second, to);
        self.last = to;
    }

    fn close(&mut self) {
        self.canvas.draw_line(self.last, self.start);
        self.last = self.start;
    }
}
