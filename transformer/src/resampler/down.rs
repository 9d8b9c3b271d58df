//! The vertical half, which comes first because lanes work best along whole rows: rows of bytes come in,
//! rows of the new height go out with a few fraction bits.

use super::weights::{WEIGHT_BITS, Weights};
use crate::lanes::{I16x8, I32x4, U8x16, widen_pairs};

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
    ring: Vec<U8x16>,
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
            ring: vec![U8x16::new(&[0; COLUMNS_STEP]); steps * capacity],
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
        for (to, from) in place.iter_mut().zip(whole) {
            *to = U8x16::new(from);
        }
        if let Some(last) = place.get_mut(whole.len()) {
            let mut padded = [0; COLUMNS_STEP];
            padded[..rest.len()].copy_from_slice(rest);
            *last = U8x16::new(&padded);
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
type Group<'a> = ([&'a [U8x16]; TAPS_STEP], [I16x8; 2]);

/// The weighted sum of rows.
fn add_up(groups: &[Group], line: &mut [[i16; COLUMNS_STEP]]) {
    match groups.len() {
        1 => add_up_known::<1>(groups, line),
        2 => add_up_known::<2>(groups, line),
        3 => add_up_known::<3>(groups, line),
        4 => add_up_known::<4>(groups, line),
        5 => add_up_known::<5>(groups, line),
        6 => add_up_known::<6>(groups, line),
        _ => add_up_any(groups, line),
    }
}

/// A number of groups that is known: no loop is left inside the one over columns, and nothing to check.
fn add_up_known<const GROUPS: usize>(groups: &[Group], line: &mut [[i16; COLUMNS_STEP]]) {
    let steps = line.len();
    let Some(groups) = groups.first_chunk::<GROUPS>() else {
        return;
    };
    let groups = groups.map(|(rows, weights)| (rows.map(|row| &row[..steps]), weights));
    for (step, out) in line.iter_mut().enumerate() {
        let mut sums = Sums::new();
        for (rows, weights) in &groups {
            sums.add(rows.map(|row| row[step]), *weights);
        }
        sums.write(out);
    }
}

/// Any number of groups.
fn add_up_any(groups: &[Group], line: &mut [[i16; COLUMNS_STEP]]) {
    for (step, out) in line.iter_mut().enumerate() {
        let mut sums = Sums::new();
        for (rows, weights) in groups {
            sums.add(rows.map(|row| row[step]), *weights);
        }
        sums.write(out);
    }
}

/// Sixteen columns of a line in the making.
struct Sums([I32x4; 4]);

impl Sums {
    /// What the weights leave for the line.
    const SHIFT: u32 = WEIGHT_BITS - LINE_BITS;

    #[inline(always)]
    fn new() -> Self {
        Self([I32x4::splat(1 << (Self::SHIFT - 1)); 4])
    }

    #[inline(always)]
    fn add(&mut self, [a, b, c, d]: [U8x16; TAPS_STEP], weights: [I16x8; 2]) {
        let (upper, lower) = (widen_pairs(a, b), widen_pairs(c, d));
        for (index, sum) in self.0.iter_mut().enumerate() {
            let both = upper[index]
                .dot(weights[0])
                .add(lower[index].dot(weights[1]));
            *sum = sum.add(both);
        }
    }

    #[inline(always)]
    fn write(self, out: &mut [i16; COLUMNS_STEP]) {
        let [a, b, c, d] = self.0.map(I32x4::shr::<{ Self::SHIFT }>);
        let (halves, _) = out.as_chunks_mut::<8>();
        halves[0] = a.narrow(b).lanes();
        halves[1] = c.narrow(d).lanes();
    }
}
