//! Blocks of sequential scans: bits and lookups come in, the coefficients that a scale keeps go out.
//! Those it does not keep are passed over several at a time, and never written.

use super::bits::Bits;
use super::huffman::{Entry, Lookup, Skip, extend, look_over};
use super::tables::ZIGZAG;

/// The coefficients of a block, row by row. What a broken file puts past its end lands behind it.
pub(super) type Block = [i16; 128];

/// Looks of 18 bits at most that the 56 of a refill are enough for.
const LOOKS_PER_REFILL: u32 = 3;

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
        64 => *block.first_chunk_mut::<64>().unwrap_or(&mut [0; 64]) = [0; 64],
        25 => *block.first_chunk_mut::<32>().unwrap_or(&mut [0; 32]) = [0; 32],
        5 => *block.first_chunk_mut::<16>().unwrap_or(&mut [0; 16]) = [0; 16],
        _ => {}
    }
    bits.refill();
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
        pass_over(bits, codes.ac, 1, LOOKS_PER_REFILL - 1);
        return 1;
    }
    let (next, end) = keep::<KEPT>(bits, codes.ac, block);
    if KEPT < 64 && next < 64 {
        bits.refill();
        pass_over(bits, codes.ac, next, LOOKS_PER_REFILL);
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
    let (code_bits, symbol) = code.symbol(entry, bits.word());
    bits.consume(code_bits);
    let size = u32::from(symbol & 15);
    let zeros = usize::from(symbol >> 4);
    if size == 0 && zeros != 15 {
        return (Entry::END, 0);
    }
    let value = extend(bits.take(size), size);
    (zeros, if size == 0 { 0 } else { value })
}

/// Coefficients from the second on are written until `KEPT` are known; 38 bits must be there, which is
/// what a mean leaves. Gives the zigzag index of the next one in the data, and of that past the last
/// written.
#[inline(always)]
fn keep<const KEPT: usize>(bits: &mut Bits, code: &Lookup, block: &mut Block) -> (usize, usize) {
    let mut next = 1;
    // The mean was the first look of three.
    let mut look = 1;
    loop {
        // Of 56 bits, whole symbols take 18 at most, others 32: after two whole ones 20 are left, enough
        // to look at a third and to take it if it is whole.
        while look < 3 {
            let entry = code.look(bits.word());
            let (zeros, value);
            if entry.is_whole() {
                (zeros, value) = (entry.zeros(), entry.value(bits.word()) as i16);
                bits.consume(entry.bits());
            } else if look < 2 {
                let (long_zeros, long_value) = long(bits, code, entry);
                (zeros, value) = (long_zeros, long_value as i16);
            } else {
                break;
            }
            let place = next + zeros;
            block[usize::from(ZIGZAG[place & 255] & 127)] = value;
            if place >= KEPT {
                let end = if place < Entry::END {
                    64.min(place + 1)
                } else {
                    next
                };
                return (place + 1, end);
            }
            next = place + 1;
            if next >= KEPT {
                return (next, next);
            }
            if !entry.is_whole() {
                break;
            }
            look += 1;
        }
        bits.refill();
        look = 0;
    }
}

/// Pass over the coefficients from `next` to the end of the block. Bits must be there for as many `looks`
/// of 18.
#[inline(always)]
fn pass_over(bits: &mut Bits, code: &Lookup, mut next: usize, mut looks: u32) {
    let Some(skip) = code.skip() else {
        return pass_over_singly(bits, code, next);
    };
    loop {
        while looks > 0 {
            looks -= 1;
            let step = look_over(skip, bits.word());
            let after = next + step.passed();
            if after >= 64 {
                // Symbols that end a block exactly, or within it, are whole; a look that ran on into
                // the next block is not.
                let ends = after == 64 || (Skip::END..Skip::END + 64).contains(&after);
                if ends && step.bits() > 0 {
                    bits.consume(step.bits());
                    return;
                }
                bits.refill();
                next = pass_over_one(bits, code, next);
                if next >= 64 {
                    return;
                }
                break;
            }
            bits.consume(step.bits());
            next = after;
        }
        bits.refill();
        looks = LOOKS_PER_REFILL;
    }
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
