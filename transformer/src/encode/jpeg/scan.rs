//! Quantised coefficients in, one entropy-coded scan out, with Huffman tables made for it. What is to be
//! written is first gathered as tokens and counted, so that the best tables are known before a bit is. Of a
//! scan that is very large the beginning has to do.

use super::bits::BitWriter;
use super::huffman::{Counts, Table};
use super::tables::ZIGZAG;
use super::transform::Coefficients;
use crate::lanes::I16x8;

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
const SIXTEEN_ZEROS: u32 = 0xF0;

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

/// Zigzag positions as bits, by transposed row (see `transform`) and the bits of its columns: what is rarely the same
/// from one block to the next is looked up, since a loop's end could not be foretold.
static ZIGZAG_BITS: [[u64; 256]; 8] = {
    let mut out = [[0; 256]; 8];
    let mut at = 0;
    while at < 64 {
        let place = FROM_ZIGZAG[at] as usize;
        let mut columns = 0;
        while columns < 256 {
            if columns >> (place % 8) & 1 == 1 {
                out[place / 8][columns] |= 1 << at;
            }
            columns += 1;
        }
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
pub(super) struct Scan<'a> {
    /// Tokens, then room for more.
    tokens: Vec<u32>,
    used: usize,
    counts: [Counts; 4],
    stage: Stage<'a>,
}

enum Stage<'a> {
    /// Everything so far waits. The header of the scan, and where it goes.
    Counting(Vec<u8>, &'a mut Vec<u8>),
    /// Tables are written. The codes in them, and who writes.
    Writing(Box<[u32; 2048]>, BitWriter<'a>),
    /// From the one to the other.
    Between,
}

/// Which symbols get a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbols {
    /// Those that occurred.
    Seen,
    /// All that may still come.
    All,
}

/// Room is made for this many tokens at a time, so that a block checks only once.
const ROOM: usize = 4096;
/// This many tokens wait at most: as many as a photograph of 20 megapixels has, and 32 MB. Tests have fewer, so
/// that they pass it.
const TOKENS_MAX: usize = if cfg!(test) { ROOM } else { 8 << 20 };
/// No block has more: a mean, and a token for each other coefficient.
const BLOCK_TOKENS_MAX: usize = 64;

/// Bytes that waiting tokens take at most, of a picture that has `samples`; twice, while they get more room.
pub(super) fn waiting_bytes(samples: u64) -> u64 {
    samples.saturating_mul(4).min(TOKENS_MAX as u64 * 4) * 2
}

impl<'a> Scan<'a> {
    /// A scan with this header, to be written to the end of `out`.
    pub(super) fn new(header: Vec<u8>, out: &'a mut Vec<u8>) -> Self {
        Self {
            tokens: Vec::new(),
            used: 0,
            counts: [[0; 256]; 4],
            stage: Stage::Counting(header, out),
        }
    }

    /// The same, with room for so many tokens: what grows is copied.
    pub(super) fn expecting(mut self, tokens: usize) -> Self {
        self.tokens.reserve(tokens.min(TOKENS_MAX));
        self
    }

    #[inline]
    fn push(&mut self, token: u32) {
        if self.used == self.tokens.len() {
            self.make_room();
        }
        self.tokens[self.used] = token;
        self.used += 1;
    }

    #[cold]
    fn make_room(&mut self) {
        if self.tokens.len() < TOKENS_MAX {
            self.tokens.resize(self.tokens.len() + ROOM, 0);
        } else {
            self.drain(Symbols::All);
        }
    }

    /// A symbol followed by bits.
    pub(super) fn symbol(&mut self, slot: Slot, symbol: u8, extra: (u32, u32)) {
        self.counts[slot as usize][usize::from(symbol)] += 1;
        self.push(token(slot, u32::from(symbol), extra));
    }

    /// Bits without a symbol, at most 16.
    pub(super) fn raw(&mut self, bits: u32, count: u32) {
        self.push(RAW << 29 | count << 24 | bits);
    }

    /// The difference of a block's mean from the one before.
    #[inline]
    pub(super) fn difference(&mut self, slot: Slot, difference: i32) {
        let (size, bits) = magnitude(difference);
        self.symbol(slot, size as u8, (bits, size));
    }

    /// All of a block but its mean, as a sequential scan holds it.
    #[inline]
    pub(super) fn details(&mut self, slot: Slot, coefficients: &Coefficients) {
        if self.used + BLOCK_TOKENS_MAX > self.tokens.len() {
            self.make_room();
        }
        let Some(room) = self.tokens[self.used..].first_chunk_mut() else {
            return;
        };
        self.used += gather(slot, coefficients, (room, &mut self.counts[slot as usize]));
    }

    /// Write what waits, and be done.
    pub(super) fn write(mut self) {
        self.drain(Symbols::Seen);
        if let Stage::Writing(_, writer) = self.stage {
            writer.finish();
        }
    }

    /// Write the tokens that wait, the first time after tables and the scan's header.
    fn drain(&mut self, symbols: Symbols) {
        self.stage = match core::mem::replace(&mut self.stage, Stage::Between) {
            Stage::Counting(header, out) => {
                let codes = write_tables(&self.counts, symbols, out);
                out.extend(header);
                Stage::Writing(codes, BitWriter::new(out))
            }
            other => other,
        };
        let Stage::Writing(codes, writer) = &mut self.stage else {
            return;
        };
        for token in &self.tokens[..self.used] {
            let code = codes[(token >> 21 & 0x700 | token >> 16 & 0xFF) as usize];
            let count = token >> 24 & 0x1F;
            writer.put(
                code >> 16 << count | token & 0xFFFF,
                (code & 0xFFFF) + count,
            );
        }
        self.used = 0;
    }
}

/// Tables for these counts; gives the codes, by table and symbol.
fn write_tables(counts: &[Counts; 4], symbols: Symbols, out: &mut Vec<u8>) -> Box<[u32; 2048]> {
    let mut codes = Box::new([0; 2048]);
    for (at, counts) in counts.iter().enumerate() {
        let mut counts = *counts;
        if symbols == Symbols::All {
            let possible = (0..=255).filter(|&symbol| is_possible(at, symbol));
            possible.for_each(|symbol| counts[usize::from(symbol)] += 1);
        }
        let table = Table::new(&counts);
        if !table.symbols.is_empty() {
            write_table(SLOT_BYTES[at], &table, out);
            codes[at * 256..][..256].copy_from_slice(&table.codes);
        }
    }
    codes
}

/// Whether eight bits a sample can come to a symbol (T.81, F.1.2): a mean has no run before it, and differences
/// of means one bit more than other coefficients.
const fn is_possible(slot: usize, symbol: u8) -> bool {
    if slot == Slot::LumaDc as usize || slot == Slot::ChromaDc as usize {
        symbol <= 11
    } else {
        symbol & 15 <= 10
    }
}

#[inline]
fn token(slot: Slot, symbol: u32, (bits, count): (u32, u32)) -> u32 {
    (slot as u32) << 29 | count << 24 | symbol << 16 | bits
}

/// The tokens of a block but its mean; how many there are.
#[inline]
fn gather(
    slot: Slot,
    coefficients: &Coefficients,
    out: (&mut [u32; BLOCK_TOKENS_MAX], &mut Counts),
) -> usize {
    let (tokens, counts) = out;
    let mut used = 0;
    let mut put = |symbol: u32, extra: (u32, u32)| {
        counts[(symbol & 0xFF) as usize] += 1;
        tokens[used % BLOCK_TOKENS_MAX] = token(slot, symbol, extra);
        used += 1;
    };
    let mut left = present(coefficients);
    let mut next = 1;
    while left != 0 {
        let at = left.trailing_zeros();
        left &= left - 1;
        let mut run = at - next;
        next = at + 1;
        while run > 15 {
            put(SIXTEEN_ZEROS, (0, 0));
            run -= 16;
        }
        let value = coefficients[usize::from(FROM_ZIGZAG[at as usize])];
        let (size, bits) = magnitude(i32::from(value));
        put(run << 4 | size, (bits, size));
    }
    if next < 64 {
        put(0, (0, 0));
    }
    used
}

/// Bit `n` is set where zigzag position `n` (but the first) is not zero.
#[inline]
fn present(coefficients: &Coefficients) -> u64 {
    let rows = coefficients.as_chunks::<8>().0.iter().zip(&ZIGZAG_BITS);
    let present = rows.fold(0, |bits, (row, zigzag)| {
        bits | zigzag[I16x8::new(*row).nonzero_bits() as usize & 0xFF]
    });
    present & !1
}

/// T.81 F.1.2.1: the number of bits of a value, and those bits (one less for a negative value).
#[inline]
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
