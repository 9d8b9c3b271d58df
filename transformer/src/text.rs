//! A text and the size of its letters in, glyphs at their places out: shaped, in the order in which they
//! are read, broken into lines. No pixel is touched; what the ink will cover is known before any is made.

mod fonts;
mod lines;
mod runs;

#[cfg(feature = "svg")]
pub(crate) use fonts::dejavu;
pub(crate) use fonts::{Outline, faces};

use std::borrow::Cow;

use harfrust::GlyphId;
use unicode_bidi::BidiInfo;

use crate::geometry::Size;
use fonts::Face;
use runs::Glyph;

/// Longest text, as the interface says.
pub(crate) const TEXT_BYTES_MAX: usize = 4096;

/// A text ready to be drawn. Places are in pixels from the upper left corner of what it inks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inscription {
    pub glyphs: Vec<Placed>,
    /// What is inked, and not a pixel more.
    pub ink: Size,
}

/// A glyph and where its origin, on the baseline, lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    /// Which of [`faces`].
    pub face: usize,
    pub glyph: GlyphId,
    pub left: f32,
    pub baseline: f32,
    /// Pixels of one unit of the face.
    pub scale: f32,
}

/// A rectangle with fractions, the second corner lower right of the first.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    from: (f32, f32),
    to: (f32, f32),
}

/// Lay out `text` with letters of `em_pixels`, in lines of `width` pixels at most where words allow. `None`
/// where there is nothing to be seen.
pub(crate) fn inscribe(text: &str, em_pixels: f32, width: u32) -> Option<Inscription> {
    let faces = faces();
    let text = printable(text);
    let measure = |part: &str| em_pixels * runs::advance(&faces, part);
    let bidi = BidiInfo::new(&text, None);
    let lines: Vec<_> = lines::lines(&text, width as f32, measure)
        .into_iter()
        .map(|range| runs::line(&faces, &bidi, range))
        .collect();
    let widest = lines.iter().map(|line| line.advance).fold(0.0, f32::max);
    let mut glyphs = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        // A line that is read from right to left begins at the right.
        let indent = if line.is_rtl {
            widest - line.advance
        } else {
            0.0
        };
        let baseline = place as f32 * fonts::line_height(&faces);
        glyphs.extend(line.glyphs.iter().map(|glyph| Glyph {
            left: indent + glyph.left,
            above: glyph.above - baseline,
            ..*glyph
        }));
    }
    placed(&faces, &glyphs, em_pixels)
}

/// From parts of an em to pixels, beginning where the ink begins.
fn placed(faces: &[Face], glyphs: &[Glyph], em_pixels: f32) -> Option<Inscription> {
    let mut ink: Option<Bounds> = None;
    let mut inked = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let face = faces.get(glyph.face)?;
        // Spaces and marks that cannot be seen have no box.
        let Some(of_glyph) = face.bounds(glyph.id) else {
            continue;
        };
        let scale = em_pixels / face.units_per_em();
        let (left, baseline) = (glyph.left * em_pixels, -glyph.above * em_pixels);
        let bounds = Bounds {
            from: (
                left + of_glyph.x_min * scale,
                baseline - of_glyph.y_max * scale,
            ),
            to: (
                left + of_glyph.x_max * scale,
                baseline - of_glyph.y_min * scale,
            ),
        };
        ink = Some(ink.map_or(bounds, |ink| ink.with(bounds)));
        inked.push(Placed {
            face: glyph.face,
            glyph: glyph.id,
            left,
            baseline,
            scale,
        });
    }
    let ink = ink?;
    let (left, top) = (ink.from.0.floor(), ink.from.1.floor());
    for glyph in &mut inked {
        glyph.left -= left;
        glyph.baseline -= top;
    }
    // A conversion to an integer stops at its largest, which no limit lets through.
    let ink = Size {
        width: (ink.to.0 - left).ceil().max(1.0) as u32,
        height: (ink.to.1 - top).ceil().max(1.0) as u32,
    };
    Some(Inscription { glyphs: inked, ink })
}

impl Bounds {
    fn with(self, other: Self) -> Self {
        Self {
            from: (self.from.0.min(other.from.0), self.from.1.min(other.from.1)),
            to: (self.to.0.max(other.to.0), self.to.1.max(other.to.1)),
        }
    }
}

/// Line ends of all systems are one, and other control characters are spaces: they have no shape.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(|character: char| character.is_control() && character != '\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let visible = |character: char| {
        if character.is_control() && character != '\n' {
            ' '
        } else {
            character
        }
    };
    Cow::Owned(lines.chars().map(visible).collect())
}

#[cfg(test)]
mod tests;
