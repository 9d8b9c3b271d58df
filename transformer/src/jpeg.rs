//! A JPEG decoder made for shrinking: encoded bytes and a scale come in, rows of pixels go out.
//!
//! What the scale does not show is not computed: frequencies above it are passed over several at a time,
//! scans that hold only such are searched for their end, and the inverse transforms give the small
//! square directly. Sequential pictures are handed on row of MCUs by row of MCUs, and no frame ever
//! stands in memory; progressive ones keep the coefficients that the scale looks at.
//!
//! ```
//! # fn shrink(source: &[u8]) -> Result<(), transformer::jpeg::Error> {
//! use transformer::jpeg::{Decoder, Header, Scale};
//!
//! let header = Header::read(source)?;
//! let scale = Scale::at_least((header.width(), header.height()), (800, 600));
//! let picture = Decoder::new(source, &header, scale).decode()?;
//! # drop(picture); Ok(())
//! # }
//! ```
#![expect(
    clippy::inline_always,
    reason = "bit reader and lanes must become part of their loops to stay in registers, also in debug tests"
)]

mod error;
mod scale;
mod header;
mod frame;
mod markers;
mod tables;
mod scan;
mod huffman;
mod bits;
mod restart;
mod blocks;
mod stream;
mod walk;
mod several;
mod progressive;
mod stored;
mod idct;
mod planes;
mod upsample;
mod colour;
mod output;
mod shrink;
mod apart;

use std::ops::ControlFlow;

pub use colour::Pixel;
pub use error::Error;
pub use header::{Coding, Colour, Header, Ink};
pub use output::Band;
pub use scale::Scale;
pub(crate) use shrink::Window;

use crate::geometry::Size;
use crate::options::Truncated;
use crate::resampler::Span;
use apart::Apart;
use frame::{Colours, Layout};
use markers::{EOI, SOS};
use output::Output;
use progressive::Plan;
use scan::Scan;
use shrink::Shrinking;
use stored::Stored;
use stream::Data;
use tables::Tables;

/// A picture decoded whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What the bytes of a pixel mean.
    pub pixel: Pixel,
    /// Interleaved pixels, rows without padding.
    pub samples: Vec<u8>,
}

/// One decoding, not yet begun.
pub struct Decoder<'a> {
    source: &'a [u8],
    header: &'a Header,
    layout: Layout,
    scale: Scale,
    truncated: Truncated,
}

/// Bytes that a decoding holds at once, known before it begins; the picture itself and the source are
/// not counted.
pub fn memory_bytes(header: &Header, scale: Scale) -> u64 {
    /// Lookups and tables of at most four components, rounded up.
    const TABLES_BYTES: u64 = 128 << 10;
    let layout = Layout::new(header, scale, Colours::Whole);
    let stored = if header.waits() {
        Stored::bytes(header, &layout)
    } else {
        0
    };
    TABLES_BYTES + Output::bytes(header, &layout) + stored
}

/// Bytes that [`Decoder::resampled`] holds beside those, and beside the picture it gives.
pub(crate) fn resampling_bytes(header: &Header, scale: Scale, window: &Window) -> u64 {
    let layout = Layout::new(header, scale, Colours::Whole);
    Shrinking::bytes(&layout, window)
}

impl<'a> Decoder<'a> {
    /// Prepare to decode `source`, from which `header` was read. A missing tail is rendered grey.
    pub fn new(source: &'a [u8], header: &'a Header, scale: Scale) -> Self {
        Self {
            source,
            header,
            layout: Layout::new(header, scale, Colours::Whole),
            scale,
            truncated: Truncated::Render,
        }
    }

    /// What a source whose tail is missing gives.
    #[must_use]
    pub fn truncated(self, truncated: Truncated) -> Self {
        Self { truncated, ..self }
    }

    /// Decode colour differences at half the size of brightness, for a [`Decoder::resampled`] that ends smaller
    /// still. Takes less memory than without.
    #[must_use]
    pub(crate) fn half_colours(self) -> Self {
        let layout = Layout::new(self.header, self.scale, Colours::Half);
        Self { layout, ..self }
    }

    /// Width of the decoded picture in pixels.
    pub fn width(&self) -> u32 {
        self.layout.width as u32
    }

    /// Height of the decoded picture in pixels.
    pub fn height(&self) -> u32 {
        self.layout.height as u32
    }

    /// What the bytes of a decoded pixel mean.
    pub fn pixel(&self) -> Pixel {
        Pixel::of(self.header.colour)
    }

    /// Decode the whole picture. Allocates as much as the header claims: limits come before.
    pub fn decode(&self) -> Result<Decoded, Error> {
        let bytes = self.layout.width * self.layout.height * self.pixel().bytes();
        let mut samples = Vec::with_capacity(bytes);
        self.rows(&mut |band| {
            samples.extend_from_slice(band.samples);
            ControlFlow::Continue(())
        })?;
        Ok(Decoded {
            width: self.width(),
            height: self.height(),
            pixel: self.pixel(),
            samples,
        })
    }

