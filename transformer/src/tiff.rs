//! TIFF 6.0 and `BigTIFF`: a page's directory comes in, and says how its strips or tiles are stored; each is
//! decompressed by itself and handed on as rows of eight or sixteen bits a sample. What a page claims is held against
//! the source's length; what it would cost is known before anything is decompressed.

mod directory;
mod page;
mod bounds;
mod chunk;
mod fax;
mod samples;
mod stored;

use crate::error::Error;
use crate::geometry::Size;
use crate::picture::Layout;
pub(crate) use chunk::{Whole, decode, deep};

/// What the samples mean (TIFF 6.0, tag 262).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Zero is white.
    White,
    /// Zero is black.
    Black,
    Rgb,
    Palette,
    Inks,
    /// Brightness and two differences.
    Ycc,
}

/// How numbers are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Unsigned,
    Signed,
    Float,
}

/// Alpha beside the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alpha {
    None,
    Straight,
    /// Colours were multiplied by it.
    Multiplied,
}

/// How a page is compressed (tag 259).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Fax3,
    Fax4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// One page.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "as many yes-or-no tags as a page has"
)]
pub(crate) struct Page<'a> {
    source: &'a [u8],
    pub size: Size,
    pub meaning: Meaning,
    pub orientation: u8,
    pub profile: Option<&'a [u8]>,
    /// Of a sample: 1, 2, 4, 8, 16, 32.
    pub bits: u32,
    number: Number,
    samples: usize,
    alpha: Alpha,
    compression: Compression,
    predictor: u64,
    /// Whether each sample has planes of its own.
    is_planar: bool,
    /// Of a strip or tile.
    chunk: Size,
    is_tiled: bool,
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    palette: Vec<u64>,
    jpeg_tables: &'a [u8],
    is_little: bool,
    /// Whether the first pixel is a byte's lowest bit.
    is_reversed: bool,
    fax_options: u64,
    /// Columns and rows that share a difference of colour.
    shared: (usize, usize),
}

impl<'a> Page<'a> {
    /// What the decoded page holds.
    pub(crate) const fn layout(&self) -> Layout {
        let has_alpha = !matches!(self.alpha, Alpha::None);
        match (self.meaning, has_alpha) {
            (Meaning::White | Meaning::Black, false) => Layout::Grey,
            (Meaning::White | Meaning::Black, true) => Layout::GreyAlpha,
            (_, false) => Layout::Rgb,
            (_, true) => Layout::Rgba,
        }
    }

    /// Bytes of a strip or tile, decompressed: stored, and unpacked.
    pub(crate) fn chunk_bytes(&self) -> u64 {
        let row = self
            .row_bytes(self.chunk.width)
            .saturating_add(u64::from(self.chunk.width) * 4);
        row.saturating_mul(u64::from(self.chunk.height))
            .saturating_mul(self.planes() as u64)
            .saturating_add(match self.compression {
                // Coefficients of a progressive one.
                Compression::Jpeg => self.chunk.pixels().saturating_mul(9),
                _ => 0,
            })
    }

    /// Strips or tiles along a row, and along a column.
    const fn chunks(&self) -> (u32, u32) {
        (
            self.size.width.div_ceil(self.chunk.width),
            self.size.height.div_ceil(self.chunk.height),
        )
    }

    /// The stored bytes of a chunk, as far as they are there.
    fn data(&self, number: usize) -> Option<&'a [u8]> {
        let offset = usize::try_from(*self.offsets.get(number)?).ok()?;
        let rest = self.source.get(offset..).filter(|rest| !rest.is_empty())?;
        let length = self.lengths.get(number).copied();
        let length = length.and_then(|length| usize::try_from(length).ok());
        Some(&rest[..length.unwrap_or(rest.len()).min(rest.len())])
    }

    /// What is to be done to a sample of brightness.
    const fn flip(&self) -> u8 {
        match self.meaning {
            Meaning::White => u8::MAX,
            _ => 0,
        }
    }

    /// Samples that mean a colour.
    const fn colours(&self) -> usize {
        match self.meaning {
            Meaning::White | Meaning::Black | Meaning::Palette => 1,
            Meaning::Rgb | Meaning::Ycc => 3,
            Meaning::Inks => 4,
        }
    }

    /// How many chunks hold the samples of one place, those left out that mean nothing.
    const fn planes(&self) -> usize {
        if self.is_planar {
            self.colours() + !matches!(self.alpha, Alpha::None) as usize
        } else {
            1
        }
    }

    /// Samples of a pixel in one chunk.
    const fn chunk_samples(&self) -> usize {
        if self.is_planar { 1 } else { self.samples }
    }

    /// Bytes of a stored row of `width` pixels; where rows share differences of colour, their mean.
    fn row_bytes(&self, width: u32) -> u64 {
        let samples = u64::from(width) * self.chunk_samples() as u64;
        (samples * u64::from(self.bits)).div_ceil(8)
    }
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("TIFF: {rule}"))
}
