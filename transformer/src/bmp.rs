//! Windows bitmaps, alone and in icons: a device-independent bitmap comes in, pixels of three or four samples
//! go out. Every header from OS/2's on, every depth, both run-length codings, and masks of any width. Rows
//! that are not there stay as they are.

mod icon;
mod runs;

use crate::error::Error;
use crate::geometry::Size;
use crate::picture::Layout;
pub(crate) use icon::{Image, best};

/// `BM`, a length, two numbers nobody uses, and where the pixels are.
const FILE_HEADER_BYTES: usize = 14;

/// How pixels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// Numbers in a palette.
    Palette,
    /// Bits of a number, by masks for red, green, blue and alpha.
    Masks([u32; 4]),
    Runs,
}

/// A bitmap before its pixels.
#[derive(Debug, Clone)]
pub(crate) struct Bitmap<'a> {
    pub size: Size,
    coding: Coding,
    /// Of a pixel: 1, 4, 8, 16, 24, 32; icons of old have 2 as well.
    bits: u32,
    /// Whether the first row is the lowest.
    is_upward: bool,
    /// Blue, green, red, and what lies between.
    palette: &'a [u8],
    palette_stride: usize,
    pixels: &'a [u8],
    /// Rows of one bit a pixel that are transparent where it is set.
    is_icon: bool,
}

impl<'a> Bitmap<'a> {
    /// A file.
    pub(crate) fn read(source: &'a [u8]) -> Result<Self, Error> {
        let bitmap = source.get(FILE_HEADER_BYTES..).unwrap_or_default();
        let start = u32_at(source, 10).ok_or_else(|| malformed("no header"))? as usize;
        let mut read = Self::headers(bitmap)?;
        // Where the file says that they are, unless that is nowhere.
        if let Some(pixels) = source.get(start..).filter(|_| start > FILE_HEADER_BYTES) {
            read.pixels = pixels;
        }
        Ok(read)
    }

    /// One picture of an icon: twice as high, for the mask.
    pub(crate) fn of_icon(bitmap: &'a [u8]) -> Result<Self, Error> {
        let mut read = Self::headers(bitmap)?;
        read.is_icon = true;
        read.size.height /= 2;
        // In an icon the fourth byte is alpha.
        if let (Coding::Masks(masks), 32) = (&mut read.coding, read.bits) {
            masks[3] = 0xFF00_0000;
        }
        Ok(read)
    }

    fn headers(bitmap: &'a [u8]) -> Result<Self, Error> {
        let read = || Self::headers_if_there(bitmap);
        read().unwrap_or_else(|| Err(malformed("the header is cut off")))
    }