    /// Hand on the picture in bands from the top, until it ends or `sink` has enough. Rows may have been
    /// handed on when an error comes.
    pub fn rows(&self, sink: &mut dyn FnMut(Band) -> ControlFlow<()>) -> Result<(), Error> {
        self.run(Output::new(self.header, &self.layout, sink))
    }

    /// Decode what `window` shows, resampled to its size: components are brought to size one by one, as
    /// they are stored, and only then mixed to colours.
    pub(crate) fn resampled(&self, window: &Window) -> Result<Decoded, Error> {
        let mut shrinking = Shrinking::new(self.header, &self.layout, window);
        self.run(Output::components(&self.layout, &mut |component, row| {
            shrinking.take(component, row)
        }))?;
        Ok(shrinking.finish())
    }

    /// The same without mixing: a plane for each component. The first shows `luma`, the others `chroma`.
    pub(crate) fn planes(&self, luma: &Window, chroma: &Window) -> Result<Vec<Vec<u8>>, Error> {
        let mut apart = Apart::new(&self.layout, luma, chroma);
        self.run(Output::components(&self.layout, &mut |component, row| {
            apart.take(component, row)
        }))?;
        Ok(apart.finish())
    }

    /// Decode the whole picture, resampled to `width` times `height` pixels on its way. No side may be 0.
    pub fn shrunk(&self, width: u32, height: u32) -> Result<Decoded, Error> {
        let whole = |side: u32| Span {
            start: 0.0,
            length: f64::from(side),
        };
        self.resampled(&Window {
            horizontal: whole(self.header.width()),
            vertical: whole(self.header.height()),
            size: Size { width, height },
        })
    }

    fn run(&self, mut output: Output) -> Result<(), Error> {
        let data = if self.header.waits() {
            self.collect()?.write(self, &mut output)
        } else {
            self.stream(&mut output)?
        };
        match (data, self.truncated) {
            (Data::Missing, Truncated::Refuse) => Err(Error::Truncated),
            _ => Ok(()),
        }
    }

    /// Decode the one scan of a picture whose components share it.
    fn stream(&self, output: &mut Output) -> Result<Data, Error> {
        let mut tables = Tables::default();
        let mut at = 2;
        loop {
            let marker = markers::next(self.source, at).ok_or(Error::Truncated)?;
            at = marker.after;
            if marker.stands_alone() {
                continue;
            }
            let payload = markers::payload(self.source, at)?;
            at += 2 + payload.len();
            if marker.code == SOS {
                let scan = Scan::parse(self.header, payload)?;
                let data = (self.source, at);
                return stream::decode(data, &scan, (&tables, &self.layout), output);
            }
            tables.read(marker.code, payload)?;
        }
    }

    /// Read all scans of a picture whose coefficients must wait for one another.
    fn collect(&self) -> Result<Collected, Error> {
        let mut tables = Tables::default();
        let mut collected = Collected {
            stored: Stored::new(self.header, &self.layout),
            plan: None,
            scans: 0,
            data: Data::Whole,
        };
        let mut at = 2;
        loop {
            let Some(marker) = markers::next(self.source, at) else {
                collected.data = Data::Missing;
                break;
            };
            at = marker.after;
            if marker.code == EOI {
                break;
            }
            if marker.stands_alone() {
                continue;
            }
            match self.segment(marker, &mut tables, &mut collected) {
                Ok(after) => at = after,
                // What was read before the break can be shown.
                Err(_) if collected.scans > 0 && self.truncated == Truncated::Render => break,
                Err(error) => return Err(error),
            }
        }
        if collected.scans == 0 {
            return Err(Error::Malformed("no scan"));
        }
        Ok(collected)
    }

    /// Take in a segment, and a scan's data with it. Gives the place behind.
    fn segment(
        &self,
        marker: markers::Marker,
        tables: &mut Tables,
        collected: &mut Collected,
    ) -> Result<usize, Error> {
        let payload = markers::payload(self.source, marker.after)?;
        let after = marker.after + 2 + payload.len();
        if marker.code != SOS {
            tables.read(marker.code, payload)?;
            return Ok(after);
        }
        let scan = Scan::parse(self.header, payload)?;
        if collected.plan.is_none() {
            let plan = Plan::new(self.source, marker.after, self.header, &self.layout)?;
            collected.plan = Some(plan);
        }
        let number = collected.scans;
        collected.scans += 1;
        for component in &scan.components {
            collected.stored.hold_steps(component.index, tables)?;
        }
        let skipped = collected
            .plan
            .as_ref()
            .and_then(|plan| plan.end_if_unneeded(number));
        if let Some(end) = skipped {
            return Ok(end);
        }
        let read = match self.header.coding {
            Coding::Sequential => several::read,
            Coding::Progressive => progressive::read,
        };
        let data = (self.source, after);
        let data = read(data, &scan, (tables, &self.layout), &mut collected.stored)?;
        if data == Data::Missing {
            collected.data = Data::Missing;
        }
        Ok(after)
    }
}

/// The scans read so far.
struct Collected {
    stored: Stored,
    plan: Option<Plan>,
    scans: usize,
    data: Data,
}

impl Collected {
    fn write(self, decoder: &Decoder, output: &mut Output) -> Data {
        self.stored.write(&decoder.layout, output);
        self.data
    }
}
