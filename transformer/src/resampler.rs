//! Rows of one component come in from the top, rows of another size go out as soon as the last row that
//! they need is there. Lanczos with three lobes in fixed point, the same to the bit on every machine.
//! Holds only the rows that one row of the result looks at, never a picture.
#![expect(
    clippy::inline_always,
    reason = "lanes must become part of their loops to stay in registers"
)]

mod across;
mod down;
mod weights;

use across::Across;
use down::Down;
use weights::Weights;

/// A stretch of the source along one axis, in samples and fractions of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub(crate) start: f64,
    pub(crate) length: f64,
}

/// One axis: of `available` samples the stretch `span` becomes `wanted` samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    pub(crate) span: Span,
    pub(crate) available: usize,
    pub(crate) wanted: usize,
    pub(crate) samples: Samples,
}

/// What samples of a source tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Samples {
    /// The picture at one point each.
    Points,
    /// The mean of all that lies around it, up to half way to its neighbours.
    Means,
    /// One sample for two of a finer picture, each of which is three quarters of the nearer and a quarter of the farther:
    /// what decoders agree on for colours stored at half the sides (T.871 leaves it open, libjpeg and browsers do
    /// so), and what the picture looks like that is to be resampled.
    Halves,
}

/// A component on its way to another size.
#[derive(Debug, Clone)]
pub(crate) struct Resampler {
    down: Down,
    across: Across,
}

impl Resampler {
    /// No axis may be empty on either side.
    pub(crate) fn new(horizontal: Axis, vertical: Axis) -> Self {
        let across = Across::new(&Weights::new(horizontal, across::TAPS_STEP));
        let down = Down::new(
            Weights::new(vertical, down::TAPS_STEP),
            across.columns(),
            vertical.available,
        );
        Self { down, across }
    }

    /// Bytes that a resampler holds.
    pub(crate) fn bytes(horizontal: Axis, vertical: Axis) -> u64 {
        let weights = |axis: Axis| axis.wanted as u64 * (axis.taps_max() as u64 * 2 + 8);
        // The rows that wait, and one of sums.
        let rows = vertical.taps_max().min(vertical.available) as u64 + 4;
        rows * (horizontal.available as u64 + 32) + weights(horizontal) + weights(vertical)
    }

    /// Take in the next row.
    pub(crate) fn push(&mut self, row: &[u8]) {
        self.down.push(row);
    }

    /// Write the next row of the result, if all that it needs is there.
    pub(crate) fn pull(&mut self, out: &mut [u8]) -> Pulled {
        if self.down.is_done() {
            return Pulled::End;
        }
        match self.down.pull() {
            Some(line) => {
                self.across.write(line, out);
                Pulled::Row
            }
            None => Pulled::Nothing,
        }
    }
}

/// What [`Resampler::pull`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pulled {
    /// Wrote a row.
    Row,
    /// Waits for more rows of the source.
    Nothing,
    /// The result is complete.
    End,
}

impl Axis {
    /// Source samples in one of the result.
    fn ratio(self) -> f64 {
        self.span.length / self.wanted as f64
    }

    /// Most samples that one of the result looks at, rounded up as far as any use of them does.
    fn taps_max(self) -> usize {
        let support = weights::LOBES * self.ratio().max(1.0);
        (support.ceil() as usize * 2 + 1).next_multiple_of(8)
    }
}

#[cfg(test)]
mod tests;
