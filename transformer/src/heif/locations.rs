//! `iloc`: where each item's bytes lie (ISO/IEC 14496-12, 8.11.3). The widths of its numbers stand in front.

use std::collections::BTreeMap;

use super::{ITEMS_MAX, Item, PARTS_MAX, u16_at};

/// Pieces of all items of a file together.
const PIECES_MAX: usize = 4096;

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
    let takes_room = offset + length + index > 0;
    let mut pieces_left = PIECES_MAX;
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
        let count = numbers.next(2)?.min(PARTS_MAX as u64) as usize;
        // Pieces without a number of their own are all the same, and as many as somebody cares to claim.
        if count > 1 && !takes_room {
            return None;
        }
        pieces_left = pieces_left.checked_sub(count)?;
        let mut pieces = Vec::new();
        for _ in 0..count {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of `count` pieces each: their numbers of `width` bytes, which the list has.
    fn pieces(items: u16, count: u16, width: u8) -> usize {
        let mut body = vec![0, 0, 0, 0, width << 4 | width, 0];
        body.extend(items.to_be_bytes());
        for item in 0..items {
            body.extend(item.to_be_bytes());
            body.extend([0, 0]);
            body.extend(count.to_be_bytes());
            body.resize(body.len() + usize::from(count) * 2 * usize::from(width), 1);
        }
        let mut items = BTreeMap::new();
        read(&body, &mut items);
        items.values().map(|item: &Item| item.pieces.len()).sum()
    }

    #[test]
    fn pieces_obeyed_and_violated() {
        assert_eq!(pieces(3, 1, 0), 3);
        assert_eq!(pieces(3, 2, 0), 0);
        assert_eq!(pieces(64, 64, 1), 4096);
        assert_eq!(pieces(128, 64, 1), 4096);
    }
}
