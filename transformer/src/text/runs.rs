//! One line of text in, its glyphs out, from left to right: taken apart where the direction, the script or
//! the face changes, each part shaped by itself. Lengths are in ems, whatever the face's units.

use std::ops::Range;

use harfrust::{Direction, GlyphId, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level, ParagraphInfo};
use unicode_script::{Script, UnicodeScript};

use super::fonts::Face;

/// A glyph and where it stands on its line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub face: usize,
    pub id: GlyphId,
    /// Of its origin, from the line's beginning.
    pub left: f32,
    /// Of its origin, over the baseline.
    pub above: f32,
}

/// A line, shaped.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub glyphs: Vec<Glyph>,
    pub advance: f32,
    /// Whether its paragraph is read from right to left.
    pub is_rtl: bool,
}

/// Text of one script that one face shows.
struct Stretch {
    range: Range<usize>,
    face: usize,
    script: Script,
}

/// Shape the part `range` of the text that `bidi` knows.
pub(super) fn line(faces: &[Face], bidi: &BidiInfo<'_>, range: Range<usize>) -> Line {
    let mut line = Line::default();
    let within = |paragraph: &&ParagraphInfo| paragraph.range.contains(&range.start);
    let Some(paragraph) = bidi.paragraphs.iter().find(within) else {
        return line; // empty, after the last line end
    };
    line.is_rtl = paragraph.level.is_rtl();
    if range.is_empty() {
        return line;
    }
    let (levels, runs) = bidi.visual_runs(paragraph, range);
    for run in runs {
        let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
        let text = &bidi.text[run];
        let mut stretches = stretches(faces, text);
        let direction = if is_rtl {
            stretches.reverse();
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        };
        for stretch in stretches {
            line.append(faces, &stretch, (text, direction));
        }
    }
    line
}

/// How far `text` reaches on a line.
pub(super) fn advance(faces: &[Face], text: &str) -> f32 {
    let mut line = Line::default();
    for stretch in stretches(faces, text) {
        line.append(faces, &stretch, (text, Direction::Invalid));
    }
    line.advance
}

impl Line {
    /// Shape a stretch and put it behind what stands on the line. An invalid direction is the script's.
    fn append(&mut self, faces: &[Face], stretch: &Stretch, (text, direction): (&str, Direction)) {
        let Some(face) = faces.get(stretch.face) else {
            return;
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text[stretch.range.clone()]);
        buffer.set_direction(direction);
        buffer.guess_segment_properties();
        let shaped = face.shape(buffer);
        let em = face.units_per_em();
        for (glyph, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            self.glyphs.push(Glyph {
                face: stretch.face,
                id: GlyphId::new(glyph.glyph_id),
                left: self.advance + place.x_offset as f32 / em,
                above: place.y_offset as f32 / em,
            });
            self.advance += place.x_advance as f32 / em;
        }
    }
}

/// Take `text` apart, in the order in which it is written.
fn stretches(faces: &[Face], text: &str) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (at, character) in text.char_indices() {
        let (last, end) = (stretches.last_mut(), at + character.len_utf8());
        let script = character.script();
        let shared = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
        let face = face_of(faces, character, last.as_deref().filter(|_| shared));
        match last {
            Some(last)
                if last.face == face
                    && (shared || last.script == script || last.script == Script::Common) =>
            {
                last.range.end = end;
                if !shared {
                    last.script = script;
                }
            }
            _ => stretches.push(Stretch {
                range: at..end,
                face,
                script: if shared { Script::Common } else { script },
            }),
        }
    }
    stretches
}

/// The first face that has the character; for one that all scripts share, that of its neighbour if it can.
/// Where none has it, the box of the neighbour's or the first face stands for it.
fn face_of(faces: &[Face], character: char, neighbour: Option<&Stretch>) -> usize {
    let has = |face: &usize| faces.get(*face).is_some_and(|face| face.has(character));
    let near = neighbour.map(|stretch| stretch.face);
    near.filter(has)
        .or_else(|| (0..faces.len()).find(has))
        .or(near)
        .unwrap_or(0)
}
