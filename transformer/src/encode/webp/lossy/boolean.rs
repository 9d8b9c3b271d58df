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
    pub(super) fn put(&mut self, bit: bool, probability: u8) {
        self.put_all(std::iter::once((bit, probability)));
    }

    /// Decisions one after the other, with what changes from one to the next in registers: it is a chain that each
    /// decision waits for.
    pub(super) fn put_all(&mut self, decisions: impl Iterator<Item = (bool, u8)>) {
        let (mut range, mut value, mut pending) = (self.range, self.value, self.pending);
        for (bit, probability) in decisions {
            let split = (range * u32::from(probability)) >> 8;
            // Nobody can foretell the bit: no branch.
            let mask = u32::from(bit).wrapping_neg();
            value += (split + 1) & mask;
            range = split ^ ((split ^ range.wrapping_sub(split + 1)) & mask);
            let shift = (range + 1).leading_zeros() - 24;
            range = ((range + 1) << shift) - 1;
            value <<= shift;
            pending += shift as i32;
            if pending > 0 {
                (value, pending) = self.flushed(value, pending);
            }
        }
        (self.range, self.value, self.pending) = (range, value, pending);
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
        (self.value, self.pending) = self.flushed(self.value, self.pending);
    }

    /// Write the byte that is complete; what is left of the value, and how much of it is pending.
    fn flushed(&mut self, value: u32, pending: i32) -> (u32, i32) {
        let shift = 8 + pending as u32;
        let bits = value >> shift;
        self.write(bits);
        (value - (bits << shift), pending - 8)
    }

    /// A byte, with a carry above it.
    fn write(&mut self, bits: u32) {
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
