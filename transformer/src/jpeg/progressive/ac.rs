//! AC scans of one component: first bits, then refinements. Works on a block's `seen` mask instead of
//! its coefficients, so that a refinement costs what its bits cost and not what the band is wide.

use crate::jpeg::bits::Bits;
use crate::jpeg::error::Error;
use crate::jpeg::huffman::{Lookup, Meaning, extend};
use crate::jpeg::restart::Restarts;
use crate::jpeg::scan::Scan;
use crate::jpeg::stored::Stored;
use crate::jpeg::stream::Data;
use crate::jpeg::tables::Tables;

/// What stays the same over a scan.
struct Band {
    code: Lookup,
    first: usize,
    last: usize,
    low: u32,
}

/// A symbol of an AC scan.
enum Symbol {
    /// Zeros, then a value that may be zero itself.
    Run(usize, i32),
    /// The band ends in this block and in `n - 1` following ones.
    End(u32),
}

/// Read a scan into its component's coefficients.
pub(super) fn read<'a>(
    bits: Bits<'a>,
    scan: &Scan,
    tables: &Tables,
    (restarts, stored): (&mut Restarts<'a>, &mut Stored),
) -> Result<Data, Error> {
    let component = scan.components[0];
    let meaning = if scan.refines {
        Meaning::AcRefinement
    } else {
        Meaning::AcProgressive
    };
    let band = Band {
        code: tables.lookup(meaning, component.ac)?,
        first: scan.first,
        last: scan.last,
        low: scan.low,
    };
    let store = &mut stored.components[component.index];
    let kept = store.grid.kept();
    let (rows, columns) = (store.grid.rows, store.grid.columns);
    let padded = store.grid.columns_padded;
    let values = store.values.chunks_mut(padded * kept);
    let seen = store.seen.chunks_mut(padded);
    let mut pass = Pass {
        bits,
        restarts,
        run: 0,
        data: Data::Whole,
    };
    for (values, seen) in values.zip(seen).take(rows) {
        let row = (&mut values[..columns * kept], &mut seen[..columns]);
        let more = match (scan.refines, kept) {
            (false, 64) => pass.row(&band, row, first::<64>),
            (false, 25) => pass.row(&band, row, first::<25>),
            (false, _) => pass.row(&band, row, first::<5>),
            (true, 64) => pass.row(&band, row, refine::<64>),
            (true, 25) => pass.row(&band, row, refine::<25>),
            (true, _) => pass.row(&band, row, refine::<5>),
        };
        if more == More::No {
            break;
        }
    }
    Ok(pass.data)
}

/// Whether a scan's data go on.
#[derive(PartialEq, Eq)]
enum More {
    Yes,
    No,
}

/// Where a scan stands.
struct Pass<'a, 'r> {
    bits: Bits<'a>,
    restarts: &'r mut Restarts<'a>,
    /// Blocks, from the next on, in which the band has ended.
    run: u32,
    data: Data,
}

impl Pass<'_, '_> {
    /// Read a row of blocks by `block`, which gets the place in the data, the run, and the block.
    #[inline(always)]
    fn row<const KEPT: usize>(
        &mut self,
        band: &Band,
        (values, seen): (&mut [i16], &mut [u64]),
        block: impl Fn(&Band, (&mut Bits, &mut u32), &mut [i16; KEPT], &mut u64),
    ) -> More {
        let mut bits = self.bits;
        let mut run = self.run;
        for (values, seen) in values.as_chunks_mut::<KEPT>().0.iter_mut().zip(seen) {
            if self.restarts.begin_mcu(&mut bits) {
                run = 0;
            }
            if bits.exhausted() {
                self.data = Data::Missing;
                if self.restarts.is_last(&bits) {
                    return More::No;
                }
                continue;
            }
            block(band, (&mut bits, &mut run), values, seen);
        }
        self.bits = bits;
        self.run = run;
        if bits.exhausted() {
            self.data = Data::Missing;
        }
        More::Yes
    }
}

/// The next symbol. 56 bits must be there; 24 remain.
#[inline(always)]
fn symbol(band: &Band, bits: &mut Bits) -> Symbol {
    let entry = band.code.look(bits.word());
    if entry.is_whole() {
        let value = entry.value(bits.word());
        bits.consume(entry.bits());
        return Symbol::Run(entry.zeros(), value);
    }
    let (code_bits, symbol) = band.code.symbol(entry, bits.word());
    bits.consume(code_bits);
    let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
    match (zeros, size) {
        (15, 0) => Symbol::Run(15, 0),
        (_, 0) => Symbol::End((1 << zeros) + bits.take(zeros)),
        _ => Symbol::Run(zeros as usize, extend(bits.take(size), size)),
    }
}

