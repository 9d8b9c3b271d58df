//! Decisions with their probabilities in, bytes out: the arithmetic coder of RFC 6386, section 7.

/// A stream that is being written.
#[derive(Debug)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// One less than the width of the interval.
    range: u32,
    value: u32,
    /// How many bits of `value` are not yet a byte's, less eight.
    pending: i32,
    /// Bytes of 255 held back, since a carry would change them.
    held: usize,
}

impl Writer {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
            range: 254,
            value: 0,
            pending: -8,
            held: 0,
        }
    }

    /// One decision; `probability` of 256 is that of `false`.
    #[inline(always)]
    pub(super) fn put(&mut self, bit: bool, probability: u8) {
        let split = (self.range * u32::from(probability)) >> 8;
        if bit {
            self.value += split + 1;
            self.range -= split + 1;
        } else {
            self.range = split;
        }
        if self.range < 127 {
            let shift = (self.range + 1).leading_zeros() - 24;
            self.range = ((self.range + 1) << shift) - 1;
            self.value <<= shift;
            self.pending += shift as i32;
            if self.pending > 0 {
                self.flush();
            }
        }
    }

    /// A decision of even odds.
    pub(super) fn put_even(&mut self, bit: bool) {
        self.put(bit, 128);
    }

    /// A number, its highest bit first.
    pub(super) fn put_number(&mut self, value: u32, bits: u32) {
        for at in (0..bits).rev() {
            self.put_even(value >> at & 1 == 1);
        }
    }

    /// A flag for "not zero", then magnitude and sign.
    pub(super) fn put_optional(&mut self, value: i32, bits: u32) {
        self.put_even(value != 0);
        if value != 0 {
            self.put_number(value.unsigned_abs(), bits);
            self.put_even(value < 0);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.put_number(0, (9 - self.pending) as u32);
        self.pending = 0;
        self.flush();
        self.bytes
    }

    fn flush(&mut self) {
        let shift = 8 + self.pending as u32;
        let bits = self.value >> shift;
        self.value -= bits << shift;
        self.pending -= 8;
        if bits & 0xFF == 0xFF {
            self.held += 1;
            return;
        }
        let carry = bits & 0x100 != 0;
        if carry && let Some(last) = self.bytes.last_mut() {
            // The last byte written is never 255: those are held.
            *last += 1;
        }
        let held = if carry { 0 } else { 0xFF };
        self.bytes.extend((0..self.held).map(|_| held));
        self.held = 0;
        self.bytes.push(bits as u8);
    }
}
