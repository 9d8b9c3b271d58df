//! All coefficients of a frame in, a sequence of scans out that sharpen the picture step by step: first
//! means, then low frequencies, then the rest, each first without its last bits (T.81 annex G).

use super::frame::{Frame, scan_header};
use super::scan::{Scan, Slot, magnitude};
use super::transform::Coefficients;

/// The coefficients of one component in zigzag order, rows of `Component::columns` blocks.
pub(super) type Plane = Vec<Coefficients>;

/// Zigzag positions from, to; and how many low bits are left for later.
#[derive(Debug, Clone, Copy)]
struct Band {
    first: u8,
    last: u8,
    low: u8,
}

/// One component's scan of details: component index and band; `Refine` brings the bit above `low`.
#[derive(Debug, Clone, Copy)]
enum Pass {
    Begin(usize, Band),
    Refine(usize, Band),
}

const fn band(first: u8, last: u8, low: u8) -> Band {
    Band { first, last, low }
}

/// Details before the last bit of the means. The order is the one that most writers use: colour early, so
/// that the first views have their colours.
const EARLY: [Pass; 5] = [
    Pass::Begin(0, band(1, 5, 2)),
    Pass::Begin(2, band(1, 63, 1)),
    Pass::Begin(1, band(1, 63, 1)),
    Pass::Begin(0, band(6, 63, 2)),
    Pass::Refine(0, band(1, 63, 1)),
];

/// Details after it.
const LATE: [Pass; 3] = [
    Pass::Refine(2, band(1, 63, 0)),
    Pass::Refine(1, band(1, 63, 0)),
    Pass::Refine(0, band(1, 63, 0)),
];

/// Write every scan of the frame.
pub(super) fn write_scans(frame: &Frame, planes: &[Plane], out: &mut Vec<u8>) {
    write_means(frame, planes, out);
    for pass in EARLY {
        pass.write(frame, planes, out);
    }
    write_means_bit(frame, planes, out);
    for pass in LATE {
        pass.write(frame, planes, out);
    }
}

/// The means but for their lowest bit, all components interleaved.
fn write_means(frame: &Frame, planes: &[Plane], out: &mut Vec<u8>) {
    let header = scan_header(&frame.components, (0, 0), (0, 1));
    let mut scan = Scan::new(header, out);
    let mut before = [0; 3];
    for (index, place) in (0..frame.units_high).flat_map(|row| frame.places(row)) {
        let component = &frame.components[index];
        let mean = place.map_or(before[index], |(column, row)| {
            i32::from(planes[index][row * component.columns + column][0]) >> 1
        });
        scan.difference(component.dc(), mean - before[index]);
        before[index] = mean;
    }
    scan.write();
}

/// The lowest bit of the means.
fn write_means_bit(frame: &Frame, planes: &[Plane], out: &mut Vec<u8>) {
    let header = scan_header(&frame.components, (0, 0), (1, 0));
    let mut scan = Scan::new(header, out);
    for (index, place) in (0..frame.units_high).flat_map(|row| frame.places(row)) {
        let columns = frame.components[index].columns;
        let bit = place.map_or(0, |(column, row)| {
            planes[index][row * columns + column][0] & 1
        });
        scan.raw(bit as u32, 1);
    }
    scan.write();
}

impl Pass {
    fn write(self, frame: &Frame, planes: &[Plane], out: &mut Vec<u8>) {
        let (Self::Begin(index, band) | Self::Refine(index, band)) = self;
        let Some(component) = frame.components.get(index) else {
            return;
        };
        let high = match self {
            Self::Begin(..) => 0,
            Self::Refine(..) => band.low + 1,
        };
        let header = scan_header(&[*component], (band.first, band.last), (high, band.low));
        let mut details = Details {
            scan: Scan::new(header, out),
            slot: component.ac(),
            ended: 0,
            held: Vec::new(),
        };
        for block in &planes[index] {
            match self {
                Self::Begin(..) => details.begin(block, band),
                Self::Refine(..) => details.refine(block, band),
            }
        }
        details.end_blocks();
        details.scan.write();
    }
}

/// A scan of details being gathered.
struct Details<'a> {
    scan: Scan<'a>,
    slot: Slot,
    /// Blocks that ended since the last symbol; at most `ENDED_MAX`.
    ended: u32,
    /// Bits that refine coefficients of those blocks, to be written after their symbol.
    held: Vec<u8>,
}

/// The longest run of ended blocks that has a symbol (T.81 G.1.2.2).
const ENDED_MAX: u32 = 0x7FFF;

impl Details<'_> {
    fn begin(&mut self, block: &Coefficients, band: Band) {
        let mut run = 0;
        for &value in &block[usize::from(band.first)..=usize::from(band.last)] {
            // Towards zero, unlike a shift of the signed value.
            let value = i32::from(value) / (1 << band.low);
            if value == 0 {
                run += 1;
                continue;
            }
            self.end_blocks();
            while run > 15 {
                self.scan.symbol(self.slot, 0xF0, (0, 0));
                run -= 16;
            }
            let (size, bits) = magnitude(value);
            self.scan
                .symbol(self.slot, (run << 4 | size) as u8, (bits, size));
            run = 0;
        }
        if run > 0 {
            self.end_block(&[]);
        }
    }

    fn refine(&mut self, block: &Coefficients, band: Band) {
        let values = &block[usize::from(band.first)..=usize::from(band.last)];
        let size = |value: i16| value.unsigned_abs() >> band.low;
        let last_new = values.iter().rposition(|&value| size(value) == 1);
        let (mut run, mut bits) = (0, Vec::new());
        for (at, &value) in values.iter().enumerate() {
            if size(value) == 0 {
                run += 1;
                continue;
            }
            while run > 15 && last_new.is_some_and(|last| at <= last) {
                self.end_blocks();
                self.scan.symbol(self.slot, 0xF0, (0, 0));
                run -= 16;
                self.flush(&bits);
                bits.clear();
            }
            if size(value) > 1 {
                bits.push((size(value) & 1) as u8);
                continue;
            }
            self.end_blocks();
            self.scan
                .symbol(self.slot, (run << 4 | 1) as u8, (u32::from(value > 0), 1));
            self.flush(&bits);
            bits.clear();
            run = 0;
        }
        if run > 0 || !bits.is_empty() {
            self.end_block(&bits);
        }
    }

    fn end_block(&mut self, bits: &[u8]) {
        self.ended += 1;
        self.held.extend(bits);
        if self.ended == ENDED_MAX {
            self.end_blocks();
        }
    }

    /// Write the symbol of the blocks that ended and the bits they hold.
    fn end_blocks(&mut self) {
        if self.ended > 0 {
            let size = self.ended.ilog2();
            let bits = self.ended & ((1 << size) - 1);
            self.scan.symbol(self.slot, (size << 4) as u8, (bits, size));
            self.ended = 0;
            let held = core::mem::take(&mut self.held);
            self.flush(&held);
        }
    }

    fn flush(&mut self, bits: &[u8]) {
        for bits in bits.chunks(16) {
            let joined = bits
                .iter()
                .fold(0, |joined, &bit| joined << 1 | u32::from(bit));
            self.scan.raw(joined, bits.len() as u32);
        }
    }
}
