//! Restart intervals: MCUs are counted, and at the end of each interval the reader moves behind the
//! marker that should stand there. Where another stands, goes on as libjpeg does; never looks at a
//! byte of the source more than a bounded number of times.

use super::bits::Bits;
use super::markers::{self, RST0, RST7};

/// The count of MCUs up to the next restart marker.
pub(super) struct Restarts<'a> {
    source: &'a [u8],
    interval: u32,
    left: u32,
    /// The low bits of the marker that comes next, 0 to 7.
    number: u8,
}

impl<'a> Restarts<'a> {
    pub(super) const fn new(source: &'a [u8], interval: u32) -> Self {
        Self {
            source,
            interval,
            left: interval,
            number: 0,
        }
    }

    /// To be called before each MCU: whether `bits` now begins a new interval, in which nothing of the
    /// one before holds.
    #[inline(always)]
    pub(super) fn begin_mcu(&mut self, bits: &mut Bits<'a>) -> bool {
        if self.interval == 0 {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        *bits = self.resume(bits.position());
        self.left = self.interval - 1;
        true
    }

    /// Whether data that ended here cannot go on in a later interval.
    pub(super) fn is_last(&self, bits: &Bits) -> bool {
        self.interval == 0
            || markers::next(self.source, bits.position())
                .is_none_or(|marker| !matches!(marker.code, RST0..=RST7))
    }

    /// Find where the next interval's data begin.
    #[cold]
    fn resume(&mut self, from: usize) -> Bits<'a> {
        let wanted = self.number;
        self.number = (wanted + 1) & 7;
        let mut at = from;
        while let Some(marker) = markers::next(self.source, at) {
            let ahead = match marker.code {
                RST0..=RST7 => (marker.code - RST0).wrapping_sub(wanted) & 7,
                // No restart marker: the interval has no data.
                0xC0.. => return Bits::new(self.source, marker.after - 2),
                // No marker at all.
                _ => 6,
            };
            match ahead {
                // One of the next two: this interval has no data.
                1 | 2 => return Bits::new(self.source, marker.after - 2),
                // One of the last two: what follows is older than what is wanted.
                6 | 7 => at = marker.after,
                // The one wanted, or one so far away that any is as good.
                _ => return Bits::new(self.source, marker.after),
            }
        }
        Bits::new(self.source, self.source.len())
    }
}
