//! The vertical half, which comes first because lanes work best along whole rows: rows of bytes come in,
//! rows of the new height go out with a few fraction bits.

use super::weights::{WEIGHT_BITS, Weights};
use crate::lanes::{I16x8, I32x4, widen};

/// Rows that are added up at a time.
pub(super) const TAPS_STEP: usize = 4;
/// Fraction bits of the rows that go out. The kernel overshoots to 1.3 times 255 at most, which fits 16
/// bits with them.
pub(super) const LINE_BITS: u32 = 6;

/// Columns that are added up at a time.
const COLUMNS_STEP: usize = 16;

/// The rows that one row of the result looks at, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Down {
    weights: Weights,
    first_column: usize,
    columns: usize,
    /// The last rows, each in the place that its number gives. Rows are whole steps of columns.
    ring: Vec<[u8; COLUMNS_STEP]>,
    steps: usize,
    capacity: usize,
    pushed: usize,
    pulled: usize,
    available: usize,
    line: Vec<[i16; COLUMNS_STEP]>,
}

impl Down {
    /// For these of the columns of rows, of which there will be `available`.
    pub(super) fn new(weights: Weights, columns: std::ops::Range<usize>, available: usize) -> Self {
        let steps = columns.len().div_ceil(COLUMNS_STEP);
        let capacity = weights.taps.min(available);
        Self {
            first_column: columns.start,
            columns: columns.len(),
            ring: vec![[0; COLUMNS_STEP]; steps * capacity],
            steps,
            capacity,
            pushed: 0,
            pulled: 0,
            available,
            line: vec![[0; COLUMNS_STEP]; steps],
            weights,
        }
    }

    /// Take in the next row; what is past the columns wanted may be missing.
    pub(super) fn push(&mut self, row: &[u8]) {
        let at = self.pushed % self.capacity * self.steps;
        let row = row.get(self.first_column..).unwrap_or_default();
        let row = &row[..row.len().min(self.columns)];
        let (whole, rest) = row.as_chunks::<COLUMNS_STEP>();
        let place = &mut self.ring[at..at + self.steps];
        place[..whole.len()].copy_from_slice(whole);
        if let Some(last) = place.get_mut(whole.len()) {
            last[..rest.len()].copy_from_slice(rest);
        }
        self.pushed += 1;
    }

    pub(super) fn is_done(&self) -> bool {
        self.pulled == self.weights.starts.len()
    }

    /// The next row, if all that it looks at is there.
    pub(super) fn pull(&mut self) -> Option<&[[i16; COLUMNS_STEP]]> {
        let start = *self.weights.starts.get(self.pulled)?;
        let taps = self.weights.taps;
        let needed = (start + taps).min(self.available);
        if self.pushed < needed {
            return None;
        }
        let weights = &self.weights.values[self.pulled * taps..][..taps];
        let mut groups = Vec::with_capacity(taps / TAPS_STEP);
        for (group, weights) in weights.as_chunks::<TAPS_STEP>().0.iter().enumerate() {
            // Taps past the last row weigh nothing, so that any row does for them.
            let row = |tap: usize| (start + group * TAPS_STEP + tap).min(needed - 1);
            let place = |tap: usize| row(tap) % self.capacity * self.steps;
            let rows = std::array::from_fn(|tap| &self.ring[place(tap)..][..self.steps]);
            let pair = |tap: usize| I16x8::pairs(weights[tap], weights[tap + 1]);
            groups.push((rows, [pair(0), pair(2)]));
        }
        add_up(&groups, &mut self.line);
        self.pulled += 1;
        Some(&self.line)
    }
}

/// Four rows and their weights, two and two.
type Group<'a> = ([&'a [[u8; COLUMNS_STEP]]; TAPS_STEP], [I16x8; 2]);

/// The weighted sum of rows.
fn add_up(groups: &[Group], line: &mut [[i16; COLUMNS_STEP]]) {
    const SHIFT: u32 = WEIGHT_BITS - LINE_BITS;
    for (step, out) in line.iter_mut().enumerate() {
        let mut sums = [I32x4::splat(1 << (SHIFT - 1)); 4];
        for (rows, weights) in groups {
            for (pair, &weights) in rows.as_chunks::<2>().0.iter().zip(weights) {
                let (a, b) = (widen(&pair[0][step]), widen(&pair[1][step]));
                let mixed = [
                    a.0.zip_low(b.0),
                    a.0.zip_high(b.0),
                    a.1.zip_low(b.1),
                    a.1.zip_high(b.1),
                ];
                for (sum, mixed) in sums.iter_mut().zip(mixed) {
                    *sum = sum.add(mixed.dot(weights));
                }
            }
        }
        let [a, b, c, d] = sums.map(I32x4::shr::<SHIFT>);
        let (halves, _) = out.as_chunks_mut::<8>();
        halves[0] = a.narrow(b).lanes();
        halves[1] = c.narrow(d).lanes();
    }
}
