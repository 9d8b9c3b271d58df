//! A picture in, a coarse map of how much there is to see out. The three measures and their weights follow
//! the widely used `smartcrop` library: detail, skin, saturation.

use crate::picture::Picture;

/// Cells along the longer side. More would find nothing that matters in a thumbnail.
const SIDE_CELLS: u32 = 96;
/// Pixels that are looked at along each side of a cell: their mean stands for the cell.
const SAMPLES_PER_SIDE: usize = 6;
/// Skin under neutral light has nearly this direction among colours, however dark it is.
const SKIN: [f32; 3] = [0.78, 0.57, 0.44];
/// How near to that direction a colour has to be, from 0 to 1.
const SKIN_LIKENESS_MIN: f32 = 0.8;
/// Shadows and highlights have no colour to speak of.
const SKIN_LUMA: [f32; 2] = [0.2, 1.0];
const SATURATION_LUMA: [f32; 2] = [0.05, 0.9];
/// Colours fainter than this do not catch the eye.
const SATURATION_MIN: f32 = 0.4;
/// Steps in lightness below this are noise, or a sky.
const DETAIL_MIN: f32 = 0.02;
const DETAIL_WEIGHT: f32 = 0.2;
const SKIN_WEIGHT: f32 = 1.8;
const SATURATION_WEIGHT: f32 = 0.1;
/// Flat skin and flat colours count for little beside those with detail in them.
const SKIN_BIAS: f32 = 0.01;
const SATURATION_BIAS: f32 = 0.2;
/// Scores are whole numbers, so that their sums have no order.
const SCORE_ONE: f32 = 65_536.0;

/// Scores summed from the upper left corner: any rectangle's score is four look-ups.
pub(super) struct Map {
    columns: usize,
    rows: usize,
    /// One more column and row than there are cells, the first ones zero.
    sums: Vec<u64>,
}

/// Mean colour of a cell, 0 to 1 each.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    rgb: [f32; 3],
    luma: f32,
    /// 0 is invisible.
    alpha: f32,
}

