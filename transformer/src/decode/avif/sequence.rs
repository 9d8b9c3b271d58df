//! What coded data says of itself in front of its pictures (AV1 specification, 5.3 to 5.5): how deep its samples
//! are, how many planes it has, how many frames. The container says the same, but only this is what the
//! decoder goes by.

use crate::header::Depth;

/// Types of open bitstream units (6.2.2).
const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const FRAME: u8 = 6;
/// What a sequence header says instead of a value that each frame says itself (6.10.1).
const SELECT: u32 = 2;

/// Coded data as far as it decides what decoding costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sequence {
    /// The costliest of its sequence headers.
    pub depth: Depth,
    pub frames: usize,
}

impl Sequence {
    /// Walk the units of `data`. `None` where there is no sequence header.
    pub(super) fn read(mut data: &[u8]) -> Option<Self> {
        let (mut depth, mut frames) = (None::<Depth>, 0);
        while let Some((kind, body, after)) = unit(data) {
            match kind {
                SEQUENCE_HEADER => {
                    let next = header(&mut Bits { bytes: body, at: 0 })?;
                    depth = depth
                        .filter(|known| known.halves() >= next.halves())
                        .or(Some(next));
                }
                FRAME_HEADER | FRAME => frames += 1,
                _ => {}
            }
            data = after;
        }
        depth.map(|depth| Self { depth, frames })
    }
}

/// The first unit: its type, its content, and what follows it.
fn unit(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&head, mut rest) = data.split_first()?;
    let (has_extension, has_size) = (head & 4 != 0, head & 2 != 0);
    if has_extension {
        rest = rest.get(1..)?;
    }
    let size = if has_size {
        let (size, after) = leb128(rest)?;
        rest = after;
        usize::try_from(size).ok()?
    } else {
        rest.len()
    };
    // What is cut off is what is there of it.
    let (body, after) = rest.split_at(size.min(rest.len()));
    Some((head >> 3 & 15, body, after))
}

/// Seven bits a byte, the lowest first (4.10.5).
fn leb128(data: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in data.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte < 0x80 {
            return Some((value, &data[at + 1..]));
        }
    }
    None
}

/// Bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn number(&mut self, bits: u32) -> Option<u32> {
        let mut number = 0;
        for _ in 0..bits {
            let byte = self.bytes.get(self.at / 8)?;
            number = number << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(number)
    }

    fn is_set(&mut self) -> Option<bool> {
        self.number(1).map(|bit| bit == 1)
    }

    /// A number behind as many zeros as it has bits less one (4.10.3).
    fn uvlc(&mut self) -> Option<()> {
        let mut zeros = 0;
        while !self.is_set()? {
            zeros += 1;
        }
        if zeros < 32 {
            self.number(zeros)?;
        }
        Some(())
    }
}

/// `sequence_header_obu` (5.5.1), read for what stands at its end.
fn header(bits: &mut Bits<'_>) -> Option<Depth> {
    let profile = bits.number(3)?;
    let _still_picture = bits.is_set()?;
    let is_reduced = bits.is_set()?;
    if is_reduced {
        bits.number(5)?;
    } else {
        operating_points(bits)?;
    }
    let (width_bits, height_bits) = (bits.number(4)? + 1, bits.number(4)? + 1);
    bits.number(width_bits)?;
    bits.number(height_bits)?;
    if !is_reduced && bits.is_set()? {
        // Lengths of frame numbers.
        bits.number(4 + 3)?;
    }
    // Large blocks; two filters within a frame.
    bits.number(3)?;
    if !is_reduced {
        tools(bits)?;
    }
    // Super-resolution and the filters behind the loop.
    bits.number(3)?;
    colour(bits, profile)
}

/// From `timing_info_present_flag` to the last operating point.
fn operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay_bits = None;
    if bits.is_set()? {
        bits.number(32)?;
        bits.number(32)?;
        if bits.is_set()? {
            bits.uvlc()?;
        }
        if bits.is_set()? {
            delay_bits = Some(bits.number(5)? + 1);
            bits.number(32)?;
            bits.number(5 + 5)?;
        }
    }
    let has_display_delay = bits.is_set()?;
    for _ in 0..=bits.number(5)? {
        bits.number(12)?;
        if bits.number(5)? > 7 {
            bits.number(1)?;
        }
        if let Some(delay_bits) = delay_bits
            && bits.is_set()?
        {
            bits.number(delay_bits)?;
            bits.number(delay_bits)?;
            bits.number(1)?;
        }
        if has_display_delay && bits.is_set()? {
            bits.number(4)?;
        }
    }
    Some(())
}

