//! Blocks of sequential scans: bits and lookups come in, the coefficients that a scale keeps go out.
//! Those it does not keep are passed over several at a time, and never written.
//! A refill is enough for three looks of 18 bits, which stand one after the other and not in a loop: in the sandbox
//! every turn of a loop asks whether time is up.

use super::bits::Bits;
use super::huffman::{Entry, Lookup, Skip, SkipTable, look_over};
use super::tables::ZIGZAG;

/// The coefficients of a block, row by row. What a broken file puts past its end lands behind it.
pub(super) type Block = [i16; 128];

/// Lookups of one component in a scan.
pub(super) struct Codes<'a> {
    pub(super) dc: &'a Lookup,
    pub(super) ac: &'a Lookup,
}

/// Decode one block into `block`, of which the places that the scale looks at are written, all of them.
/// `KEPT` coefficients, in zigzag order, are wanted: 1, 5, 25 or 64. `last_dc` is the component's DC
/// before and after. Gives the zigzag index past the last coefficient written.
#[inline(always)]
pub(super) fn decode<const KEPT: usize>(
    bits: &mut Bits,
    codes: &Codes,
    last_dc: &mut i32,
    block: &mut Block,
) -> usize {
    match KEPT {
        64 | 25 => *block.first_chunk_mut::<32>().unwrap_or(&mut [0; 32]) = [0; 32],
        5 => *block.first_chunk_mut::<16>().unwrap_or(&mut [0; 16]) = [0; 16],
        _ => {}
    }
    bits.refill();
    if KEPT == 64 {
        // Apart from the first half: 128 bytes at once would be a call of the host.
        *block[32..].first_chunk_mut::<32>().unwrap_or(&mut [0; 32]) = [0; 32];
    }
    // A mean that is whole leaves bits for two looks at what follows.
    let entry = codes.dc.look(bits.word());
    let difference = if entry.is_whole() {
        let value = entry.value(bits.word());
        bits.consume(entry.bits());
        value
    } else {
        let (_, value) = long(bits, codes.dc, entry);
        bits.refill();
        value
    };
    *last_dc = last_dc.wrapping_add(difference);
    block[0] = *last_dc as i16;
    if KEPT == 1 {
        pass_over::<false>(bits, codes.ac, 1);
        return 1;
    }
    let (next, end) = keep::<KEPT>(bits, codes.ac, block);
    if KEPT < 64 && next < 64 {
        bits.refill();
        pass_over::<true>(bits, codes.ac, next);
    }
    end
}

/// The next DC difference. 32 bits must be there.
#[inline(always)]
pub(super) fn difference(bits: &mut Bits, code: &Lookup) -> i32 {
    let entry = code.look(bits.word());
    if entry.is_whole() {
        let value = entry.value(bits.word());
        bits.consume(entry.bits());
        return value;
    }
    long(bits, code, entry).1
}

/// The run and value of a symbol that one look did not give whole. Consumes at most 32 bits.
#[inline(always)]
fn long(bits: &mut Bits, code: &Lookup, entry: Entry) -> (usize, i32) {
    let symbol = code.long(entry, bits.word());
    bits.consume(symbol.bits);
    (symbol.zeros, symbol.value)
}

/// What one look for a coefficient found.
enum Looked {
    /// One of those that are kept.
    Kept,
    /// One that was not whole, or the last look: bits are short now.
    Short,
    /// The end of the block, or of what is kept: the zigzag index of the next coefficient in the data, and of
    /// that past the last written.
    Done(usize, usize),
}

/// Coefficients from the second on are written until `KEPT` are known; 38 bits must be there, which is
/// what a mean leaves. Gives the zigzag index of the next one in the data, and of that past the last
/// written.
#[inline(always)]
fn keep<const KEPT: usize>(bits: &mut Bits, code: &Lookup, block: &mut Block) -> (usize, usize) {
    let mut next = 1;
    // The mean was the first look of three.
    let mut looked = keep_two::<KEPT>(bits, code, block, &mut next);
    loop {
        if let Looked::Done(next, end) = looked {
            return (next, end);
        }
        bits.refill();
        looked = match keep_one::<KEPT, true>(bits, code, block, &mut next) {
            Looked::Kept => keep_two::<KEPT>(bits, code, block, &mut next),
            other => other,
        };
    }
}

