//! Find the part of a picture that is most worth looking at: where edges, skin and strong colours are. The
//! picture is reduced to a coarse map first, so a large one costs no more than a small one. Nothing here is
//! learned, and the same picture always gives the same part.

mod map;
mod window;

use crate::geometry::{Rect, Size};
use crate::picture::Picture;
use crate::plan::Scale;

/// Of `scale.keep` only the size is wanted; its place, in a picture scaled to `scale.whole`, is found.
pub(super) fn find(picture: &Picture, scale: Scale) -> Rect {
    let Scale { whole, keep } = scale;
    let spare = Size {
        width: whole.width.saturating_sub(keep.size.width),
        height: whole.height.saturating_sub(keep.size.height),
    };
    if spare.width == 0 && spare.height == 0 {
        return Rect::whole(keep.size);
    }
    let map = map::Map::of(picture);
    let cells = |cells: usize, part: u32, of: u32| {
        let exact = cells as u64 * u64::from(part) * 2 / u64::from(of.max(1));
        (exact.div_ceil(2) as usize).clamp(1, cells)
    };
    let window = window::Window {
        columns: cells(map.columns(), keep.size.width, whole.width),
        rows: cells(map.rows(), keep.size.height, whole.height),
    };
    let found = window::best(&map, &window);
    // The outermost places of the map are the outermost ones of the picture.
    let place = |at: usize, of: usize, spare: u32| {
        if of == 0 {
            return spare.div_ceil(2);
        }
        let (at, of, spare) = (at as u64, of as u64, u64::from(spare));
        ((2 * at * spare + of) / (2 * of)) as u32
    };
    Rect {
        left: place(found.0, map.columns() - window.columns, spare.width),
        top: place(found.1, map.rows() - window.rows, spare.height),
        size: keep.size,
    }
}

#[cfg(test)]
mod tests;
