//! TIFF 6.0 and `BigTIFF`: a page's directory comes in, and says how its strips or tiles are stored; each is
//! decompressed by itself and handed on as rows of eight bits a sample. What a page claims is held against
//! the source's length; what it would cost is known before anything is decompressed.

mod chunk;
mod directory;
mod fax;
mod samples;
mod stored;

use crate::error::Error;
use crate::geometry::Size;
use crate::picture::Layout;
pub(crate) use chunk::{Whole, decode};
use directory::Directory;

/// Samples that a pixel may have; more than five mean nothing that could be shown.
const SAMPLES_MAX: u64 = 32;

/// What all chunks of a page may hold and read together: so many times what the page and the source hold, for
/// tiles that reach over the edge and strips that share their bytes,
const WORK_FACTOR: u64 = 8;
/// and so many pixels and bytes more, for small pages of large tiles.
const WORK_ALLOWANCE: u64 = 4 << 20;

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
    /// The page `number`, from 0.
    pub(crate) fn read(source: &'a [u8], number: u32) -> Result<Self, Error> {
        let directory = Directory::read(source, number)?;
        let one = |tag: u16, default: u64| directory.number(tag).unwrap_or(default);
        let pixels = |tag| {
            let pixels = directory
                .number(tag)
                .and_then(|side| u32::try_from(side).ok());
            pixels.ok_or_else(|| malformed("a page without width and height"))
        };
        let size = Size {
            width: pixels(256)?,
            height: pixels(257)?,
        };
        if size.pixels() == 0 {
            return Err(malformed("a side of the page is zero"));
        }
        let samples = one(277, 1);
        if !(1..=SAMPLES_MAX).contains(&samples) {
            return Err(malformed("no samples, or too many"));
        }
        let meaning = meaning(one(262, 1))?;
        let extra = directory.numbers(338);
        let mut page = Self {
            source,
            size,
            meaning,
            orientation: one(274, 0)
                .try_into()
                .ok()
                .filter(|value| *value <= 8)
                .unwrap_or(0),
            profile: directory.bytes(34_675),
            bits: bits(&directory)?,
            number: match one(339, 1) {
                2 => Number::Signed,
                3 => Number::Float,
                _ => Number::Unsigned,
            },
            samples: samples as usize,
            alpha: Alpha::None,
            compression: compression(one(259, 1))?,
            predictor: one(317, 1),
            is_planar: one(284, 1) == 2 && samples > 1,
            chunk: size,
            is_tiled: directory.number(322).is_some(),
            offsets: Vec::new(),
            lengths: Vec::new(),
            palette: directory.numbers(320),
            jpeg_tables: directory.bytes(347).unwrap_or_default(),
            is_little: directory.is_little(),
            is_reversed: one(266, 1) == 2,
            fax_options: one(292, 0),
            shared: match directory.numbers(530).as_slice() {
                &[across @ (1 | 2 | 4), down @ (1 | 2 | 4)] => (across as usize, down as usize),
                _ => (2, 2),
            },
        };
        if page.compression == Compression::Jpeg || meaning != Meaning::Ycc {
            page.shared = (1, 1);
        }
        page.alpha = page.alpha_by(extra.first().copied());
        page.read_chunks(&directory)?;
        page.check()?;
        Ok(page)
    }

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

    /// Tag 338, or what a sample too many means without it.
    fn alpha_by(&self, extra: Option<u64>) -> Alpha {
        let has_more = self.samples > self.colours();
        match extra {
            Some(1) if has_more => Alpha::Multiplied,
            Some(2) if has_more => Alpha::Straight,
            None if self.samples == 4 && self.meaning == Meaning::Rgb => Alpha::Straight,
            _ => Alpha::None,
        }
    }

    fn read_chunks(&mut self, directory: &Directory<'_>) -> Result<(), Error> {
        let side = |tag| {
            directory
                .number(tag)
                .and_then(|side| u32::try_from(side).ok())
        };
        if self.is_tiled {
            let tile = |tag| side(tag).filter(|&side| side > 0);
            let (Some(width), Some(height)) = (tile(322), tile(323)) else {
                return Err(malformed("tiles without a size"));
            };
            self.chunk = Size { width, height };
            (self.offsets, self.lengths) = (directory.numbers(324), directory.numbers(325));
        } else {
            let rows = side(278).unwrap_or(self.size.height);
            self.chunk.height = rows.clamp(1, self.size.height.max(1));
            (self.offsets, self.lengths) = (directory.numbers(273), directory.numbers(279));
        }
        Ok(())
    }

    /// Refuse what the rest of the code does not know.
    fn check(&self) -> Result<(), Error> {
        let unsupported = |what: &str| Err(Error::Unsupported(format!("TIFF with {what}")));
        if self.samples < self.colours() {
            return Err(malformed("fewer samples than its kind of colour has"));
        }
        let is_fax = matches!(self.compression, Compression::Fax3 | Compression::Fax4);
        if is_fax && (self.bits, self.samples) != (1, 1) {
            return Err(malformed("a fax of more than one bit"));
        }
        if self.compression == Compression::Jpeg && self.bits != 8 {
            return unsupported("a JPEG of more than 8 bits");
        }
        if self.number == Number::Float && !matches!(self.bits, 16 | 32) {
            return unsupported("numbers of 64 bits");
        }
        if self.meaning == Meaning::Palette && self.bits > 8 {
            return unsupported("a palette of more than 256 colours");
        }
        if self.meaning == Meaning::Ycc && (self.bits != 8 || self.is_planar) {
            return unsupported("differences of colour that are not 8 bits, one after the other");
        }
        if self.shared != (1, 1) && self.samples != 3 {
            return unsupported("alpha beside shared differences of colour");
        }
        if !matches!(self.predictor, 1..=3) {
            return unsupported("an unknown predictor");
        }
        self.check_work()
    }

    /// Refuse chunks that are much more than the page: tiles may be larger than it, and many strips may be
    /// the same bytes.
    fn check_work(&self) -> Result<(), Error> {
        let most = |size: u64| size.saturating_mul(WORK_FACTOR) + WORK_ALLOWANCE;
        let (across, down) = self.chunks();
        let count = u64::from(across) * u64::from(down);
        if count.saturating_mul(self.chunk.pixels()) > most(self.size.pixels()) {
            return Err(malformed("tiles much larger than their page"));
        }
        let chunks = (count.saturating_mul(self.planes() as u64)).min(self.offsets.len() as u64);
        let read = (0..chunks as usize)
            .filter_map(|number| self.data(number))
            .map(|data| data.len() as u64 + self.jpeg_tables.len() as u64);
        let is_compressed = self.compression != Compression::None;
        if is_compressed && read.fold(0, u64::saturating_add) > most(self.source.len() as u64) {
            return Err(malformed("strips that share their bytes too often"));
        }
        Ok(())
    }
}

