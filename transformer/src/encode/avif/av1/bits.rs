//! Headers bit by bit, and the units that they are packed into (AV1 specification, 5.3).

/// Bits, the highest of each byte first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are free.
    free: u32,
}

impl Bits {
    /// The lowest bits of a value.
    pub(super) fn put(&mut self, value: u32, bits: u32) {
        for bit in (0..bits).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> bit & 1) as u8) << self.free;
            }
        }
    }

    pub(super) fn flag(&mut self, set: bool) {
        self.put(u32::from(set), 1);
    }

    /// A one, then zeros up to the next byte.
    pub(super) fn end_with_one(&mut self) {
        self.put(1, 1);
        self.free = 0;
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// What a unit holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Sequence = 1,
    Frame = 6,
}

/// Append a unit with its size.
pub(super) fn append_unit(kind: Kind, payload: &[u8], to: &mut Vec<u8>) {
    const HAS_SIZE: u8 = 2;
    to.push((kind as u8) << 3 | HAS_SIZE);
    let mut left = payload.len();
    while left >= 128 {
        to.push(left as u8 | 128);
        left >>= 7;
    }
    to.push(left as u8);
    to.extend_from_slice(payload);
}
