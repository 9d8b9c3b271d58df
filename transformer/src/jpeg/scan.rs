//! A scan's header: a start-of-scan segment comes in, which components it holds, which of their
//! coefficients and by which tables go out. Never accepts a spectrum that its coding does not allow.

use super::error::Error;
use super::header::{Coding, Header};

/// A component's part in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScanComponent {
    /// Its index in the frame.
    pub(super) index: usize,
    /// Number of the DC table, 0 to 3.
    pub(super) dc: usize,
    /// Number of the AC table, 0 to 3.
    pub(super) ac: usize,
}

/// A scan's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// One to four, all different.
    pub(super) components: Vec<ScanComponent>,
    /// First coefficient, in zigzag order.
    pub(super) first: usize,
    /// Last coefficient, in zigzag order, at most 63.
    pub(super) last: usize,
    /// Whether the bits here refine earlier ones.
    pub(super) refines: bool,
    /// Low bits that this scan leaves out, at most 13.
    pub(super) low: u32,
}

impl Scan {
    /// Read a start-of-scan segment.
    pub(super) fn parse(header: &Header, payload: &[u8]) -> Result<Self, Error> {
        let (&count, rest) = payload
            .split_first()
            .ok_or(Error::Malformed("scan length"))?;
        let count = usize::from(count);
        if count == 0 || count > header.components.len() {
            return Err(Error::Malformed("scan component count"));
        }
        let (pairs, rest) = rest
            .split_at_checked(count * 2)
            .ok_or(Error::Malformed("scan length"))?;
        let [first, last, bits] = *rest.first_chunk().ok_or(Error::Malformed("scan length"))?;
        let mut components = Vec::with_capacity(count);
        for &[id, tables] in pairs.as_chunks::<2>().0 {
            let component = scan_component(header, &components, (id, tables))?;
            components.push(component);
        }
        let scan = Self {
            components,
            first: usize::from(first),
            last: usize::from(last),
            refines: bits >> 4 != 0,
            low: u32::from(bits & 15),
        };
        match header.coding {
            // Encoders write all sorts of things into these fields of a sequential scan.
            Coding::Sequential => Ok(Self {
                first: 0,
                last: 63,
                refines: false,
                low: 0,
                ..scan
            }),
            Coding::Progressive if scan.allowed(bits >> 4) => Ok(scan),
            Coding::Progressive => Err(Error::Malformed("progression")),
        }
    }

    fn allowed(&self, high: u8) -> bool {
        let spectrum = if self.first == 0 {
            self.last == 0
        } else {
            self.first <= self.last && self.last < 64 && self.components.len() == 1
        };
        spectrum && self.low <= 13 && (high == 0 || u32::from(high) == self.low + 1)
    }
}

/// The first component with this number that the scan does not hold yet.
fn scan_component(
    header: &Header,
    taken: &[ScanComponent],
    (id, tables): (u8, u8),
) -> Result<ScanComponent, Error> {
    let index = header
        .components
        .iter()
        .enumerate()
        .position(|(index, component)| {
            component.id == id && taken.iter().all(|taken| taken.index != index)
        })
        .ok_or(Error::Malformed("scan component"))?;
    let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
    if dc > 3 || ac > 3 {
        return Err(Error::Malformed("Huffman table number"));
    }
    Ok(ScanComponent { index, dc, ac })
}
