//! Progressive scans: each adds bits to the stored coefficients. Coefficients above the kept ones are
//! only noted as zero or not, because later scans hold a bit for each that is not.

mod ac;
mod dc;
mod plan;

pub(super) use plan::Plan;

use super::bits::Bits;
use super::error::Error;
use super::frame::Layout;
use super::restart::Restarts;
use super::scan::Scan;
use super::stored::Stored;
use super::stream::Data;
use super::tables::Tables;
use super::walk;

/// Read the scan whose data begin at `start` into `stored`.
pub(super) fn read(
    (source, start): (&[u8], usize),
    scan: &Scan,
    (tables, layout): (&Tables, &Layout),
    stored: &mut Stored,
) -> Result<Data, Error> {
    let mut restarts = Restarts::new(source, tables.restart_interval);
    let bits = Bits::new(source, start);
    if scan.first > 0 {
        return ac::read(bits, scan, tables, (&mut restarts, stored));
    }
    if scan.refines {
        let mut visitor = dc::Refine::new(scan, stored);
        return Ok(walk::blocks(
            bits,
            scan,
            layout,
            (&mut restarts, &mut visitor),
        ));
    }
    let mut visitor = dc::First::new(scan, tables, stored)?;
    Ok(walk::blocks(
        bits,
        scan,
        layout,
        (&mut restarts, &mut visitor),
    ))
}
