//! Bits of entropy-coded data: a source and a position come in, the next bits go out, with stuffed
//! zero bytes taken away. Stops before a marker and gives zeros from there on; never reads past the end.

use super::markers::has_ff;

/// A place in entropy-coded data. Small and copied, so that it can live in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    source: &'a [u8],
    /// The next byte to take.
    at: usize,
    /// The next bits, from the left. Those after `count` are zero or what follows in the source.
    word: u64,
    /// Bits of `word` that may be consumed.
    count: u32,
    /// Zero bits that were added because the data ended.
    added: u32,
}

impl<'a> Bits<'a> {
    /// Begin at a byte.
    pub(super) const fn new(source: &'a [u8], at: usize) -> Self {
        Self {
            source,
            at,
            word: 0,
            count: 0,
            added: 0,
        }
    }

    /// The next byte to take: at a marker's 0xFF or before it.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Whether bits were consumed that the source does not have.
    #[inline(always)]
    pub(super) const fn exhausted(&self) -> bool {
        self.added > self.count
    }

    /// The next bits, from the left.
    #[inline(always)]
    pub(super) const fn word(&self) -> u64 {
        self.word
    }

    /// Let `count` bits go, which must be there.
    #[inline(always)]
    pub(super) const fn consume(&mut self, count: u32) {
        self.word <<= count;
        self.count = self.count.wrapping_sub(count);
    }

    /// Take `count` bits, 0 to 32, which must be there.
    #[inline(always)]
    pub(super) const fn take(&mut self, count: u32) -> u32 {
        let bits = (self.word >> 32 >> (32 - count)) as u32;
        self.consume(count);
        bits
    }

    /// Make at least 56 bits available.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if let Some(next) = self.source.get(self.at..).and_then(<[u8]>::first_chunk) {
            let next = u64::from_be_bytes(*next);
            if !has_ff(next) {
                self.word |= next >> self.count;
                self.at += ((63 - self.count) >> 3) as usize;
                self.count |= 0b11_1000;
                return;
            }
        }
        let more = bytes_before(self.source, self.at, self.count);
        self.word |= more.word;
        self.at = more.at;
        self.count = more.count;
        self.added += more.added;
    }
}

/// What a refill byte by byte found.
struct More {
    /// The bits, behind those that were there.
    word: u64,
    at: usize,
    count: u32,
    added: u32,
}

/// Byte by byte, to at least 56 bits. Takes and gives numbers: a reference to the reader would keep all
/// of it in memory, in the way where it hurts.
#[cold]
#[inline(never)]
fn bytes_before(source: &[u8], mut at: usize, mut count: u32) -> More {
    let (mut word, mut added) = (0, 0);
    while count < 56 {
        let Some(byte) = next_byte(source, &mut at) else {
            added = 63 - count;
            count = 63;
            break;
        };
        word |= u64::from(byte) << (56 - count);
        count += 8;
    }
    More {
        word,
        at,
        count,
        added,
    }
}

/// The data byte at `at`, which moves on. `None` at the end and before a marker, where it moves on to the
/// last 0xFF, so that a long row of them is walked once only.
fn next_byte(source: &[u8], at: &mut usize) -> Option<u8> {
    let (&first, after) = source.get(*at..)?.split_first()?;
    if first != 0xFF {
        *at += 1;
        return Some(first);
    }
    let fill = after.iter().take_while(|&&byte| byte == 0xFF).count();
    *at += fill;
    if after.get(fill) != Some(&0) {
        return None;
    }
    *at += 2;
    Some(0xFF)
}
#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &[u8], widths: &[u32]) -> (Vec<u32>, bool) {
        let mut bits = Bits::new(source, 0);
        let read = widths
            .iter()
            .map(|&width| {
                bits.refill();
                bits.take(width)
            })
            .collect();
        (read, bits.exhausted())
    }

    #[test]
    fn bits_come_from_the_left_in_both_ways_of_refilling() {
        let short = [0b1010_0101, 0b1100_0011];
        let long = [0b1010_0101, 0b1100_0011, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        for source in [&short[..], &long[..]] {
            let (read, exhausted) = read(source, &[1, 3, 0, 8, 4]);
            assert_eq!(read, [1, 2, 0, 0b0101_1100, 3]);
            assert!(!exhausted);
        }
    }

    #[test]
    fn stuffing_goes_and_a_marker_ends_the_data() {
        let source = [
            0xFF, 0x00, 0x12, 0xFF, 0xFF, 0x00, 0x34, 0xFF, 0xD9, 1, 1, 1, 1, 1, 1,
        ];
        assert_eq!(read(&source, &[32]), (vec![0xFF12_FF34], false));
        assert_eq!(read(&source, &[32, 1]), (vec![0xFF12_FF34, 0], true));
        let mut bits = Bits::new(&source, 0);
        bits.refill();
        assert_eq!(bits.position(), 7);
    }

    #[test]
    fn long_data_reads_as_a_plain_reader_would() {
        let source: Vec<u8> = (0..997_u32)
            .map(|index| (index * index % 251) as u8)
            .collect();
        let plain = |at: usize| u32::from(source[at / 8] >> (7 - at % 8) & 1);
        let mut bits = Bits::new(&source, 0);
        let mut at = 0;
        for step in 0.. {
            let width = step % 33;
            if at + width as usize > source.len() * 8 {
                break;
            }
            bits.refill();
            let wanted = (0..width as usize).fold(0_u32, |word, bit| word << 1 | plain(at + bit));
            assert_eq!(bits.take(width), wanted, "at bit {at}");
            at += width as usize;
        }
        assert!(at > 7_900 && !bits.exhausted());
    }
}
