//! The order of blocks in a scan: MCU by MCU where components share it, row by row where one is alone.
//! A visitor is called for each block with the reader in place; never for a block after the data end.

use super::bits::Bits;
use super::frame::Layout;
use super::restart::Restarts;
use super::scan::Scan;
use super::stream::Data;

/// What reads one block.
pub(super) trait Visitor {
    /// A new restart interval begins.
    fn restart(&mut self);

    /// Read block number `block` of the component in `slot` of the scan.
    fn block(&mut self, bits: &mut Bits, slot: usize, block: usize);
}

/// Visit every block of a scan whose data `bits` is at the beginning of.
pub(super) fn blocks<'a>(
    mut bits: Bits<'a>,
    scan: &Scan,
    layout: &Layout,
    (restarts, visitor): (&mut Restarts<'a>, &mut impl Visitor),
) -> Data {
    let mut data = Data::Whole;
    let alone = scan.components.len() == 1;
    let only = layout.grids[scan.components[0].index];
    let (rows, columns) = if alone {
        (only.rows, only.columns)
    } else {
        (layout.mcu_rows, layout.mcu_columns)
    };
    for row in 0..rows {
        for column in 0..columns {
            if restarts.begin_mcu(&mut bits) {
                visitor.restart();
            }
            if bits.exhausted() {
                data = Data::Missing;
                if restarts.is_last(&bits) {
                    return data;
                }
            } else if alone {
                visitor.block(&mut bits, 0, row * only.columns_padded + column);
            } else {
                visit_mcu(&mut bits, scan, (layout, row, column), visitor);
            }
        }
    }
    if bits.exhausted() {
        Data::Missing
    } else {
        data
    }
}

#[inline(always)]
fn visit_mcu(
    bits: &mut Bits,
    scan: &Scan,
    (layout, row, column): (&Layout, usize, usize),
    visitor: &mut impl Visitor,
) {
    for (slot, component) in scan.components.iter().enumerate() {
        let grid = &layout.grids[component.index];
        for down in 0..grid.vertical {
            let first = (row * grid.vertical + down) * grid.columns_padded;
            for block in 0..grid.horizontal {
                visitor.block(bits, slot, first + column * grid.horizontal + block);
            }
        }
    }
}
