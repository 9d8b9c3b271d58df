//! A page out of its directory: what each tag means.

use super::directory::Directory;
use super::{Alpha, Compression, Meaning, Number, Page, malformed};
use crate::error::Error;
use crate::geometry::Size;

/// Samples that a pixel may have; more than five mean nothing that could be shown.
const SAMPLES_MAX: u64 = 32;

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
