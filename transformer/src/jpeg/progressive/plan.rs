//! Which scans must be read: all of a file's scans come in, those that touch a kept coefficient and those
//! that they build on go out. The others are passed over.

use crate::jpeg::error::Error;
use crate::jpeg::frame::Layout;
use crate::jpeg::header::Header;
use crate::jpeg::markers::{self, EOI, RST0, RST7, SOS};
use crate::jpeg::scan::Scan;

/// Scans of a file. Four components, each refined bit by bit in several bands, need fewer than 50 with
/// every encoder we know of; a few bytes suffice to ask for a pass over the whole picture.
const SCANS_MAX: usize = 100;

/// A scan and whether it must be read.
struct Planned {
    scan: Scan,
    /// Where the marker after its data stands.
    end: usize,
    needed: bool,
}

/// The scans of a file in order.
pub(in crate::jpeg) struct Plan {
    scans: Vec<Planned>,
}

impl Plan {
    /// Look through the file from its first scan, whose header's length field stands at `start`.
    pub(in crate::jpeg) fn new(
        source: &[u8],
        start: usize,
        header: &Header,
        layout: &Layout,
    ) -> Result<Self, Error> {
        let mut scans = Vec::new();
        let mut at = Some(start);
        while let Some(start) = at {
            if scans.len() == SCANS_MAX {
                return Err(Error::TooManyScans(SCANS_MAX));
            }
            // A scan that cannot be read is an error where it is met, after those before it.
            let Ok(payload) = markers::payload(source, start) else {
                break;
            };
            let Ok(scan) = Scan::parse(header, payload) else {
                break;
            };
            let end = end_of_data(source, start + 2 + payload.len());
            at = next_scan(source, end);
            scans.push(Planned {
                scan,
                end,
                needed: true,
            });
        }
        let mut plan = Self { scans };
        plan.drop_unneeded(layout);
        Ok(plan)
    }

    /// Where to go on after scan number `index`, if it need not be read.
    pub(in crate::jpeg) fn end_if_unneeded(&self, index: usize) -> Option<usize> {
        let planned = self.scans.get(index)?;
        (!planned.needed).then_some(planned.end)
    }

    fn drop_unneeded(&mut self, layout: &Layout) {
        for index in (0..self.scans.len()).rev() {
            let (before, later) = self.scans.split_at_mut(index + 1);
            let scan = &before[index].scan;
            let component = scan.components[0].index;
            let kept = scan.first < layout.grids[component].kept();
            let built_on = |later: &Planned| {
                later.needed
                    && later.scan.refines
                    && later.scan.components[0].index == component
                    && later.scan.first <= scan.last
                    && scan.first <= later.scan.last
            };
            before[index].needed = kept || later.iter().any(built_on);
        }
    }
}

/// Where the marker stands that ends the entropy-coded data.
fn end_of_data(source: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(marker) = markers::next(source, at) {
        if !matches!(marker.code, RST0..=RST7) {
            return marker.after - 2;
        }
        at = marker.after;
    }
    source.len()
}

/// Where the length field of the next scan's header stands.
fn next_scan(source: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let marker = markers::next(source, at)?;
        match marker.code {
            SOS => return Some(marker.after),
            EOI => return None,
            _ if marker.stands_alone() => at = marker.after,
            _ => at = marker.after + 2 + markers::payload(source, marker.after).ok()?.len(),
        }
    }
}
