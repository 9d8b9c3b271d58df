//! Quantised coefficients in, one entropy-coded scan out, with Huffman tables made for it. What is to be
//! written is first gathered as tokens and counted, so that the best tables are known before a bit is.

use super::bits::BitWriter;
use super::huffman::{Counts, Table};
use super::tables::ZIGZAG;
use super::transform::Coefficients;

/// Where a Huffman table is kept: class (DC, AC) and number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    LumaDc = 0,
    LumaAc = 1,
    ChromaDc = 2,
    ChromaAc = 3,
}

/// As a table's header writes a slot: class in the upper half, number in the lower.
const SLOT_BYTES: [u8; 4] = [0x00, 0x10, 0x01, 0x11];
/// The token's table when it has bits but no symbol.
const RAW: u32 = 4;
/// "Sixteen zeros".
const SIXTEEN_ZEROS: u8 = 0xF0;

/// Transposed position (see `transform`) to zigzag position.
const TO_ZIGZAG: [u8; 64] = {
    let mut out = [0; 64];
    let mut at = 0;
    while at < 64 {
        let natural = ZIGZAG[at];
        out[(natural % 8 * 8 + natural / 8) as usize] = at as u8;
        at += 1;
    }
    out
};

/// Zigzag position to transposed position.
const FROM_ZIGZAG: [u8; 64] = {
    let mut out = [0; 64];
    let mut at = 0;
    while at < 64 {
        out[at] = ZIGZAG[at] % 8 * 8 + ZIGZAG[at] / 8;
        at += 1;
    }
    out
};

/// Coefficients in zigzag order.
pub(super) fn in_zigzag(coefficients: &Coefficients) -> Coefficients {
    FROM_ZIGZAG.map(|at| coefficients[usize::from(at)])
}

/// The tokens of one scan. A token holds extra bits (lowest 16 bits), their count (bits 24 to 28),
/// a symbol (bits 16 to 23) and the symbol's table (bits 29 to 31).
pub(super) struct Scan {
    tokens: Vec<u32>,
    counts: [Counts; 4],
}

impl Scan {
    pub(super) fn new() -> Self {
        Self {
            tokens: Vec::new(),
            counts: [[0; 256]; 4],
        }
    }

    /// A symbol followed by bits.
    #[inline(always)]
    pub(super) fn symbol(&mut self, slot: Slot, symbol: u8, extra: (u32, u32)) {
        let (bits, count) = extra;
        self.counts[slot as usize][usize::from(symbol)] += 1;
        self.tokens
            .push((slot as u32) << 29 | count << 24 | u32::from(symbol) << 16 | bits);
    }

    /// Bits without a symbol, at most 16.
    pub(super) fn raw(&mut self, bits: u32, count: u32) {
        self.tokens.push(RAW << 29 | count << 24 | bits);
    }

    /// The difference of a block's mean from the one before.
    #[inline(always)]
    pub(super) fn difference(&mut self, slot: Slot, difference: i32) {
        let (size, bits) = magnitude(difference);
        self.symbol(slot, size as u8, (bits, size));
    }

    /// All of a block but its mean, as a sequential scan holds it.
    #[inline(always)]
    pub(super) fn details(&mut self, slot: Slot, coefficients: &Coefficients) {
        let mut left = present(coefficients);
        let mut next = 1;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            let mut run = at - next;
            next = at + 1;
            while run > 15 {
                self.symbol(slot, SIXTEEN_ZEROS, (0, 0));
                run -= 16;
            }
            let value = coefficients[usize::from(FROM_ZIGZAG[at as usize])];
            let (size, bits) = magnitude(i32::from(value));
            self.symbol(slot, (run << 4 | size) as u8, (bits, size));
        }
        if next < 64 {
            self.symbol(slot, 0, (0, 0));
        }
    }

    /// Write tables, the scan header given, and the tokens.
    pub(super) fn write(self, header: &[u8], out: &mut Vec<u8>) {
        let mut codes = vec![0; 2048];
        for (at, counts) in self.counts.iter().enumerate() {
            let table = Table::new(counts);
            if !table.symbols.is_empty() {
                write_table(SLOT_BYTES[at], &table, out);
                codes[at * 256..][..256].copy_from_slice(&table.codes);
            }
        }
        out.extend_from_slice(header);
        let codes: &[u32; 2048] = codes.first_chunk().unwrap_or(&[0; 2048]);
        let mut writer = BitWriter::new(out);
        for token in self.tokens {
            let code = codes[(token >> 21 & 0x700 | token >> 16 & 0xFF) as usize];
            let count = token >> 24 & 0x1F;
            writer.put(
                code >> 16 << count | token & 0xFFFF,
                (code & 0xFFFF) + count,
            );
        }
        writer.finish();
    }
}

/// Bit `n` is set where zigzag position `n` (but the first) is not zero.
#[inline(always)]
fn present(coefficients: &Coefficients) -> u64 {
    let mut zigzag = 0;
    for (row, values) in coefficients.as_chunks::<8>().0.iter().enumerate() {
        let mut mask = nonzero(values);
        while mask != 0 {
            let at = row * 8 + mask.trailing_zeros() as usize;
            mask &= mask - 1;
            zigzag |= 1u64 << TO_ZIGZAG[at];
        }
    }
    zigzag & !1
}

/// Bit `n` is set where value `n` is not zero.
#[inline(always)]
fn nonzero(values: &[i16; 8]) -> u32 {
    values
        .iter()
        .enumerate()
        .fold(0, |mask, (at, &value)| mask | u32::from(value != 0) << at)
}

/// T.81 F.1.2.1: the number of bits of a value, and those bits (one less for a negative value).
#[inline(always)]
pub(super) fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}

fn write_table(slot: u8, table: &Table, out: &mut Vec<u8>) {
    let bytes = 19 + table.symbols.len() as u16;
    out.extend([0xFF, 0xC4]);
    out.extend(bytes.to_be_bytes());
    out.push(slot);
    out.extend(table.lengths);
    out.extend(&table.symbols);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes_as_the_standard_has_them() {
        let wanted = [
            (0, (0, 0)),
            (1, (1, 1)),
            (-1, (1, 0)),
            (5, (3, 5)),
            (-5, (3, 2)),
            (-1024, (11, 1023)),
        ];
        for (value, pair) in wanted {
            assert_eq!(magnitude(value), pair);
        }
    }

    #[test]
    fn zigzag_of_transposed() {
        let mut coefficients = [0; 64];
        coefficients[8] = 3; // first column frequency: zigzag 1
        coefficients[1] = 4; // first row frequency: zigzag 2
        coefficients[63] = 5;
        let zigzag = in_zigzag(&coefficients);
        assert_eq!((zigzag[1], zigzag[2], zigzag[63]), (3, 4, 5));
        assert_eq!(present(&coefficients), 1 << 1 | 1 << 2 | 1 << 63);
    }
}
