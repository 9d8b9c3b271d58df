//! Residuals to coefficients and back (AV1 specification, 7.13.3). Coefficients stand column by column:
//! all vertical frequencies of the first horizontal one, then those of the second.

use super::butterfly::{Row, weigh};
use super::{cosine, sine};
use crate::lanes::{I16x8, transpose_8x8};

/// Of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wave {
    Cosine,
    Sine,
}

/// Vertical, then horizontal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waves(pub(super) Wave, pub(super) Wave);

impl Waves {
    pub(super) const COSINES: Self = Self(Wave::Cosine, Wave::Cosine);
    pub(super) const SINES: Self = Self(Wave::Sine, Wave::Sine);
    pub(super) const SINE_COSINE: Self = Self(Wave::Sine, Wave::Cosine);
    pub(super) const COSINE_SINE: Self = Self(Wave::Cosine, Wave::Sine);
}

/// Logarithms of a block's width and height: 2 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width_log: u32,
    pub(super) height_log: u32,
}

impl Size {
    pub(super) const fn square(log: u32) -> Self {
        Self {
            width_log: log,
            height_log: log,
        }
    }

    pub(super) const fn width(self) -> usize {
        1 << self.width_log
    }

    pub(super) const fn height(self) -> usize {
        1 << self.height_log
    }

    pub(super) const fn samples(self) -> usize {
        1 << (self.width_log + self.height_log)
    }

    const fn twice_as_long(self) -> bool {
        self.width_log.abs_diff(self.height_log) == 1
    }
}

/// The largest transform's coefficients.
pub(super) const SAMPLES_MAX: usize = 1024;
/// `4096 / sqrt(2)`: what transforms of twice the length are scaled by.
const HALF_ROOT: i16 = 2896;

/// Residuals, row by row, to coefficients eight times as large as orthonormal ones; those of 1,024 samples
/// half of that.
pub(super) fn forward(residuals: &[i16], size: Size, waves: Waves, to: &mut [i16]) {
    match size.samples() {
        ..=64 => forward_by(residuals, size, waves, (&mut [0; 64], to)),
        65..=256 => forward_by(residuals, size, waves, (&mut [0; 256], to)),
        _ => forward_by(residuals, size, waves, (&mut [0; SAMPLES_MAX], to)),
    }
}

fn forward_by(residuals: &[i16], size: Size, waves: Waves, (turned, to): (&mut [i16], &mut [i16])) {
    let (width, height) = (size.width(), size.height());
    let shift = forward_shift(size);
    for x in (0..width).step_by(8) {
        let load = |y: usize| shift_up(load(&residuals[y * width + x..], width));
        run(size.height_log, |rows| {
            for (y, row) in rows.iter_mut().enumerate() {
                *row = load(y);
            }
            one_dimension(rows, waves.0, true);
            for row in rows.iter_mut() {
                *row = round_by(*row, shift);
            }
            turn(rows, |at, column| {
                if x + at < width {
                    store(column, &mut turned[(x + at) * height..][..height]);
                }
            });
        });
    }
    for y in (0..height).step_by(8) {
        run(size.width_log, |rows| {
            for (x, row) in rows.iter_mut().enumerate() {
                let from = load(&turned[x * height + y..], height);
                *row = if size.twice_as_long() {
                    halve_root(from)
                } else {
                    from
                };
            }
            one_dimension(rows, waves.1, true);
            for (x, row) in rows.iter().enumerate() {
                store_part(*row, &mut to[x * height + y..], height);
            }
        });
    }
}

/// Coefficients to residuals, row by row, to the bit as decoders do.
pub(super) fn inverse(coefficients: &[i16], size: Size, waves: Waves, to: &mut [i16]) {
    let (width, height) = (size.width(), size.height());
    let mut turned = [0; SAMPLES_MAX];
    let shift = inverse_shift(size);
    for y in (0..height).step_by(8) {
        run(size.width_log, |rows| {
            for (x, row) in rows.iter_mut().enumerate() {
                let from = load(&coefficients[x * height + y..], height);
                *row = if size.twice_as_long() {
                    halve_root(from)
                } else {
                    from
                };
            }
            one_dimension(rows, waves.1, false);
            for row in rows.iter_mut() {
                *row = round_by(*row, shift);
            }
            turn(rows, |at, column| {
                if y + at < height {
                    store(column, &mut turned[(y + at) * width..][..width]);
                }
            });
        });
    }
    for x in (0..width).step_by(8) {
        run(size.height_log, |rows| {
            for (y, row) in rows.iter_mut().enumerate() {
                *row = load(&turned[y * width + x..], width);
            }
            one_dimension(rows, waves.0, false);
            for (y, row) in rows.iter().enumerate() {
                store_part(round_by(*row, 4), &mut to[y * width + x..], width);
            }
        });
    }
}