/// The last two looks of a refill. Of 56 bits, whole symbols take 18 at most, others 32: after two whole
/// ones 20 are left, enough to look at a third and to take it if it is whole.
#[inline(always)]
fn keep_two<const KEPT: usize>(
    bits: &mut Bits,
    code: &Lookup,
    block: &mut Block,
    next: &mut usize,
) -> Looked {
    match keep_one::<KEPT, true>(bits, code, block, next) {
        Looked::Kept => keep_one::<KEPT, false>(bits, code, block, next),
        other => other,
    }
}

/// Write one coefficient. `MAY_BE_LONG` where 32 bits are there.
#[inline(always)]
fn keep_one<const KEPT: usize, const MAY_BE_LONG: bool>(
    bits: &mut Bits,
    code: &Lookup,
    block: &mut Block,
    next: &mut usize,
) -> Looked {
    let entry = code.look(bits.word());
    let whole = entry.is_whole();
    let (zeros, value) = if whole {
        let found = (entry.zeros(), entry.value(bits.word()));
        bits.consume(entry.bits());
        found
    } else if MAY_BE_LONG {
        long(bits, code, entry)
    } else {
        return Looked::Short;
    };
    let place = *next + zeros;
    block[usize::from(ZIGZAG[place & 255] & 127)] = value as i16;
    if place >= KEPT {
        let end = if place < Entry::END {
            64.min(place + 1)
        } else {
            *next
        };
        return Looked::Done(place + 1, end);
    }
    *next = place + 1;
    if *next >= KEPT {
        return Looked::Done(*next, *next);
    }
    if whole { Looked::Kept } else { Looked::Short }
}

/// Pass over the coefficients from `next` to the end of the block. Bits must be there for two looks of 18,
/// and where `THREE` for one more.
#[inline(always)]
fn pass_over<const THREE: bool>(bits: &mut Bits, code: &Lookup, mut next: usize) {
    let Some(skip) = code.skip() else {
        return pass_over_singly(bits, code, next);
    };
    let mut passed = if THREE {
        pass_over_three(bits, skip, &mut next)
    } else {
        pass_over_two(bits, skip, &mut next)
    };
    loop {
        match passed {
            Passed::End => return,
            Passed::On => {}
            Passed::Unknown => {
                bits.refill();
                next = pass_over_one(bits, code, next);
                if next >= 64 {
                    return;
                }
            }
        }
        bits.refill();
        passed = pass_over_three(bits, skip, &mut next);
    }
}

/// What looks at what is passed over found.
#[derive(Clone, Copy, PartialEq)]
enum Passed {
    /// More coefficients.
    On,
    /// The end of the block.
    End,
    /// A symbol that is to be looked at by itself.
    Unknown,
}

#[inline(always)]
fn pass_over_three(bits: &mut Bits, skip: &SkipTable, next: &mut usize) -> Passed {
    match pass_over_some(bits, skip, next) {
        Passed::On => pass_over_two(bits, skip, next),
        other => other,
    }
}

#[inline(always)]
fn pass_over_two(bits: &mut Bits, skip: &SkipTable, next: &mut usize) -> Passed {
    match pass_over_some(bits, skip, next) {
        Passed::On => pass_over_some(bits, skip, next),
        other => other,
    }
}

/// Pass over what one look tells.
#[inline(always)]
fn pass_over_some(bits: &mut Bits, skip: &SkipTable, next: &mut usize) -> Passed {
    let step = look_over(skip, bits.word());
    let after = *next + step.passed();
    if after < 64 {
        bits.consume(step.bits());
        *next = after;
        return Passed::On;
    }
    // Symbols that end a block exactly, or within it, are whole; a look that ran on into the next block is not.
    let ends = after == 64 || (Skip::END..Skip::END + 64).contains(&after);
    if ends && step.bits() > 0 {
        bits.consume(step.bits());
        return Passed::End;
    }
    Passed::Unknown
}

/// Pass over one symbol; 32 bits must be there. Gives the index of the next coefficient.
#[inline(always)]
fn pass_over_one(bits: &mut Bits, code: &Lookup, next: usize) -> usize {
    let entry = code.look(bits.word());
    if entry.is_whole() {
        bits.consume(entry.bits());
        return next + entry.zeros() + 1;
    }
    next + long(bits, code, entry).0 + 1
}

/// As `pass_over`, symbol by symbol.
fn pass_over_singly(bits: &mut Bits, code: &Lookup, mut next: usize) {
    while next < 64 {
        bits.refill();
        next = pass_over_one(bits, code, next);
    }
}
