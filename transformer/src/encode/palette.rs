//! Pixels to a palette of at most 256 colours and an index for each pixel. A picture with few colours keeps
//! them exactly; of others the colours are chosen by where the pixels lie (`cells`), moved to the middle of
//! what they stand for (`clusters`), and dithered (`dither`). Alpha is a dimension like the others; what is
//! wholly transparent stays so. No format is known here. The same pixels always give the same indices.

mod bins;
mod cells;
mod clusters;
mod dither;
mod exact;
mod nearest;
mod space;

use bins::Weighted;
use nearest::Nearest;
use space::Point;

/// What one byte can count.
pub(super) const COLOURS_MAX: usize = 256;

/// Alpha that is as good as none: what an edge that was smoothed has left of it.
const SOLID_MIN: u8 = 244;

/// A transparent pixel; its colour is never seen.
pub(super) const CLEAR: [u8; 4] = [0; 4];

/// A picture by its palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Indexed {
    /// 1 to 256 colours with straight alpha; the transparent one, where there is one, is the first.
    pub palette: Vec<[u8; 4]>,
    /// One for each pixel, all inside the palette.
    pub indices: Vec<u8>,
}

/// Whether the palette has the transparent colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clear {
    /// Where a pixel is transparent.
    IfSeen,
    /// In any case.
    Always,
}

/// Quantise rows of `width` pixels. Pixels whose alpha is 0 count as one colour.
pub(super) fn quantise(pixels: &[[u8; 4]], width: usize, clear: Clear) -> Indexed {
    if let Some(indexed) = exact::indexed(pixels, clear) {
        return indexed;
    }
    let has_clear = clear == Clear::Always || pixels.iter().any(|pixel| pixel[3] == 0);
    let colours_max = COLOURS_MAX - usize::from(has_clear);
    let colours = colours(&bins::of(pixels), colours_max);
    let mut palette: Vec<[u8; 4]> = colours
        .iter()
        .map(|&(point, _)| solid(space::colour(point)))
        .collect();
    // What may be transparent stands in front, so that a list of alphas can end early.
    palette.sort_by_key(|colour| colour[3]);
    palette.dedup();
    if has_clear {
        palette.insert(0, CLEAR);
    }
    let visible = usize::from(has_clear);
    let nearest = Nearest::new(
        palette
            .iter()
            .skip(visible)
            .map(|&colour| space::point(colour)),
    );
    let indices = dither::indices(pixels, width, &nearest)
        .into_iter()
        .map(|index| index.map_or(0, |index| index + visible as u8))
        .collect();
    Indexed { palette, indices }
}

/// What is opaque stays so, although its colour stands for some pixels that nearly are, too.
fn solid([red, green, blue, alpha]: [u8; 4]) -> [u8; 4] {
    let alpha = if alpha >= SOLID_MIN { 255 } else { alpha };
    [red, green, blue, alpha]
}

/// At most `colours_max` colours that stand for `bins`, with the weight of each.
fn colours(bins: &[Weighted], colours_max: usize) -> Vec<(Point, f32)> {
    let cells = cells::divided(bins.to_vec(), colours_max);
    clusters::settled(bins, cells)
}

/// The colour that most of `pixels` have, as `colours_max` colours divide them; alpha left out.
pub(crate) fn dominant(pixels: &[[u8; 4]], colours_max: usize) -> Option<[u8; 4]> {
    let colours = colours(&bins::of(pixels), colours_max);
    let heaviest = colours
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1));
    heaviest.map(|(point, _)| space::colour(point))
}

#[cfg(test)]
mod tests;
