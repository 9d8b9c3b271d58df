//! What stands before the first scan: the source comes in, its size, components, colour model and
//! where its EXIF and ICC segments lie go out. Allocates nothing by a size that the file claims,
//! and reads no pixel.

use std::ops::Range;

use super::error::Error;
use super::frame::{Component, parse_frame};
use super::markers::{self, EOI, SOI, SOS};

/// How the stored samples mean colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One component of luma.
    Grey,
    /// Red, green and blue as they are.
    Rgb,
    /// Luma and two colour differences.
    YCbCr,
    /// Four inks as they are.
    Cmyk,
    /// Three inks as luma and colour differences, and black.
    Ycck,
}

/// Whether four-ink samples are stored as ink or, as Adobe does, as its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// 255 is full ink.
    Direct,
    /// 0 is full ink.
    Inverted,
}

/// How the coefficients are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Every block whole in one scan.
    Sequential,
    /// Blocks grow over several scans.
    Progressive,
}

/// A JPEG's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) coding: Coding,
    pub(super) colour: Colour,
    pub(super) ink: Ink,
    pub(super) components: Vec<Component>,
    /// Whether the first scan holds every component, so that none has to wait for another.
    pub(super) interleaved: bool,
    exif: Option<Range<usize>>,
    icc: Vec<Range<usize>>,
}

/// What an APP14 `Adobe` segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Adobe {
    transform: u8,
}

/// What the application segments say.
#[derive(Default)]
struct Application {
    jfif: bool,
    adobe: Option<Adobe>,
    exif: Option<Range<usize>>,
    icc: Vec<IccPart>,
}

/// One of the parts of a profile, which may come in any order.
struct IccPart {
    number: u8,
    bytes: Range<usize>,
}

impl Header {
    /// Read up to the first scan.
    pub fn read(source: &[u8]) -> Result<Self, Error> {
        if !source.starts_with(&[0xFF, SOI]) {
            return Err(Error::NotJpeg);
        }
        let mut application = Application::default();
        let mut frame = None;
        let mut at = 2;
        let in_scan = loop {
            let marker = markers::next(source, at).ok_or(Error::Truncated)?;
            at = marker.after;
            match marker.code {
                SOS => break markers::payload(source, at)?.first().copied(),
                EOI => return Err(Error::Malformed("no scan")),
                _ if marker.stands_alone() => continue,
                _ => {}
            }
            let payload = markers::payload(source, at)?;
            let bytes = at + 2..at + 2 + payload.len();
            at = bytes.end;
            match marker.code {
                0xC0..=0xCF if !matches!(marker.code, 0xC4 | 0xC8 | 0xCC) => {
                    if frame.is_some() {
                        return Err(Error::Malformed("two frames"));
                    }
                    frame = Some(parse_frame(marker.code, payload)?);
                }
                0xE0..=0xEF => application.read(marker.code, payload, bytes.start),
                _ => {}
            }
        };
        let frame = frame.ok_or(Error::Malformed("no frame"))?;
        let colour = application.colour(&frame.components)?;
        Ok(Self {
            width: frame.width,
            height: frame.height,
            coding: frame.coding,
            colour,
            ink: match application.adobe {
                Some(_) => Ink::Inverted,
                None => Ink::Direct,
            },
            interleaved: in_scan.map(usize::from) == Some(frame.components.len()),
            components: frame.components,
            exif: application.exif,
            icc: joinable(application.icc),
        })
    }

    /// The same, where a file around it says what three components mean, whatever it says itself.
    pub(crate) fn of_three(mut self, colour: Colour) -> Self {
        if self.components.len() == 3 {
            self.colour = colour;
        }
        self
    }

    /// Whether coefficients must wait for later scans.
    pub(super) fn waits(&self) -> bool {
        self.coding == Coding::Progressive || !self.interleaved
    }

    /// Stored width in pixels, at least 1.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Stored height in pixels, at least 1.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// How the coefficients are coded.
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// What the components mean.
    pub const fn colour(&self) -> Colour {
        self.colour
    }

    /// Horizontal and vertical sampling factors of each component, 1 to 4.
    pub fn sampling(&self) -> impl ExactSizeIterator<Item = (u8, u8)> + '_ {
        self.components
            .iter()
            .map(|component| (component.horizontal, component.vertical))
    }

    /// The EXIF data, from its TIFF header on, of the source that this header was read from.
    pub fn exif<'a>(&self, source: &'a [u8]) -> Option<&'a [u8]> {
        source.get(self.exif.clone()?)
    }

    /// The ICC profile, joined from its parts, of the source that this header was read from. `None`
    /// also where a part is missing.
    pub fn icc(&self, source: &[u8]) -> Option<Vec<u8>> {
        if self.icc.is_empty() {
            return None;
        }
        let parts: Option<Vec<&[u8]>> = self
            .icc
            .iter()
            .map(|bytes| source.get(bytes.clone()))
            .collect();
        Some(parts?.concat())
    }
}

impl Application {
    fn read(&mut self, code: u8, payload: &[u8], start: usize) {
        const EXIF: &[u8] = b"Exif\0";
        const ICC: &[u8] = b"ICC_PROFILE\0";
        match code {
            0xE0 if payload.starts_with(b"JFIF\0") => self.jfif = true,
            0xE1 if payload.starts_with(EXIF) && payload.len() > 6 && self.exif.is_none() => {
                self.exif = Some(start + 6..start + payload.len());
            }
            0xE2 if payload.starts_with(ICC) => {
                if let Some(&[number, _count]) = payload.get(12..14) {
                    let bytes = start + 14..start + payload.len();
                    self.icc.push(IccPart { number, bytes });
                }
            }
            0xEE if payload.starts_with(b"Adobe") => {
                if let Some(&transform) = payload.get(11) {
                    self.adobe = Some(Adobe { transform });
                }
            }
            _ => {}
        }
    }

    /// The colour model, by the rules that libjpeg follows where the markers leave room.
    fn colour(&self, components: &[Component]) -> Result<Colour, Error> {
        let ids = |wanted: [u8; 3]| components.iter().map(|component| component.id).eq(wanted);
        match (components.len(), self.adobe) {
            (1, _) => Ok(Colour::Grey),
            (3, Some(Adobe { transform: 0 })) if !self.jfif => Ok(Colour::Rgb),
            (3, None) if !self.jfif && ids(*b"RGB") => Ok(Colour::Rgb),
            (3, _) => Ok(Colour::YCbCr),
            (4, None | Some(Adobe { transform: 0 })) => Ok(Colour::Cmyk),
            (4, Some(_)) => Ok(Colour::Ycck),
            _ => Err(Error::Unsupported("two-component")),
        }
    }
}

/// The parts of a profile in order; nothing if they are not numbered 1, 2, 3 and so on.
fn joinable(mut parts: Vec<IccPart>) -> Vec<Range<usize>> {
    parts.sort_by_key(|part| part.number);
    let whole = parts
        .iter()
        .enumerate()
        .all(|(index, part)| usize::from(part.number) == index + 1);
    if !whole {
        return Vec::new();
    }
    parts.into_iter().map(|part| part.bytes).collect()
}
