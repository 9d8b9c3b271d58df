//! Samples of any depth to eight or sixteen bits, and what was done to them to compress better undone.

use super::Number;
use crate::geometry::Size;
use crate::picture::Sample;

/// One row of one chunk.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub bytes: &'a [u8],
    pub bits: u32,
    pub number: Number,
    pub is_little: bool,
}

impl Row<'_> {
    /// The sample at `at`, 0 to 255; nothing is black.
    pub(super) fn level(self, at: usize) -> u8 {
        match self.bits {
            8 => {
                let byte = self.bytes.get(at).copied().unwrap_or(0);
                if self.number == Number::Signed {
                    byte ^ 0x80
                } else {
                    byte
                }
            }
            16 | 32 => self.part(at),
            bits => {
                let most = (1usize << bits) - 1;
                (self.index(at) * 255 / most) as u8
            }
        }
    }

    /// The sample at `at` as it is stored, of up to eight bits.
    pub(super) fn index(self, at: usize) -> usize {
        let first = at * self.bits as usize;
        let byte = usize::from(self.bytes.get(first / 8).copied().unwrap_or(0));
        let shift = 8 - self.bits as usize - first % 8;
        byte >> shift & ((1 << self.bits) - 1)
    }

    /// The sample at `at`, which has 16 or 32 bits; nothing is black.
    pub(super) fn part<S: Sample>(self, at: usize) -> S {
        let width = self.bits as usize / 8;
        let bytes = self
            .bytes
            .get(at * width..(at + 1) * width)
            .unwrap_or(&[0; 4][..width]);
        let push = |sum: u32, &byte: &u8| sum << 8 | u32::from(byte);
        let value = if self.is_little {
            bytes.iter().rev().fold(0, push)
        } else {
            bytes.iter().fold(0, push)
        };
        match (self.number, self.bits) {
            (Number::Float, 16) => S::of_part(half(value as u16)),
            (Number::Float, _) => S::of_part(f32::from_bits(value)),
            (sign, bits) => {
                let top = u32::from(sign == Number::Signed) << (S::BITS - 1);
                S::low(value >> (bits - S::BITS) ^ top)
            }
        }
    }
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f32::from(bits & 0x3FF));
    let size = match exponent {
        0 => fraction * 2f32.powi(-24),
        31 => f32::INFINITY,
        _ => (1024.0 + fraction) * 2f32.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// Brightness and two differences to lights (TIFF 6.0, section 21, with the weights of BT.601).
pub(super) fn lights([luma, blue, red]: [u8; 3]) -> [u8; 3] {
    let (luma, blue, red) = (
        f32::from(luma),
        f32::from(blue) - 128.0,
        f32::from(red) - 128.0,
    );
    [
        luma + 1.402 * red,
        luma - 0.344_136 * blue - 0.714_136 * red,
        luma + 1.772 * blue,
    ]
    .map(|light| (light + 0.5) as u8)
}

/// How a row is stored.
pub(super) struct Stride {
    pub bytes: usize,
    pub samples: usize,
    pub bits: u32,
    pub is_little: bool,
    /// Whether the bytes of floating-point numbers are sorted by their weight.
    pub is_sorted: bool,
}

/// Undo a predictor: each sample was stored as its difference from the one of the pixel before.
pub(super) fn unpredict(rows: &mut [u8], row: &Stride) {
    for line in rows.chunks_exact_mut(row.bytes.max(1)) {
        match row.bits {
            _ if row.is_sorted => float(line, row),
            8 => {
                for at in row.samples..line.len() {
                    line[at] = line[at].wrapping_add(line[at - row.samples]);
                }
            }
            16 => wide::<2>(line, row),
            32 => wide::<4>(line, row),
            _ => {}
        }
    }
}

fn wide<const BYTES: usize>(line: &mut [u8], row: &Stride) {
    let samples = line.as_chunks_mut::<BYTES>().0;
    let push = |sum: u32, &byte: &u8| sum << 8 | u32::from(byte);
    let read = |sample: &[u8; BYTES]| {
        if row.is_little {
            sample.iter().rev().fold(0, push)
        } else {
            sample.iter().fold(0, push)
        }
    };
    for at in row.samples..samples.len() {
        let sum = read(&samples[at]).wrapping_add(read(&samples[at - row.samples]));
        for (number, byte) in samples[at].iter_mut().enumerate() {
            let shift = if row.is_little {
                number
            } else {
                BYTES - 1 - number
            };
            *byte = (sum >> (8 * shift)) as u8;
        }
    }
}

/// Bytes were sorted by their weight, the heaviest of all samples first, and differences taken of those.
fn float(line: &mut [u8], row: &Stride) {
    for at in row.samples..line.len() {
        line[at] = line[at].wrapping_add(line[at - row.samples]);
    }
    let width = row.bits as usize / 8;
    let count = line.len() / width;
    let sorted = line.to_vec();
    for sample in 0..count {
        for byte in 0..width {
            let place = if row.is_little {
                width - 1 - byte
            } else {
                byte
            };
            line[sample * width + place] = sorted[byte * count + sample];
        }
    }
}

/// Every pixel with differences of its own, of a chunk where `across` by `down` pixels share them.
pub(super) fn unshared(packed: &[u8], stored: Size, (across, down): (usize, usize)) -> Vec<u8> {
    let (width, height) = (stored.width as usize, stored.height as usize);
    let unit = across * down + 2;
    let per_row = width.div_ceil(across);
    let mut rows = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let start = (y / down * per_row + x / across) * unit;
            let unit = packed.get(start..start + unit).unwrap_or(&[0; 18][..unit]);
            let luma = unit[y % down * across + x % across];
            rows.extend([luma, unit[across * down], unit[across * down + 1]]);
        }
    }
    rows
}
