//! Sequential scans of some of the components: blocks come in whole, and wait in store for the others.

use super::bits::Bits;
use super::blocks::{self, Codes};
use super::error::Error;
use super::frame::Layout;
use super::huffman::{Lookup, Meaning};
use super::restart::Restarts;
use super::scan::Scan;
use super::stored::{Coefficients, Stored};
use super::stream::Data;
use super::tables::{Tables, ZIGZAG};
use super::walk::{self, Visitor};

/// One component's part in the scan.
struct Part<'a> {
    store: Option<&'a mut Coefficients>,
    dc: Lookup,
    ac: Lookup,
    last_dc: i32,
}

struct Whole<'a> {
    parts: Vec<Part<'a>>,
}

/// Read the scan whose data begin at `start` into `stored`.
pub(super) fn read(
    (source, start): (&[u8], usize),
    scan: &Scan,
    (tables, layout): (&Tables, &Layout),
    stored: &mut Stored,
) -> Result<Data, Error> {
    let mut free: Vec<Option<&mut Coefficients>> = stored.components.iter_mut().map(Some).collect();
    let mut parts = Vec::with_capacity(scan.components.len());
    for component in &scan.components {
        parts.push(Part {
            store: free[component.index].take(),
            dc: tables.lookup(Meaning::Dc, component.dc)?,
            ac: tables.lookup_with_skip(component.ac)?,
            last_dc: 0,
        });
    }
    let mut restarts = Restarts::new(source, tables.restart_interval);
    let bits = Bits::new(source, start);
    Ok(walk::blocks(
        bits,
        scan,
        layout,
        (&mut restarts, &mut Whole { parts }),
    ))
}

impl Visitor for Whole<'_> {
    fn restart(&mut self) {
        for part in &mut self.parts {
            part.last_dc = 0;
        }
    }

    fn block(&mut self, bits: &mut Bits, slot: usize, block: usize) {
        let part = &mut self.parts[slot];
        match part.store.as_ref().map(|store| store.grid.side) {
            Some(8) => part.block::<64>(bits, block),
            Some(4) => part.block::<25>(bits, block),
            Some(2) => part.block::<5>(bits, block),
            _ => part.block::<1>(bits, block),
        }
    }
}

impl Part<'_> {
    fn block<const KEPT: usize>(&mut self, bits: &mut Bits, block: usize) {
        let codes = Codes {
            dc: &self.dc,
            ac: &self.ac,
        };
        let mut places = [0; 128];
        blocks::decode::<KEPT>(bits, &codes, &mut self.last_dc, &mut places);
        let Some(store) = &mut self.store else {
            return;
        };
        let (values, _) = store.values.as_chunks_mut::<KEPT>();
        if let Some(values) = values.get_mut(block) {
            for (value, &place) in values.iter_mut().zip(&ZIGZAG) {
                *value = places[usize::from(place & 127)];
            }
        }
    }
}