    fn headers_if_there(bitmap: &'a [u8]) -> Option<Result<Self, Error>> {
        let head = u32_at(bitmap, 0)? as usize;
        let is_core = head == 12;
        let (width, height, bits) = if is_core {
            let side = |at| u16_at(bitmap, at).map(i64::from);
            (side(4)?, side(6)?, u16_at(bitmap, 10)?)
        } else {
            let side = |at| u32_at(bitmap, at).map(|side| i64::from(side as i32));
            (side(4)?, side(8)?, u16_at(bitmap, 14)?)
        };
        let bits = u32::from(bits);
        let compression = if is_core { 0 } else { u32_at(bitmap, 16)? };
        let masks_behind = match (compression, head) {
            (3, 40) => 12,
            (6, 40) => 16,
            _ => 0,
        };
        let coding = match coding(bitmap, (compression, bits, head)) {
            Ok(coding) => coding,
            Err(error) => return Some(Err(error)),
        };
        let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height.abs())) else {
            return Some(Err(malformed("a width below zero")));
        };
        let palette_stride = if is_core { 3 } else { 4 };
        let colours = match (bits, if is_core { 0 } else { u32_at(bitmap, 32)? }) {
            (1..=8, 0) => 1 << bits,
            (1..=8, used) => used.min(1 << bits),
            (_, used) => used.min(256),
        };
        let palette = bitmap.get(head + masks_behind..).unwrap_or_default();
        let after = (colours as usize * palette_stride).min(palette.len());
        Some(Ok(Self {
            size: Size {
                width: columns,
                height: rows,
            },
            coding,
            bits,
            is_upward: height > 0,
            palette: &palette[..after],
            palette_stride,
            pixels: &palette[after..],
            is_icon: false,
        }))
    }

    /// What the decoded bitmap holds.
    pub(crate) const fn layout(&self) -> Layout {
        match self.coding {
            _ if self.is_icon => Layout::Rgba,
            Coding::Masks([_, _, _, alpha]) if alpha != 0 => Layout::Rgba,
            _ => Layout::Rgb,
        }
    }

    /// Decode into `out`, which has room for all of it. Gives the first row from the top that was not there
    /// or, of a bitmap that begins with its lowest, how many of the upper ones were not.
    pub(crate) fn decode(&self, out: &mut [u8]) -> Missing {
        let layout = self.layout();
        let (stride, channels) = (
            self.size.width as usize * layout.channels(),
            layout.channels(),
        );
        let height = self.size.height as usize;
        let stored = self.stored_bytes();
        let indices;
        let rows: &[u8] = if self.coding == Coding::Runs {
            indices = runs::decode(self.pixels, self.bits, self.size);
            &indices
        } else {
            self.pixels
        };
        let row_bytes = if self.coding == Coding::Runs {
            self.size.width as usize
        } else {
            stored
        };
        let mut done = 0;
        for number in 0..height {
            let Some(row) = rows.get(number * row_bytes..(number + 1) * row_bytes) else {
                break;
            };
            let line = if self.is_upward {
                height - 1 - number
            } else {
                number
            };
            let line = &mut out[line * stride..(line + 1) * stride];
            for (at, pixel) in line.chunks_exact_mut(channels).enumerate() {
                let colour = self.colour(row, at);
                pixel.copy_from_slice(&colour[..channels]);
            }
            done += 1;
        }
        if self.is_icon {
            self.mask(out);
        }
        match (height - done, self.is_upward) {
            (0, _) => Missing::None,
            (rows, true) => Missing::Above(rows),
            (rows, false) => Missing::Below(rows),
        }
    }

    /// Bytes of a stored row, a multiple of four.
    fn stored_bytes(&self) -> usize {
        (self.size.width as usize * self.bits as usize).div_ceil(32) * 4
    }

    fn colour(&self, row: &[u8], at: usize) -> [u8; 4] {
        match self.coding {
            Coding::Runs => self.entry(row[at].into()),
            Coding::Palette => {
                let first = at * self.bits as usize;
                let shift = 8 - self.bits as usize - first % 8;
                self.entry(usize::from(row[first / 8]) >> shift & ((1 << self.bits) - 1))
            }
            Coding::Masks(masks) => {
                let bytes = self.bits as usize / 8;
                let bytes = &row[at * bytes..(at + 1) * bytes];
                let number = bytes
                    .iter()
                    .rev()
                    .fold(0, |sum, &byte| sum << 8 | u32::from(byte));
                let [red, green, blue, alpha] = masks;
                let part = |mask| masked(number, mask);
                let alpha = if alpha == 0 { u8::MAX } else { part(alpha) };
                [part(red), part(green), part(blue), alpha]
            }
        }
    }

    fn entry(&self, index: usize) -> [u8; 4] {
        match self.palette.get(index * self.palette_stride..) {
            Some(&[blue, green, red, ..]) => [red, green, blue, u8::MAX],
            _ => [0, 0, 0, u8::MAX],
        }
    }

    /// An icon's transparency: its own alpha where any of it is not zero, else the mask behind the pixels.
    fn mask(&self, out: &mut [u8]) {
        let pixels = out.as_chunks_mut::<4>().0;
        let has_alpha = self.bits == 32 && pixels.iter().any(|pixel| pixel[3] != 0);
        if has_alpha {
            return;
        }
        for pixel in pixels.iter_mut() {
            pixel[3] = u8::MAX;
        }
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let mask_bytes = width.div_ceil(32) * 4;
        let mask = self
            .pixels
            .get(self.stored_bytes() * height..)
            .unwrap_or_default();
        for (number, row) in mask
            .chunks_exact(mask_bytes.max(1))
            .take(height)
            .enumerate()
        {
            let line = if self.is_upward {
                height - 1 - number
            } else {
                number
            };
            for (at, pixel) in pixels[line * width..(line + 1) * width]
                .iter_mut()
                .enumerate()
            {
                if row[at / 8] & 0x80 >> (at % 8) != 0 {
                    pixel[3] = 0;
                }
            }
        }
    }
}

/// Rows that were not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    None,
    Above(usize),
    Below(usize),
}

fn coding(bitmap: &[u8], (compression, bits, head): (u32, u32, usize)) -> Result<Coding, Error> {
    let mask = |number: usize| u32_at(bitmap, 40 + 4 * number).unwrap_or(0);
    Ok(match (compression, bits) {
        (0, 1 | 2 | 4 | 8) => Coding::Palette,
        (0, 16) => Coding::Masks([0x7C00, 0x03E0, 0x001F, 0]),
        // The fourth byte is alpha only in an icon, which asks for it by itself.
        (0, 24 | 32) => Coding::Masks([0xFF_0000, 0xFF00, 0xFF, 0]),
        (1, 8) | (2, 4) => Coding::Runs,
        (3 | 6, 16 | 32) => {
            let alpha = if compression == 6 || head >= 56 {
                mask(3)
            } else {
                0
            };
            Coding::Masks([mask(0), mask(1), mask(2), alpha])
        }
        (4, _) => return Err(Error::Unsupported("BMP that holds a JPEG".to_owned())),
        (5, _) => return Err(Error::Unsupported("BMP that holds a PNG".to_owned())),
        _ => return Err(malformed("compression and depth do not go together")),
    })
}

/// The bits of `number` under `mask`, 0 to 255.
fn masked(number: u32, mask: u32) -> u8 {
    if mask == 0 {
        return 0;
    }
    let shift = mask.trailing_zeros();
    let (most, value) = (mask >> shift, (number & mask) >> shift);
    match most {
        // What nearly every bitmap has.
        0xFF => value as u8,
        // So far 32 bits hold it.
        ..=0xFF_FFFF => ((value * 255 + most / 2) / most) as u8,
        _ => ((u64::from(value) * 255 + u64::from(most / 2)) / u64::from(most)) as u8,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("BMP: {rule}"))
}
