//! Bytes changed, cut and repeated, the same way on every run.

/// A xorshift generator (Marsaglia, 2003): the same numbers on every run.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

pub(crate) fn mutated(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        // Headers are where the rules are: half of the changes fall into the first part.
        let reach = if numbers.below(2) == 0 {
            bytes.len().min(200)
        } else {
            bytes.len()
        };
        let at = numbers.below(reach);
        match numbers.below(6) {
            0 => bytes.truncate(at.max(4)),
            1 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][numbers.below(6)],
            2 => bytes[at] ^= 1 << numbers.below(8),
            3 => {
                let end = (at + numbers.below(64)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            4 => {
                let end = (at + numbers.below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => bytes[at] = numbers.next() as u8,
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}
