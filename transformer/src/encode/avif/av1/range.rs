//! The range coder (AV1 specification, 8.2, the other way round), and probabilities that learn.

/// The bounds of a symbol's probabilities in 32,768ths: all but the last, which is 32,768, then how often
/// the symbol has been seen, up to 32.
pub(super) type Cdf<const SYMBOLS: usize> = [u16; SYMBOLS];

const SEEN_MAX: u16 = 32;
/// Bits of low before the first byte is complete.
const FIRST_COUNT: i32 = -9;

/// Bytes with carries that are settled at the end.
#[derive(Debug)]
pub(super) struct RangeCoder {
    low: u64,
    range: u32,
    count: i32,
    words: Vec<u16>,
}

impl RangeCoder {
    pub(super) const fn new() -> Self {
        Self {
            low: 0,
            range: 0x8000,
            count: FIRST_COUNT,
            words: Vec::new(),
        }
    }

    /// Write a symbol, and make it likelier from now on.
    #[inline]
    pub(super) fn symbol<const SYMBOLS: usize>(&mut self, cdf: &mut Cdf<SYMBOLS>, symbol: usize) {
        self.interval(bounds(cdf, symbol), SYMBOLS, symbol);
        learn(cdf, symbol);
    }

    /// Write yes or no where "no" has a probability in 32,768ths.
    pub(super) fn choice(&mut self, no: u16, yes: bool) {
        let cdf = [no, 0];
        self.interval(bounds(&cdf, usize::from(yes)), 2, usize::from(yes));
    }

    /// Write bits that are all as likely, the highest first.
    pub(super) fn literal(&mut self, value: u32, bits: u32) {
        for bit in (0..bits).rev() {
            self.choice(1 << 14, value >> bit & 1 == 1);
        }
    }

    #[inline]
    fn interval(&mut self, (from, to): (u32, u32), symbols: usize, symbol: usize) {
        let scale = |bound: u32, left: usize| {
            (((self.range >> 8) * ((32_768 - bound) >> 6)) >> 1) + 4 * left as u32
        };
        let left = symbols - 1 - symbol;
        let lower = scale(to, left);
        if from > 0 {
            let upper = scale(from, left + 1);
            self.low += u64::from(self.range - upper);
            self.range = upper - lower;
        } else {
            self.range -= lower;
        }
        self.normalise();
    }

    #[inline]
    fn normalise(&mut self) {
        let shift = self.range.leading_zeros() as i32 - 16;
        let mut filled = self.count + shift;
        if filled >= 0 {
            let mut count = self.count + 16;
            if filled >= 8 {
                self.words.push((self.low >> count) as u16);
                self.low &= (1 << count) - 1;
                count -= 8;
            }
            self.words.push((self.low >> count) as u16);
            self.low &= (1 << count) - 1;
            filled = count + shift - 24;
        }
        self.low <<= shift;
        self.range <<= shift;
        self.count = filled;
    }

    /// All bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let mask = 0x3FFF;
        let mut end = ((self.low + mask) & !mask) | (mask + 1);
        let mut left = self.count + 10;
        let mut count = self.count;
        while left > 0 {
            self.words.push((end >> (count + 16)) as u16);
            end &= (1 << (count + 16)) - 1;
            left -= 8;
            count -= 8;
        }
        let mut carry = 0;
        let mut bytes = vec![0; self.words.len()];
        for (byte, word) in bytes.iter_mut().zip(&self.words).rev() {
            carry += u32::from(*word);
            *byte = carry as u8;
            carry >>= 8;
        }
        bytes
    }
}

#[inline]
fn bounds<const SYMBOLS: usize>(cdf: &Cdf<SYMBOLS>, symbol: usize) -> (u32, u32) {
    let from = if symbol > 0 { cdf[symbol - 1] } else { 0 };
    let to = if symbol + 1 < SYMBOLS {
        cdf[symbol].into()
    } else {
        32_768
    };
    (from.into(), to)
}

#[inline]
fn learn<const SYMBOLS: usize>(cdf: &mut Cdf<SYMBOLS>, symbol: usize) {
    let seen = cdf[SYMBOLS - 1];
    let rate = 3 + u32::from(seen > 15) + u32::from(seen > 31) + SYMBOLS.ilog2().min(2);
    for (at, bound) in cdf[..SYMBOLS - 1].iter_mut().enumerate() {
        if at < symbol {
            *bound -= *bound >> rate;
        } else {
            *bound += (32_768 - *bound) >> rate;
        }
    }
    cdf[SYMBOLS - 1] = (seen + 1).min(SEEN_MAX);
}
