//! What an AVIF says of itself: the size and depth of its primary picture, whether there is alpha, how it is
//! turned, and its colours (AVIF 1.1). Bytes in, a header out; no AV1 is looked at.

use super::{Coding, Header, malformed};
use crate::error::Error;
use crate::geometry::Size;
use crate::heif::{Container, Transforms};
use crate::options::Format;
use crate::picture::Layout;
use crate::rendition::ColourSpace;

/// Read the index and the primary picture's properties.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let container = match Container::read(source) {
        Ok(container) => container,
        // A film without a still picture in it.
        Err(_) if source.get(8..12) == Some(b"avis") => {
            return Err(Error::Unsupported("AVIF image sequence".to_owned()));
        }
        Err(error) => return Err(error),
    };
    let primary = container.primary();
    let colour = Coded::of(&container, primary)?;
    let (depth, full) = (colour.depth, colour.full);
    let alpha = container.alpha(primary);
    let alpha = alpha.map(|item| Coded::of(&container, item)).transpose()?;
    let layout = match (depth.is_grey, alpha.is_some()) {
        (true, false) => Layout::Grey,
        (true, true) => Layout::GreyAlpha,
        (false, false) => Layout::Rgb,
        (false, true) => Layout::Rgba,
    };
    let transforms = Transforms::of(&container, primary, full);
    Ok(Header {
        size: transforms.keep.size,
        orientation: transforms.orientation,
        space: ColourSpace::of_light(layout, depth.bits.into()),
        profile: super::icc(&container, primary, colour.first),
        coding: Coding::Av1 {
            coded: full,
            tile: colour.tile,
            // They are decoded one after the other.
            plane_bytes: alpha
                .map_or(0, |alpha| alpha.plane_bytes())
                .max(colour.plane_bytes()),
            tile_pixels: alpha
                .map_or(0, |alpha| alpha.tile.pixels())
                .max(colour.tile.pixels()),
        },
        ..Header::plain(Format::Avif, full, layout)
    })
}

/// A picture of AV1, alone or as a grid of tiles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coded {
    /// The item that holds it, or its first tile.
    pub first: u32,
    /// Of the whole picture.
    pub full: Size,
    /// Of what is decoded at once.
    pub tile: Size,
    pub depth: Depth,
}

impl Coded {
    pub(crate) fn of(container: &Container<'_>, item: u32) -> Result<Self, Error> {
        let no_size = || malformed("AVIF: a picture has no size");
        let (first, full) = match container.kind(item).as_ref() {
            Some(b"av01") => (item, container.size(item).ok_or_else(no_size)?),
            Some(b"grid") => {
                let grid = container.grid(item).ok_or_else(no_size)?;
                let first = container.refers(item, *b"dimg").first().copied();
                let first = first.filter(|&tile| container.kind(tile) == Some(*b"av01"));
                let first = first.ok_or_else(|| malformed("AVIF: a grid of no AV1"))?;
                (first, (grid.width, grid.height))
            }
            _ => {
                return Err(Error::Unsupported(
                    "AVIF of another kind of item".to_owned(),
                ));
            }
        };
        let configuration = container
            .property(first, *b"av1C")
            .and_then(|body| body.get(2).copied())
            .ok_or_else(|| malformed("AVIF: no configuration of the decoder"))?;
        Ok(Self {
            first,
            full: size(full),
            tile: size(container.size(first).ok_or_else(no_size)?),
            depth: Depth::of(configuration),
        })
    }

    /// Bytes of the planes that are decoded at once.
    fn plane_bytes(&self) -> u64 {
        self.tile.pixels().saturating_mul(self.depth.halves()) / 2
    }
}

const fn size((width, height): (u32, u32)) -> Size {
    Size { width, height }
}

/// How samples are coded (AV1 in ISOBMFF, 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Depth {
    pub bits: u8,
    pub is_grey: bool,
    /// Whether chroma has half the columns, and half the rows.
    pub shrunk: (bool, bool),
}

impl Depth {
    fn of(configuration: u8) -> Self {
        let has = |bit: u8| configuration >> bit & 1 == 1;
        Self {
            bits: match (has(6), has(5)) {
                (false, _) => 8,
                (true, false) => 10,
                (true, true) => 12,
            },
            is_grey: has(4),
            shrunk: (has(3), has(2)),
        }
    }

    fn sample_bytes(self) -> u64 {
        if self.bits > 8 { 2 } else { 1 }
    }

    /// Half bytes of all planes for one pixel.
    pub(crate) fn halves(self) -> u64 {
        let chroma = match (self.is_grey, self.shrunk) {
            (true, _) => 0,
            (false, (true, true)) => 1,
            (false, (true, false) | (false, true)) => 2,
            (false, (false, false)) => 4,
        };
        (2 + chroma) * self.sample_bytes()
    }
}
