//! Run-length coded bitmaps of four and eight bits to one index a byte, the lowest row first.

use crate::geometry::Size;

/// Indices of all pixels; those that are passed over are 0.
pub(super) fn decode(data: &[u8], bits: u32, size: Size) -> Vec<u8> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut indices = vec![0; width * height];
    let (mut x, mut y) = (0, 0);
    let mut pairs = Pairs(data);
    while let Some([count, value]) = pairs.next() {
        match (count, value) {
            (0, 0) => (x, y) = (0, y + 1),
            (0, 1) => break,
            (0, 2) => {
                let Some([right, down]) = pairs.next() else {
                    break;
                };
                (x, y) = (x + usize::from(right), y + usize::from(down));
            }
            (0, count) => {
                let count = usize::from(count);
                let bytes = if bits == 8 { count } else { count.div_ceil(2) };
                let Some(plain) = pairs.take(bytes) else {
                    break;
                };
                let row = row(&mut indices, (width, height), (x, y));
                for (at, index) in row.iter_mut().take(count).enumerate() {
                    *index = if bits == 8 {
                        plain[at]
                    } else {
                        nibble(plain[at / 2], at)
                    };
                }
                x += count;
            }
            (count, value) => {
                let row = row(&mut indices, (width, height), (x, y));
                for (at, index) in row.iter_mut().take(count.into()).enumerate() {
                    *index = if bits == 8 { value } else { nibble(value, at) };
                }
                x += usize::from(count);
            }
        }
        if y >= height {
            break;
        }
    }
    indices
}

/// The rest of row `y` from `x` on.
fn row(indices: &mut [u8], (width, height): (usize, usize), (x, y): (usize, usize)) -> &mut [u8] {
    if x >= width || y >= height {
        return &mut [];
    }
    &mut indices[y * width + x..(y + 1) * width]
}

/// The upper four bits come first.
const fn nibble(byte: u8, at: usize) -> u8 {
    if at.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 0xF
    }
}

/// Data in units of two bytes.
struct Pairs<'a>(&'a [u8]);

impl<'a> Pairs<'a> {
    fn next(&mut self) -> Option<[u8; 2]> {
        let (&pair, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(pair)
    }

    /// So many bytes, and one more where they are odd.
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let taken = self.0.get(..bytes)?;
        self.0 = self.0.get(bytes + bytes % 2..).unwrap_or_default();
        Some(taken)
    }
}