impl Map {
    /// Reduce `picture` and score it.
    pub(super) fn of(picture: &Picture) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let longer = u64::from(width.max(height));
        let cells = |side: u32| {
            let cells = u64::from(side) * u64::from(SIDE_CELLS) / longer.max(1);
            cells.clamp(1, u64::from(side.min(SIDE_CELLS))) as usize
        };
        let (columns, rows) = (cells(width), cells(height));
        let means: Vec<Cell> = (0..rows * columns)
            .map(|at| mean(picture, (at % columns, columns), (at / columns, rows)))
            .collect();
        let scores: Vec<u64> = (0..means.len())
            .map(|at| score(&means, columns, at))
            .collect();
        Self {
            columns,
            rows,
            sums: sums(&scores, columns),
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The score of the cells from `left` and `top` up to `right` and `bottom`, those not included.
    pub(super) fn sum(&self, (left, top): (usize, usize), (right, bottom): (usize, usize)) -> u64 {
        let at = |x: usize, y: usize| {
            let place = y.min(self.rows) * (self.columns + 1) + x.min(self.columns);
            self.sums.get(place).copied().unwrap_or(0)
        };
        (at(right, bottom) + at(left, top)).saturating_sub(at(left, bottom) + at(right, top))
    }
}

fn sums(scores: &[u64], columns: usize) -> Vec<u64> {
    let mut sums = vec![0; columns + 1];
    for (y, row) in scores.chunks_exact(columns).enumerate() {
        let mut so_far = 0;
        sums.push(0);
        for (x, score) in row.iter().enumerate() {
            so_far += score;
            sums.push(so_far + sums[y * (columns + 1) + x + 1]);
        }
    }
    sums
}

/// The mean of some pixels of a cell, evenly spread over it.
fn mean(picture: &Picture, across: (usize, usize), down: (usize, usize)) -> Cell {
    let (channels, stride) = (picture.layout().channels(), picture.stride());
    let places = |(at, of): (usize, usize), side: u32| {
        let (from, to) = (at * side as usize / of, (at + 1) * side as usize / of);
        let count = (to - from).clamp(1, SAMPLES_PER_SIDE);
        (0..count).map(move |place| from + (2 * place + 1) * (to - from) / (2 * count))
    };
    let (mut sum, mut alphas, mut count) = ([0u32; 3], 0u32, 0u32);
    for y in places(down, picture.height()) {
        for x in places(across, picture.width()) {
            let at = y * stride + x * channels;
            let pixel = picture.samples().get(at..at + channels);
            let (rgb, alpha) = match *pixel.unwrap_or_default() {
                [grey] => ([grey; 3], u8::MAX),
                [grey, alpha] => ([grey; 3], alpha),
                [red, green, blue] => ([red, green, blue], u8::MAX),
                [red, green, blue, alpha] => ([red, green, blue], alpha),
                _ => continue,
            };
            for (sum, sample) in sum.iter_mut().zip(rgb) {
                *sum += u32::from(sample) * u32::from(alpha);
            }
            alphas += u32::from(alpha);
            count += 1;
        }
    }
    let part = |sum: u32| sum as f32 / (255 * alphas.max(1)) as f32;
    let rgb = sum.map(part);
    let [red, green, blue] = rgb;
    Cell {
        rgb,
        luma: 0.299 * red + 0.587 * green + 0.114 * blue,
        alpha: alphas as f32 / (255 * count.max(1)) as f32,
    }
}

fn score(cells: &[Cell], columns: usize, at: usize) -> u64 {
    let cell = cells[at];
    let detail = detail(cells, columns, at);
    let score = DETAIL_WEIGHT * detail
        + SKIN_WEIGHT * skin(cell) * (detail + SKIN_BIAS)
        + SATURATION_WEIGHT * saturation(cell) * (detail + SATURATION_BIAS);
    (score * cell.alpha * SCORE_ONE) as u64
}

/// How much a cell's lightness differs from that of its neighbours. What is invisible lies on middle grey.
fn detail(cells: &[Cell], columns: usize, at: usize) -> f32 {
    let light = |cell: &Cell| cell.luma * cell.alpha + 0.5 * (1.0 - cell.alpha);
    let here = light(&cells[at]);
    let to = |neighbour: Option<&Cell>| here - neighbour.map_or(here, light);
    let column = at % columns;
    let left = to((column > 0).then(|| &cells[at - 1]));
    let right = to((column + 1 < columns).then(|| &cells[at + 1]));
    let above = to(at.checked_sub(columns).map(|above| &cells[above]));
    let below = to(cells.get(at + columns));
    let detail = (left + right + above + below).abs();
    if detail < DETAIL_MIN {
        0.0
    } else {
        detail.min(1.0)
    }
}

/// 0 to 1: how much a colour is that of skin.
fn skin(cell: Cell) -> f32 {
    let length = cell.rgb.iter().map(|part| part * part).sum::<f32>().sqrt();
    if length == 0.0 || !within(cell.luma, SKIN_LUMA) {
        return 0.0;
    }
    let apart = cell.rgb.iter().zip(SKIN);
    let apart: f32 = apart
        .map(|(part, skin)| (part / length - skin).powi(2))
        .sum();
    ((1.0 - apart.sqrt() - SKIN_LIKENESS_MIN) / (1.0 - SKIN_LIKENESS_MIN)).max(0.0)
}

/// 0 to 1: how strong a colour is.
fn saturation(cell: Cell) -> f32 {
    if !within(cell.luma, SATURATION_LUMA) {
        return 0.0;
    }
    let most = cell.rgb.into_iter().fold(0.0, f32::max);
    let least = cell.rgb.into_iter().fold(1.0, f32::min);
    if most <= least {
        return 0.0;
    }
    let lightness = f32::midpoint(most, least);
    let range = if lightness > 0.5 {
        2.0 - most - least
    } else {
        most + least
    };
    (((most - least) / range - SATURATION_MIN) / (1.0 - SATURATION_MIN)).clamp(0.0, 1.0)
}

fn within(value: f32, [least, most]: [f32; 2]) -> bool {
    (least..=most).contains(&value)
}