fn bits(directory: &Directory<'_>) -> Result<u32, Error> {
    let bits = directory.numbers(258);
    let first = bits.first().copied().unwrap_or(1);
    if bits.iter().any(|&other| other != first) {
        return Err(Error::Unsupported(
            "TIFF with samples of several depths".to_owned(),
        ));
    }
    match first {
        1 | 2 | 4 | 8 | 16 | 32 => Ok(first as u32),
        bits => Err(Error::Unsupported(format!(
            "TIFF with {bits} bits a sample"
        ))),
    }
}

fn meaning(code: u64) -> Result<Meaning, Error> {
    let name = match code {
        0 => return Ok(Meaning::White),
        // A mask is as bright as what it lets through.
        1 | 4 => return Ok(Meaning::Black),
        2 => return Ok(Meaning::Rgb),
        3 => return Ok(Meaning::Palette),
        5 => return Ok(Meaning::Inks),
        6 => return Ok(Meaning::Ycc),
        8..=10 => "Lab colours",
        32_803 => "raw colours of a camera",
        _ => "an unknown kind of colour",
    };
    Err(Error::Unsupported(format!("TIFF with {name}")))
}

fn compression(code: u64) -> Result<Compression, Error> {
    let name = match code {
        1 => return Ok(Compression::None),
        3 => return Ok(Compression::Fax3),
        4 => return Ok(Compression::Fax4),
        5 => return Ok(Compression::Lzw),
        7 => return Ok(Compression::Jpeg),
        8 | 32_946 => return Ok(Compression::Deflate),
        32_773 => return Ok(Compression::PackBits),
        2 => "CCITT run lengths",
        6 => "JPEG of the old way",
        34_712 => "JPEG 2000",
        34_887 => "LERC",
        34_925 => "LZMA",
        50_000 => "Zstandard",
        50_001 => "WebP",
        50_002 => "JPEG XL",
        _ => "an unknown compression",
    };
    Err(Error::Unsupported(format!("TIFF with {name}")))
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("TIFF: {rule}"))
}
