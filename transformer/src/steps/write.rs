//! Write a text over a picture, once or all over it.

use ab_glyph_rasterizer::Rasterizer;

use super::blend::{able_to_hold, covered, level, over};
use super::room;
use crate::geometry::Size;
use crate::options::{Rgb, Tiling};
use crate::picture::{Layout, Picture};
use crate::text::{Inscription, Outline, faces};

/// Where the one copy stands that is always there: as far from the left as from the top, in pixels.
const CORNER: u32 = 100;

/// A text with everything that decides how it looks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Writing {
    pub inscription: Inscription,
    /// Pixels between two copies.
    pub margin: u32,
    pub tiling: Tiling,
    pub colour: Rgb,
    /// 0 to 1.
    pub opacity: f32,
}

/// Write on `picture`.
pub(super) fn write(picture: Picture, writing: &Writing) -> Option<Picture> {
    let mut picture = able_to_hold(picture, writing.colour)?;
    let Size { width, .. } = writing.inscription.ink;
    let mask = mask(&writing.inscription, level(writing.opacity))?;
    let Rgb { red, green, blue } = writing.colour;
    let (columns, lines) = (
        copies(writing, width, picture.width()),
        copies(writing, writing.inscription.ink.height, picture.height()),
    );
    let (channels, stride) = (picture.layout().channels(), picture.stride());
    for line in lines {
        let rows = Overlap::of(line, writing.inscription.ink.height, picture.height());
        for row in 0..rows.length {
            let covers = mask
                .get((rows.inner + row) * width as usize..)?
                .get(..width as usize)?;
            let target = picture.samples_mut();
            let target = target
                .get_mut((rows.outer + row) * stride..)?
                .get_mut(..stride)?;
            for &column in &columns {
                let part = Overlap::of(column, width, (stride / channels) as u32);
                let pixels = target.chunks_exact_mut(channels).skip(part.outer);
                let covers = covers.iter().skip(part.inner).take(part.length);
                for (pixel, &coverage) in pixels.zip(covers) {
                    over(pixel, [red, green, blue], coverage);
                }
            }
        }
    }
    Some(picture)
}

/// Where copies of `length` begin along a side of the picture: one at the corner, the others a margin apart
/// on both sides of it.
fn copies(writing: &Writing, length: u32, side: u32) -> Vec<i64> {
    let corner = i64::from(CORNER);
    if writing.tiling == Tiling::Once {
        return vec![corner];
    }
    let step = i64::from(length) + i64::from(writing.margin);
    // The first that is not wholly before the picture.
    let first = (-i64::from(length) - corner).div_euclid(step) + 1;
    let from = corner + first * step;
    (from..i64::from(side)).step_by(step as usize).collect()
}

/// What a part that begins at some place has in common with a side of the picture.
struct Overlap {
    /// From where, counted on the part.
    inner: usize,
    /// From where, counted on the picture.
    outer: usize,
    length: usize,
}

impl Overlap {
    fn of(start: i64, length: u32, side: u32) -> Self {
        let end = (start + i64::from(length)).min(i64::from(side));
        let from = start.clamp(0, end.max(0));
        Self {
            inner: (from - start) as usize,
            outer: from as usize,
            length: (end - from).max(0) as usize,
        }
    }
}

/// How much of each pixel the text covers, its opacity included.
fn mask(text: &Inscription, opacity: u8) -> Option<Vec<u8>> {
    let faces = faces();
    let mut mask = room::<u8>(text.ink, Layout::Grey)?;
    let mut canvas = Rasterizer::new(0, 0);
    for glyph in &text.glyphs {
        let face = faces.get(glyph.face)?;
        let Some(bounds) = face.bounds(glyph.glyph) else {
            continue;
        };
        // Whole pixels around the glyph, never outside the ink.
        let within = |from: f32, to: f32, side: u32| {
            let from = from.floor().max(0.0) as u32;
            (
                from,
                (to.ceil().max(0.0) as u32).min(side).saturating_sub(from),
            )
        };
        let across = |x: f32| glyph.left + x * glyph.scale;
        let down = |y: f32| glyph.baseline - y * glyph.scale;
        let (left, width) = within(across(bounds.x_min), across(bounds.x_max), text.ink.width);
        let (top, height) = within(down(bounds.y_max), down(bounds.y_min), text.ink.height);
        canvas.reset(width as usize, height as usize);
        let mut outline = Outline::new(&mut canvas, glyph, (left as f32, top as f32));
        face.draw(glyph.glyph, &mut outline);
        let first = top as usize * text.ink.width as usize + left as usize;
        canvas.for_each_pixel_2d(|x, y, share| {
            let at = first + y as usize * text.ink.width as usize + x as usize;
            if let Some(sample) = mask.get_mut(at) {
                // Letters that touch share the pixels of their seam.
                *sample = sample.saturating_add(level(share));
            }
        });
    }
    for sample in &mut mask {
        *sample = covered(*sample, opacity);
    }
    Some(mask)
}

#[cfg(test)]
mod tests;
