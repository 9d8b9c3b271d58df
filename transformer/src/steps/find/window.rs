//! A map and the size of a window in, the window's best place on it out.

use std::cmp::Reverse;

use super::map::Map;

/// In cells, at most as large as the map.
pub(super) struct Window {
    pub columns: usize,
    pub rows: usize,
}

/// Parts of each side by which the inner windows are smaller: what lies in them counts once more. A
/// subject belongs into the middle of its picture, not to the edge.
const INSETS: [usize; 2] = [8, 4];

/// The place of the highest score, as columns and rows before the window; of equal ones the nearest to the
/// middle of the map.
pub(super) fn best(map: &Map, window: &Window) -> (usize, usize) {
    let spare = (
        map.columns().saturating_sub(window.columns),
        map.rows().saturating_sub(window.rows),
    );
    let off_centre = |at: usize, spare: usize| (2 * at).abs_diff(spare + spare % 2).pow(2);
    (0..=spare.1)
        .flat_map(|top| (0..=spare.0).map(move |left| (left, top)))
        .max_by_key(|&(left, top)| {
            let off = off_centre(left, spare.0) + off_centre(top, spare.1);
            (score(map, window, (left, top)), Reverse(off))
        })
        .unwrap_or_default()
}

fn score(map: &Map, window: &Window, (left, top): (usize, usize)) -> u64 {
    let inner = |inset: Option<usize>| {
        let (x, y) = inset.map_or((0, 0), |part| (window.columns / part, window.rows / part));
        map.sum(
            (left + x, top + y),
            (left + window.columns - x, top + window.rows - y),
        )
    };
    inner(None)
        + INSETS
            .into_iter()
            .map(|part| inner(Some(part)))
            .sum::<u64>()
}
