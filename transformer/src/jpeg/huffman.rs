//! Huffman codes: counts and symbols as a file gives them come in, lookups that answer for a whole
//! coefficient at once go out. Never accepts a code that does not fit its lengths.

use super::error::Error;

/// Bits that [`Lookup::whole`] looks at.
const WHOLE_BITS: usize = 10;
/// Longest whole symbol with its value. Three of them fit into the 56 bits that a refill guarantees.
const WHOLE_TOTAL_BITS_MAX: u32 = 18;
/// Bits that [`Lookup::skip`] looks at.
const SKIP_BITS: usize = 11;
/// Longest run of symbols, in bits, that one look at [`Lookup::skip`] may pass over. Three of them fit
/// into the 56 bits that a refill guarantees.
const SKIP_TOTAL_BITS_MAX: u32 = 18;

/// A code as a file defines it, not yet checked.
#[derive(Clone)]
pub(super) struct Code {
    counts: [u8; 16],
    symbols: Vec<u8>,
}

impl Code {
    /// `None` where there are more symbols than bytes have values.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        (symbols.len() <= 256).then(|| Self {
            counts: *counts,
            symbols: symbols.to_vec(),
        })
    }
}

/// What the symbols of a code mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The size of a DC difference.
    Dc,
    /// A run and a size, or the end of a block.
    Ac,
    /// A run and a size, or the end of a run of blocks.
    AcProgressive,
    /// As `AcProgressive`, where every size is one bit.
    AcRefinement,
}

/// What one look at the next bits tells: a whole symbol, or where to go on.
///
/// From the low bit: bits to consume (5), whether it is whole (1), bits of the value (4), bits of the
/// code (4), unused (2), zeros before the coefficient (8), and the symbol (8). Where it is not whole, the
/// bits to consume are the code's (0 if the code is longer than the look).
///
/// The value itself is cut out of the bits that were looked at, without a branch: whether it is small
/// enough to stand in the table cannot be foretold, and guessing wrong costs more than cutting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

impl Entry {
    const WHOLE: u32 = 1 << 5;
    /// Zeros before the coefficient that stand for the end of the block: past it wherever it begins.
    pub(super) const END: usize = 128;

    const fn whole(code_bits: u32, size: u32, zeros: usize) -> Self {
        let bits = code_bits + size;
        Self(bits | Self::WHOLE | size << 6 | code_bits << 10 | (zeros as u32) << 16)
    }

    const fn part(bits: u32, symbol: u8) -> Self {
        Self(bits | (symbol as u32) << 24)
    }