/// A block of a first scan.
#[inline(always)]
fn first<const KEPT: usize>(
    band: &Band,
    (bits, run): (&mut Bits, &mut u32),
    values: &mut [i16; KEPT],
    seen: &mut u64,
) {
    if *run > 0 {
        *run -= 1;
        return;
    }
    let mut next = band.first;
    while next <= band.last {
        bits.refill();
        match symbol(band, bits) {
            Symbol::End(blocks) => {
                *run = blocks - 1;
                return;
            }
            Symbol::Run(zeros, value) => {
                next += zeros;
                if value != 0 && next < 64 {
                    *seen |= 1 << next;
                    if let Some(place) = values.get_mut(next) {
                        *place = (value << band.low) as i16;
                    }
                }
                next += 1;
            }
        }
    }
}

/// A block of a refining scan.
#[inline(always)]
fn refine<const KEPT: usize>(
    band: &Band,
    (bits, run): (&mut Bits, &mut u32),
    values: &mut [i16; KEPT],
    seen: &mut u64,
) {
    let inside = u64::MAX << band.first & u64::MAX >> (63 - band.last);
    let one = 1_i16 << band.low;
    // Coefficients of the band not yet passed in this block.
    let mut ahead = inside;
    while *run == 0 && ahead != 0 {
        bits.refill();
        let (zeros, value) = match refinement(band, bits) {
            Symbol::End(blocks) => {
                *run = blocks;
                break;
            }
            Symbol::Run(zeros, value) => (zeros, value),
        };
        // The symbol's coefficient is the next that was zero, after `zeros` such.
        let mut zero = ahead & !*seen;
        for _ in 0..zeros {
            zero &= zero.wrapping_sub(1);
        }
        let place = zero & zero.wrapping_neg();
        let passed = ahead & place.wrapping_sub(1);
        correct(passed & *seen, one, bits, values);
        if value != 0 && place != 0 {
            *seen |= place;
            if let Some(coefficient) = values.get_mut(place.trailing_zeros() as usize) {
                *coefficient = if value > 0 { one } else { -one };
            }
        }
        ahead &= !(passed | place);
    }
    if *run > 0 {
        correct(ahead & *seen, one, bits, values);
        *run -= 1;
    }
}

/// As `symbol`, where every value is one bit.
#[inline(always)]
fn refinement(band: &Band, bits: &mut Bits) -> Symbol {
    let entry = band.code.look(bits.word());
    if entry.is_whole() {
        let value = entry.value(bits.word());
        bits.consume(entry.bits());
        return Symbol::Run(entry.zeros(), value);
    }
    let (code_bits, symbol) = band.code.symbol(entry, bits.word());
    bits.consume(code_bits);
    let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
    match (zeros, size) {
        (15, 0) => Symbol::Run(15, 0),
        (_, 0) => Symbol::End((1 << zeros) + bits.take(zeros)),
        _ => Symbol::Run(zeros as usize, extend(bits.take(1), 1)),
    }
}

/// One bit for each of `places`: whether its coefficient grows by `one`, away from zero. The kept ones
/// come first; the bits of the others are only let go.
#[inline(always)]
fn correct<const KEPT: usize>(
    mut places: u64,
    one: i16,
    bits: &mut Bits,
    values: &mut [i16; KEPT],
) {
    while places != 0 {
        bits.refill();
        let mut corrections = bits.word();
        let mut left = 32;
        while places & KEPT_MASKS[KEPT] != 0 && left > 0 {
            let value = &mut values[(places.trailing_zeros() as usize).min(KEPT - 1)];
            let sign = *value >> 15;
            let bit = -((corrections >> 63) as i16);
            *value = value.wrapping_add(((one ^ sign) - sign) & bit);
            places &= places - 1;
            corrections <<= 1;
            left -= 1;
        }
        let mut count = 32 - left;
        if places & KEPT_MASKS[KEPT] == 0 {
            let rest = places.count_ones();
            let taken = rest.min(left);
            count += taken;
            places = if taken == rest {
                0
            } else {
                without_first(places, taken)
            };
        }
        bits.consume(count);
    }
}

/// `places` without the first `count` of them.
fn without_first(mut places: u64, count: u32) -> u64 {
    for _ in 0..count {
        places &= places - 1;
    }
    places
}

/// Per number of kept coefficients, the places of these.
const KEPT_MASKS: [u64; 65] = {
    let mut masks = [u64::MAX; 65];
    let mut kept = 0;
    while kept < 64 {
        masks[kept] = (1 << kept) - 1;
        kept += 1;
    }
    masks
};
