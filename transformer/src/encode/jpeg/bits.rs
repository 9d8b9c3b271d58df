//! Codes in, entropy-coded bytes out, with a zero after every 0xFF as T.81 B.1.1.5 wants.

/// Gathers bits, first bit highest.
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    bits: u64,
    /// Of `bits`, how many wait; under 32 between calls.
    waiting: u32,
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            bits: 0,
            waiting: 0,
        }
    }

    /// Append the lowest `count` bits; at most 32, and nothing above them set.
    #[inline]
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        debug_assert!(count <= 32 && u64::from(bits) < 1 << count);
        self.bits = self.bits << count | u64::from(bits);
        self.waiting += count;
        if self.waiting >= 32 {
            self.waiting -= 32;
            self.word((self.bits >> self.waiting) as u32);
        }
    }

    #[inline]
    fn word(&mut self, word: u32) {
        // A byte is 0xFF where adding one carries out of it: look for bytes with all bits set.
        let zero = !word;
        if zero.wrapping_sub(0x0101_0101) & !zero & 0x8080_8080 == 0 {
            self.out.extend_from_slice(&word.to_be_bytes());
        } else {
            word.to_be_bytes()
                .into_iter()
                .for_each(|byte| self.byte(byte));
        }
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xFF {
            self.out.push(0);
        }
    }

    /// Fill the last byte with ones and write what waits.
    pub(super) fn finish(mut self) {
        let count = self.waiting.next_multiple_of(8) - self.waiting;
        self.put((1 << count) - 1, count);
        while self.waiting > 0 {
            self.waiting -= 8;
            self.byte((self.bits >> self.waiting) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_padded_with_ones() {
        let mut out = Vec::new();
        let mut writer = BitWriter::new(&mut out);
        writer.put(0b101, 3);
        writer.put(0, 0);
        writer.put(0x1234_5678, 32);
        writer.put(0b11, 2);
        writer.finish();
        assert_eq!(
            out,
            [
                0b1010_0010,
                0b0100_0110,
                0b1000_1010,
                0b1100_1111,
                0b0001_1111
            ]
        );
    }

    #[test]
    fn zeros_follow_full_bytes() {
        let mut out = Vec::new();
        let mut writer = BitWriter::new(&mut out);
        writer.put(0xFFFF_00FE, 32);
        writer.put(0x7F, 7);
        writer.finish();
        assert_eq!(out, [0xFF, 0, 0xFF, 0, 0, 0xFE, 0xFF, 0]);
    }
}
