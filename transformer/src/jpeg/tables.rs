//! Tables that segments define and scans use: DQT, DHT and DRI payloads come in, the tables in force
//! go out. Never builds a lookup before a scan asks for it.

use super::error::Error;
use super::huffman::{Code, Lookup, Meaning};
use super::markers::{DHT, DQT, DRI};

/// Place in an 8x8 block, row by row, of each zigzag index. A run too long, which only a broken file has,
/// ends in the last place as in libjpeg; the end of a block, 128 and on, behind the block.
pub(super) const ZIGZAG: [u8; 256] = {
    let mut places = [64_u8; 256];
    let mut index = 64;
    while index < 128 {
        places[index] = 63;
        index += 1;
    }
    let (mut row, mut column) = (0_u8, 0_u8);
    index = 0;
    while index < 64 {
        places[index] = row * 8 + column;
        let up = (row + column) % 2 == 0;
        if up && column == 7 || !up && row < 7 && column == 0 {
            row += 1;
        } else if up && row == 0 || !up && row == 7 {
            column += 1;
        } else if up {
            row -= 1;
            column += 1;
        } else {
            row += 1;
            column -= 1;
        }
        index += 1;
    }
    places
};

/// Quantisation steps, in the order of the block's rows.
pub(super) type Steps = [i16; 64];

/// A scan names a code that no segment defined.
const NO_CODE: Error = Error::Malformed("no Huffman table");

/// The tables in force.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) steps: [Option<Steps>; 4],
    pub(super) dc: [Option<Code>; 4],
    pub(super) ac: [Option<Code>; 4],
    /// MCUs from one restart marker to the next; 0 for none.
    pub(super) restart_interval: u32,
}

impl Tables {
    /// Take in a segment; those that define no table are passed over.
    pub(super) fn read(&mut self, code: u8, payload: &[u8]) -> Result<(), Error> {
        match code {
            DQT => self.read_steps(payload),
            DHT => self.read_codes(payload),
            DRI => {
                let interval = payload
                    .first_chunk()
                    .ok_or(Error::Malformed("restart interval"))?;
                self.restart_interval = u32::from(u16::from_be_bytes(*interval));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The quantisation steps of a number.
    pub(super) fn steps(&self, number: usize) -> Result<Steps, Error> {
        self.steps[number].ok_or(Error::Malformed("no quantisation table"))
    }

    /// The code of a number, made ready.
    pub(super) fn lookup(&self, meaning: Meaning, number: usize) -> Result<Lookup, Error> {
        let codes = match meaning {
            Meaning::Dc => &self.dc,
            Meaning::Ac | Meaning::AcProgressive | Meaning::AcRefinement => &self.ac,
        };
        Lookup::new(codes[number].as_ref().ok_or(NO_CODE)?, meaning)
    }

    /// The AC code of a number, made ready also to pass over coefficients.
    pub(super) fn lookup_with_skip(&self, number: usize) -> Result<Lookup, Error> {
        Lookup::with_skip(self.ac[number].as_ref().ok_or(NO_CODE)?)
    }

    fn read_steps(&mut self, payload: &[u8]) -> Result<(), Error> {
        let mut rest = payload;
        while let Some((&kind, values)) = rest.split_first() {
            let bytes = if kind >> 4 == 0 { 64 } else { 128 };
            let (values, after) = values
                .split_at_checked(bytes)
                .ok_or(Error::Malformed("quantisation table length"))?;
            let slot = self
                .steps
                .get_mut(usize::from(kind & 15))
                .ok_or(Error::Malformed("quantisation table number"))?;
            let mut steps = [0; 64];
            for (index, &place) in ZIGZAG.iter().take(64).enumerate() {
                // 16-bit steps keep their low bits, as the 16-bit multiplication of libjpeg-turbo does.
                steps[usize::from(place)] = match values.len() {
                    64 => i16::from(values[index]),
                    _ => i16::from_be_bytes([values[index * 2], values[index * 2 + 1]]),
                };
            }
            *slot = Some(steps);
            rest = after;
        }
        Ok(())
    }

    fn read_codes(&mut self, payload: &[u8]) -> Result<(), Error> {
        let mut rest = payload;
        while let Some((&kind, after)) = rest.split_first() {
            let (counts, after) = after
                .split_first_chunk::<16>()
                .ok_or(Error::Malformed("Huffman table length"))?;
            let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, after) = after
                .split_at_checked(total)
                .ok_or(Error::Malformed("Huffman table length"))?;
            let slots = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(Error::Malformed("Huffman table class")),
            };
            let slot = slots
                .get_mut(usize::from(kind & 15))
                .ok_or(Error::Malformed("Huffman table number"))?;
            *slot =
                Some(Code::new(counts, symbols).ok_or(Error::Malformed("Huffman table length"))?);
            rest = after;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zigzag_visits_every_place_once_and_begins_and_ends_right() {
        assert_eq!(ZIGZAG[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(ZIGZAG[54..64], [39, 46, 53, 60, 61, 54, 47, 55, 62, 63]);
        let mut places = ZIGZAG[..64].to_vec();
        places.sort_unstable();
        assert!(places.into_iter().eq(0..64));
    }
}
