//! The typefaces that come along, in the order in which they are asked for a character. `fonts/` holds
//! them with their licences; nothing is read at run time.

use std::cell::OnceCell;
use std::sync::OnceLock;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use harfrust::{FontRef, GlyphBuffer, GlyphId, ShapeOptions, ShaperData, UnicodeBuffer};
use miniz_oxide::inflate::decompress_to_vec_zlib;
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::{BoundingBox, Metrics};
use skrifa::outline::{DrawSettings, OutlinePen};

use super::Placed;

/// As `build.rs` leaves it.
static DEJAVU_DEFLATED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf.zlib"));

/// `DejaVu Sans`, inflated by the first text of an instance.
pub(crate) fn dejavu() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| decompress_to_vec_zlib(DEJAVU_DEFLATED).unwrap_or_default())
}

static FILES: [fn() -> &'static [u8]; 1] = [dejavu];

/// How many there are.
#[cfg(test)]
pub(super) const FILES_COUNT: usize = FILES.len();

/// A typeface, in its own units.
pub(crate) struct Face {
    font: FontRef<'static>,
    metrics: Metrics,
    /// What the shaper knows of it, from the first text on.
    shaping: OnceCell<ShaperData>,
}

impl Face {
    fn new(file: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(file).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        (metrics.units_per_em > 0).then_some(Self {
            font,
            metrics,
            shaping: OnceCell::new(),
        })
    }

    pub(super) fn units_per_em(&self) -> f32 {
        self.metrics.units_per_em.into()
    }

    pub(super) fn has(&self, character: char) -> bool {
        self.font.charmap().map(character).is_some()
    }

    /// The glyphs of a text in one script.
    pub(super) fn shape(&self, text: UnicodeBuffer) -> GlyphBuffer {
        let shaping = self.shaping.get_or_init(|| ShaperData::new(&self.font));
        let shaper = shaping.shaper(&self.font).build();
        shaper.shape(text, ShapeOptions::new())
    }

    /// What the glyph inks; of a space nothing.
    pub(crate) fn bounds(&self, glyph: GlyphId) -> Option<BoundingBox> {
        let glyphs = self
            .font
            .glyph_metrics(Size::unscaled(), LocationRef::default());
        let bounds = glyphs.bounds(glyph)?;
        (bounds.x_min < bounds.x_max && bounds.y_min < bounds.y_max).then_some(bounds)
    }

    /// Draw the glyph. One that is broken ends where it breaks.
    pub(crate) fn draw(&self, glyph: GlyphId, pen: &mut impl OutlinePen) {
        if let Some(outline) = self.font.outline_glyphs().get(glyph) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            let _as_far_as_it_goes = outline.draw(settings, pen);
        }
    }
}

/// All faces. Only their tables of contents are read here.
pub(crate) fn faces() -> Vec<Face> {
    FILES.iter().filter_map(|file| Face::new(file())).collect()
}

/// From baseline to baseline, in ems: that of the first face, so that lines are even.
pub(super) fn line_height(faces: &[Face]) -> f32 {
    faces.first().map_or(1.0, |face| {
        let Metrics {
            ascent,
            descent,
            leading,
            ..
        } = face.metrics;
        (ascent - descent + leading) / face.units_per_em()
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

impl OutlinePen for Outline<'_> {
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
