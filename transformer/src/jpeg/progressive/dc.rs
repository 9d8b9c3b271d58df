//! DC scans: the first bits of every block's mean as differences, then one more bit a scan.

use crate::jpeg::bits::Bits;
use crate::jpeg::blocks::difference;
use crate::jpeg::error::Error;
use crate::jpeg::huffman::{Lookup, Meaning};
use crate::jpeg::scan::Scan;
use crate::jpeg::stored::{Coefficients, Stored};
use crate::jpeg::tables::Tables;
use crate::jpeg::walk::Visitor;

/// The first scan of means.
pub(super) struct First<'a> {
    /// Per component of the scan: its code, its last mean, its coefficients.
    parts: Vec<(Lookup, i32, &'a mut Coefficients)>,
    low: u32,
}

/// A scan of one more bit.
pub(super) struct Refine<'a> {
    parts: Vec<&'a mut Coefficients>,
    bit: i16,
}

impl<'a> First<'a> {
    pub(super) fn new(scan: &Scan, tables: &Tables, stored: &'a mut Stored) -> Result<Self, Error> {
        let mut parts = Vec::with_capacity(scan.components.len());
        let held = in_scan(scan, stored);
        for (component, store) in scan.components.iter().zip(held) {
            parts.push((tables.lookup(Meaning::Dc, component.dc)?, 0, store));
        }
        Ok(Self {
            parts,
            low: scan.low,
        })
    }
}

impl Visitor for First<'_> {
    fn restart(&mut self) {
        for part in &mut self.parts {
            part.1 = 0;
        }
    }

    fn block(&mut self, bits: &mut Bits, slot: usize, block: usize) {
        let (code, last, store) = &mut self.parts[slot];
        bits.refill();
        *last = last.wrapping_add(difference(bits, code));
        let kept = store.grid.kept();
        if let Some(value) = store.values.get_mut(block * kept) {
            *value = (*last << self.low) as i16;
        }
    }
}

impl<'a> Refine<'a> {
    pub(super) fn new(scan: &Scan, stored: &'a mut Stored) -> Self {
        Self {
            parts: in_scan(scan, stored),
            bit: 1 << scan.low,
        }
    }
}

impl Visitor for Refine<'_> {
    fn restart(&mut self) {}

    fn block(&mut self, bits: &mut Bits, slot: usize, block: usize) {
        let store = &mut *self.parts[slot];
        bits.refill();
        if bits.take(1) == 1 {
            let kept = store.grid.kept();
            if let Some(value) = store.values.get_mut(block * kept) {
                *value |= self.bit;
            }
        }
    }
}

/// The coefficients of a scan's components, in the scan's order.
fn in_scan<'a>(scan: &Scan, stored: &'a mut Stored) -> Vec<&'a mut Coefficients> {
    let mut free: Vec<_> = stored.components.iter_mut().map(Some).collect();
    scan.components
        .iter()
        .filter_map(|component| free[component.index].take())
        .collect()
}
