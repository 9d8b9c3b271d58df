//! `iloc`: where each item's bytes lie (ISO/IEC 14496-12, 8.11.3). The widths of its numbers stand in front.

use std::collections::BTreeMap;

use super::{ITEMS_MAX, Item, PARTS_MAX, u16_at};

/// A list that is read from its front.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// The next `bytes` bytes as one number; none of them is zero.
    fn next(&mut self, bytes: usize) -> Option<u64> {
        let (number, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        let number = number.iter();
        Some(number.fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    }
}

/// Put the places of all items into `items`. What is broken ends the list.
pub(super) fn read(body: &[u8], items: &mut BTreeMap<u32, Item>) {
    let _ = read_all(body, items);
}

fn read_all(body: &[u8], items: &mut BTreeMap<u32, Item>) -> Option<()> {
    let version = *body.first()?;
    let widths = u16_at(body, 4)?;
    let width = |shift: u32| usize::from(widths >> shift & 0xF);
    let (offset, length, base) = (width(12), width(8), width(4));
    let index = if version == 0 { 0 } else { width(0) };
    if [offset, length, base, index].iter().any(|&bytes| bytes > 8) {
        return None;
    }
    let id_bytes = if version < 2 { 2 } else { 4 };
    let mut numbers = Numbers(body.get(6..)?);
    for _ in 0..numbers.next(id_bytes)?.min(ITEMS_MAX as u64) {
        let id = numbers.next(id_bytes)? as u32;
        let method = if version == 0 {
            0
        } else {
            numbers.next(2)? & 0xF
        };
        let _data_reference = numbers.next(2)?;
        let start = numbers.next(base)?;
        let count = numbers.next(2)?;
        let mut pieces = Vec::new();
        for _ in 0..count.min(PARTS_MAX as u64) {
            let _index = numbers.next(index)?;
            let from = start.checked_add(numbers.next(offset)?)?;
            pieces.push((from, numbers.next(length)?));
        }
        let item = items.entry(id).or_default();
        item.in_idat = method == 1;
        // A third way makes an item of other items' bytes; no writer of pictures goes it.
        item.pieces = if method > 1 { Vec::new() } else { pieces };
    }
    Some(())
}