/// From `enable_interintra_compound` to `order_hint_bits_minus_1`.
fn tools(bits: &mut Bits<'_>) -> Option<()> {
    bits.number(4)?;
    let has_order = bits.is_set()?;
    if has_order {
        bits.number(2)?;
    }
    let screen_content = if bits.is_set()? {
        SELECT
    } else {
        bits.number(1)?
    };
    if screen_content > 0 && !bits.is_set()? {
        bits.number(1)?;
    }
    if has_order {
        bits.number(3)?;
    }
    Some(())
}

/// `color_config` (5.5.2).
fn colour(bits: &mut Bits<'_>, profile: u32) -> Option<Depth> {
    const SRGB_AS_IT_IS: (u32, u32, u32) = (1, 13, 0);
    let is_high = bits.is_set()?;
    let depth = match (is_high, profile) {
        (true, 2) if bits.is_set()? => 12,
        (true, _) => 10,
        (false, _) => 8,
    };
    let is_grey = profile != 1 && bits.is_set()?;
    let code = if bits.is_set()? {
        (bits.number(8)?, bits.number(8)?, bits.number(8)?)
    } else {
        (2, 2, 2)
    };
    let shrunk = if is_grey {
        (true, true)
    } else if code == SRGB_AS_IT_IS {
        (false, false)
    } else {
        let _range = bits.is_set()?;
        match (profile, depth) {
            (0, _) => (true, true),
            (1, _) => (false, false),
            (_, 12) => {
                let across = bits.is_set()?;
                (across, across && bits.is_set()?)
            }
            _ => (true, false),
        }
    };
    Some(Depth {
        bits: depth,
        is_grey,
        shrunk,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits of text, as a unit of type `kind` with its size.
    fn unit_of(kind: u8, bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').collect();
        let bytes = bits.chunks(8).map(|bits| {
            let padded = bits.iter().chain([b'0'; 8].iter()).take(8);
            padded.fold(0, |byte, &bit| byte << 1 | (bit - b'0'))
        });
        let bytes: Vec<u8> = bytes.collect();
        [&[kind << 3 | 2, bytes.len() as u8][..], &bytes].concat()
    }

    fn depth(bits: &str) -> Option<(u8, bool, (bool, bool))> {
        let depth = Sequence::read(&unit_of(1, bits))?.depth;
        Some((depth.bits, depth.is_grey, depth.shrunk))
    }

    /// A reduced header up to its colours: profile, still, reduced, level, sides of 4 bits, tools.
    fn reduced(profile: &str, colours: &str) -> String {
        format!("{profile} 1 1 00000 0011 0011 1111 1111 000 000 {colours}")
    }

    #[test]
    fn colours_of_each_profile() {
        let both = (true, true);
        assert_eq!(depth(&reduced("000", "0 0 0 1")), Some((8, false, both)));
        assert_eq!(depth(&reduced("000", "1 1 0 1")), Some((10, true, both)));
        let whole = Some((10, false, (false, false)));
        assert_eq!(depth(&reduced("001", "1 0 1")), whole);
        let half = Some((12, false, (true, false)));
        assert_eq!(depth(&reduced("010", "1 1 0 0 1 1 0")), half);
        let srgb = "0 0 1 00000001 00001101 00000000";
        let lights = Some((8, false, (false, false)));
        assert_eq!(depth(&reduced("001", &srgb[2..])), lights);
    }

    #[test]
    fn a_long_header_is_passed_over() {
        let both = (true, true);
        let start = "000 0 0";
        let timing = format!("1 {0} {0} 1 00101 1 00100 {0} 00000 00000", "0".repeat(32));
        let points = "1 00001 000000000000 01000 1 1 00000 00000 1 1 0000 000000000001 00111 0 0";
        let size = "0011 0011 1111 1111 1 0000000 000";
        let tools = "1111 1 11 0 1 0 1 111 000";
        let text = format!("{start} {timing} {points} {size} {tools} 1 0 0 1");
        assert_eq!(depth(&text), Some((10, false, both)));
    }

    #[test]
    fn frames_and_several_headers() {
        let shallow = unit_of(1, &reduced("000", "0 0 0 1"));
        let deep = unit_of(1, &reduced("001", "1 0 1"));
        let frame = [FRAME << 3 | 2, 1, 0];
        let data = [&shallow[..], &frame, &deep, &shallow, &frame, &frame[..2]].concat();
        let read = Sequence::read(&data).unwrap();
        assert_eq!((read.depth.bits, read.frames), (10, 3));
        assert_eq!(Sequence::read(&frame), None);
        for end in 0..deep.len() {
            assert_eq!(Sequence::read(&deep[..end]), None, "{end}");
        }
    }
}