/// What is rounded away between the two directions, after two bits more for the start.
const fn forward_shift(size: Size) -> u32 {
    match (size.width_log, size.height_log) {
        (2, 2 | 3) | (3, 2) => 0,
        (2 | 3, 4) | (3, 3) | (4, 2 | 3) => 1,
        (4, 5) | (5, 4) => 3,
        (5, 5) => 4,
        _ => 2,
    }
}

const fn inverse_shift(size: Size) -> u32 {
    match (size.width_log, size.height_log) {
        (2, 2 | 3) | (3, 2) => 0,
        (3, 3 | 4) | (2 | 5, 4) | (4, 2 | 3 | 5) => 1,
        _ => 2,
    }
}

/// Rows on the stack, as many as a side has.
#[inline(always)]
fn run(log: u32, mut with: impl FnMut(&mut [Row])) {
    let zero = I16x8::splat(0);
    match log {
        2 => with(&mut [zero; 4]),
        3 => with(&mut [zero; 8]),
        4 => with(&mut [zero; 16]),
        _ => with(&mut [zero; 32]),
    }
}

#[inline(always)]
fn one_dimension(rows: &mut [Row], wave: Wave, forward: bool) {
    if let Ok(rows) = <&mut [Row; 4]>::try_from(&mut *rows) {
        *rows = match (wave, forward) {
            (Wave::Cosine, true) => cosine::forward_4(*rows),
            (Wave::Cosine, false) => cosine::inverse_4(*rows),
            (Wave::Sine, true) => sine::forward_4(*rows),
            (Wave::Sine, false) => sine::inverse_4(*rows),
        };
    } else if let Ok(rows) = <&mut [Row; 8]>::try_from(&mut *rows) {
        *rows = match (wave, forward) {
            (Wave::Cosine, true) => cosine::forward_8(*rows),
            (Wave::Cosine, false) => cosine::inverse_8(*rows),
            (Wave::Sine, true) => sine::forward_8(*rows),
            (Wave::Sine, false) => sine::inverse_8(*rows),
        };
    } else if let Ok(rows) = <&mut [Row; 16]>::try_from(&mut *rows) {
        *rows = match (wave, forward) {
            (Wave::Cosine, true) => cosine::forward_16(*rows),
            (Wave::Cosine, false) => cosine::inverse_16(*rows),
            (Wave::Sine, true) => sine::forward_16(*rows),
            (Wave::Sine, false) => sine::inverse_16(*rows),
        };
    } else if let Ok(rows) = <&mut [Row; 32]>::try_from(rows) {
        // There is no sine transform of this length.
        *rows = if forward {
            cosine::forward_32(rows)
        } else {
            cosine::inverse_32(rows)
        };
    }
}

/// Give the columns of eight lanes, each with all rows, in pieces of eight.
#[inline(always)]
fn turn(rows: &[Row], mut give: impl FnMut(usize, &[Row])) {
    let zero = I16x8::splat(0);
    let mut columns = [[zero; 4]; 8];
    for (piece, rows) in rows.chunks(8).enumerate() {
        let square = std::array::from_fn(|at| *rows.get(at).unwrap_or(&zero));
        for (column, lanes) in columns.iter_mut().zip(transpose_8x8(square)) {
            column[piece] = lanes;
        }
    }
    for (at, column) in columns.iter().enumerate() {
        give(at, column);
    }
}

/// The next eight, or four and zeros where a side has four.
#[inline(always)]
fn load(from: &[i16], side: usize) -> Row {
    if side >= 8
        && let Some(eight) = from.first_chunk::<8>()
    {
        return I16x8::new(*eight);
    }
    let mut lanes = [0; 8];
    lanes[..4].copy_from_slice(&from[..4]);
    I16x8::new(lanes)
}

#[inline(always)]
fn store(from: &[Row], to: &mut [i16]) {
    for (lanes, to) in from.iter().zip(to.chunks_mut(8)) {
        to.copy_from_slice(&lanes.lanes()[..to.len()]);
    }
}

#[inline(always)]
fn store_part(from: Row, to: &mut [i16], side: usize) {
    let count = side.min(8);
    to[..count].copy_from_slice(&from.lanes()[..count]);
}

#[inline(always)]
fn shift_up(row: Row) -> Row {
    row.shl::<2>()
}

/// Over a power of two, halves rounded up.
#[inline(always)]
fn round_by(row: Row, bits: u32) -> Row {
    let halved = |row: Row| row.sub(row.shr::<1>());
    match bits {
        0 => row,
        1 => halved(row),
        2 => halved(row.shr::<1>()),
        3 => halved(row.shr::<2>()),
        _ => halved(row.shr::<3>()),
    }
}

#[inline(always)]
fn halve_root(row: Row) -> Row {
    weigh(row, I16x8::splat(0), HALF_ROOT, 0)
}