    /// Bits to consume.
    #[inline(always)]
    pub(super) const fn bits(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    pub(super) const fn is_whole(self) -> bool {
        self.0 & Self::WHOLE != 0
    }

    #[inline(always)]
    pub(super) const fn zeros(self) -> usize {
        (self.0 >> 16 & 0xFF) as usize
    }

    /// The coefficient of a whole symbol that `word` begins with.
    #[inline(always)]
    pub(super) const fn value(self, word: u64) -> i32 {
        let (size, code_bits) = (self.0 >> 6 & 15, self.0 >> 10 & 15);
        let tail = word << code_bits;
        let bits = (tail >> 1 >> (63 - size)) as i32;
        // All ones where the first bit is not set: the lower half is negative.
        let negative = !(tail as i64 >> 63) as i32;
        bits + (negative & (1 - (1 << size)))
    }

    const fn symbol(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

/// Symbols passed over at once: bits to consume, coefficients passed, and whether the block ends.
///
/// From the low bit: bits (5), coefficients (7), end of block (1). No bits: look at one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Skip(u16);

impl Skip {
    /// Added to the coefficients passed where the block ends.
    pub(super) const END: usize = 128;
    /// Nothing can be said: further than any block reaches.
    const NOTHING: Self = Self(127 << 5);

    #[inline(always)]
    pub(super) const fn bits(self) -> u32 {
        (self.0 & 31) as u32
    }

    /// Coefficients passed, plus [`Skip::END`] at the end of the block.
    #[inline(always)]
    pub(super) const fn passed(self) -> usize {
        (self.0 >> 5) as usize
    }
}

/// What may be passed over, by the next bits.
pub(super) type SkipTable = [Skip; 1 << SKIP_BITS];

/// A symbol that a look did not give whole.
pub(super) struct Long {
    /// Of the code and the value.
    pub(super) bits: u32,
    /// Zeros before the coefficient.
    pub(super) zeros: usize,
    pub(super) value: i32,
}

/// A code made ready for decoding.
pub(super) struct Lookup {
    whole: Box<[Entry; 1 << WHOLE_BITS]>,
    skip: Option<Box<SkipTable>>,
    /// Per length, the first code that is longer, in 16 bits from the left. The last is past all.
    limits: [u32; 17],
    /// Per length, what added to a code gives its symbol's index.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

impl Lookup {
    /// Check a code and lay it out.
    pub(super) fn new(code: &Code, meaning: Meaning) -> Result<Self, Error> {
        let mut lookup = Self {
            whole: Box::new([Entry(0); 1 << WHOLE_BITS]),
            skip: None,
            limits: [0; 17],
            offsets: [0; 17],
            symbols: [0; 256],
        };
        lookup.symbols[..code.symbols.len()].copy_from_slice(&code.symbols);
        let (mut next, mut index) = (0_u32, 0_usize);
        for bits in 1..=16_usize {
            let count = usize::from(code.counts[bits - 1]);
            lookup.offsets[bits] = index as i32 - next as i32;
            for &symbol in &code.symbols[index..index + count] {
                if next >= 1 << bits {
                    return Err(Error::Malformed("Huffman code"));
                }
                if meaning == Meaning::Dc && symbol > 15 {
                    return Err(Error::Malformed("size of a DC difference"));
                }
                lookup.enter(next, bits, (symbol, meaning));
                next += 1;
            }
            index += count;
            lookup.limits[bits] = next << (16 - bits);
            next <<= 1;
        }
        Ok(lookup)
    }

    /// As `new`, and ready to pass over coefficients.
    pub(super) fn with_skip(code: &Code) -> Result<Self, Error> {
        let mut lookup = Self::new(code, Meaning::Ac)?;
        let mut skip = Box::new([Skip::NOTHING; 1 << SKIP_BITS]);
        for (index, entry) in skip.iter_mut().enumerate() {
            *entry = lookup.passed_over(index);
        }
        lookup.skip = Some(skip);
        Ok(lookup)
    }

    /// Fill in all looks that begin with a code.
    fn enter(&mut self, code: u32, bits: usize, (symbol, meaning): (u8, Meaning)) {
        if bits > WHOLE_BITS {
            return;
        }
        let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        let code_bits = bits as u32;
        let entry = match (meaning, zeros, size) {
            (Meaning::Ac, 0..15, 0) => Entry::whole(code_bits, 0, Entry::END),
            (Meaning::AcProgressive | Meaning::AcRefinement, 0..15, 0) => {
                Entry::part(code_bits, symbol)
            }
            (Meaning::AcRefinement, _, 1..) => Entry::whole(code_bits, 1, zeros),
            _ if code_bits + size > WHOLE_TOTAL_BITS_MAX => Entry::part(code_bits, symbol),
            _ => Entry::whole(code_bits, size, zeros),
        };
        let spare = WHOLE_BITS - bits;
        let first = (code as usize) << spare;
        self.whole[first..first + (1 << spare)].fill(entry);
    }

    /// How many symbols the bits of `index` hold, as far as they are whole codes.
    fn passed_over(&self, index: usize) -> Skip {
        let (mut bits, mut passed, mut end) = (0_u32, 0_usize, false);
        let word = (index as u64) << (64 - SKIP_BITS);
        while bits < SKIP_BITS as u32 && !end {
            let (code_bits, total, step) = self.step(word << bits);
            // Bits past those of `index` are not known, so the code must lie within.
            let known = code_bits > 0 && bits + code_bits <= SKIP_BITS as u32;
            let ends = step > 64;
            if !known || bits + total > SKIP_TOTAL_BITS_MAX || !ends && passed + step > 63 {
                break;
            }
            end = ends;
            bits += total;
            passed += if ends { Skip::END } else { step };
        }
        if bits == 0 {
            return Skip::NOTHING;
        }
        Skip(bits as u16 | (passed as u16) << 5)
    }

    /// Bits of the code that `word` begins with (0 for none), bits with its value, and coefficients that
    /// it passes.
    fn step(&self, word: u64) -> (u32, u32, usize) {
        let Some((code_bits, symbol)) = self.find(word) else {
            return (0, 0, 0);
        };
        let zeros = match symbol {
            0xF0 => 15,
            _ if symbol.trailing_zeros() >= 4 => Entry::END,
            _ => usize::from(symbol >> 4),
        };
        (code_bits, code_bits + u32::from(symbol & 15), zeros + 1)
    }

    /// The look at the next bits of `word`.
    #[inline(always)]
    pub(super) fn look(&self, word: u64) -> Entry {
        self.whole[(word >> (64 - WHOLE_BITS)) as usize]
    }

    /// The symbols that may be passed over.
    #[inline(always)]
    pub(super) fn skip(&self) -> Option<&SkipTable> {
        self.skip.as_deref()
    }

    /// The symbol that `word` begins with, after a look that was not whole. Takes and gives numbers, and is
    /// rare: it stays out of the loops that call it.
    #[cold]
    #[inline(never)]
    pub(super) fn long(&self, entry: Entry, word: u64) -> Long {
        let (code_bits, symbol) = self.symbol(entry, word);
        let size = u32::from(symbol & 15);
        let zeros = usize::from(symbol >> 4);
        let after = word << code_bits;
        let (zeros, value) = match (size, zeros) {
            (0, 15) => (15, 0),
            (0, _) => (Entry::END, 0),
            _ => (zeros, extend((after >> 32 >> (32 - size)) as u32, size)),
        };
        Long {
            bits: code_bits + size,
            zeros,
            value,
        }
    }

    /// Bits and symbol of the code that `word` begins with, after a look that was not whole.
    /// A code that does not exist is the symbol 0 in 17 bits, which is how libjpeg goes on.
    #[inline(always)]
    pub(super) fn symbol(&self, entry: Entry, word: u64) -> (u32, u8) {
        match entry.bits() {
            0 => self.find(word).unwrap_or((17, 0)),
            bits => (bits, entry.symbol()),
        }
    }

    /// Bits and symbol of the code that `word` begins with.
    fn find(&self, word: u64) -> Option<(u32, u8)> {
        let code = (word >> 48) as u32;
        let bits = (1..=16).find(|&bits| code < self.limits[bits])?;
        let index = (code >> (16 - bits)) as i32 + self.offsets[bits];
        let symbol = self.symbols.get(index as usize)?;
        Some((bits as u32, *symbol))
    }
}

/// The skip entry for the next bits of `word`.
#[inline(always)]
pub(super) fn look_over(skip: &SkipTable, word: u64) -> Skip {
    skip[(word >> (64 - SKIP_BITS)) as usize]
}

/// The signed value that `size` bits stand for: the upper half is positive.
#[inline(always)]
pub(super) const fn extend(bits: u32, size: u32) -> i32 {
    let half = 1_i32 << size >> 1;
    let bits = bits as i32;
    if bits < half {
        bits - (half * 2) + 1
    } else {
        bits
    }
}
