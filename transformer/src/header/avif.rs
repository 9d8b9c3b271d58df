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
    let (coded, full) = coded(&container, primary)?;
    let tile = container.size(coded).map_or(full, size);
    let configuration = container
        .property(coded, *b"av1C")
        .and_then(|body| body.get(2).copied())
        .ok_or_else(|| malformed("AVIF: no configuration of the decoder"))?;
    let depth = Depth::of(configuration);
    let has_alpha = container.alpha(primary).is_some();
    let layout = match (depth.is_grey, has_alpha) {
        (true, false) => Layout::Grey,
        (true, true) => Layout::GreyAlpha,
        (false, false) => Layout::Rgb,
        (false, true) => Layout::Rgba,
    };
    let transforms = Transforms::of(&container, primary, full);
    Ok(Header {
        size: transforms.keep.size,
        orientation: transforms.orientation,
        space: match (depth.is_grey, depth.bits > 8) {
            (true, true) => ColourSpace::Grey16,
            (true, false) => ColourSpace::Grey,
            (false, true) => ColourSpace::Rgb16,
            (false, false) => ColourSpace::Srgb,
        },
        profile: super::icc(&container, primary, coded),
        coding: Coding::Av1 {
            coded: full,
            tile,
            halves: depth.halves() + u64::from(has_alpha) * 2 * depth.sample_bytes(),
        },
        ..Header::plain(Format::Avif, full, layout)
    })
}

/// The item that holds AV1, which of a grid is its first tile, and the whole picture's size.
fn coded(container: &Container<'_>, primary: u32) -> Result<(u32, Size), Error> {
    let no_size = || malformed("AVIF: the picture has no size");
    match container.kind(primary).as_ref() {
        Some(b"av01") => Ok((
            primary,
            container.size(primary).map(size).ok_or_else(no_size)?,
        )),
        Some(b"grid") => {
            let grid = container.grid(primary).ok_or_else(no_size)?;
            let tiles = container.refers(primary, *b"dimg");
            let first = tiles.first().copied();
            let first = first.filter(|&tile| container.kind(tile) == Some(*b"av01"));
            let first = first.ok_or_else(|| malformed("AVIF: a grid of no AV1"))?;
            Ok((first, size((grid.width, grid.height))))
        }
        _ => Err(Error::Unsupported(
            "AVIF of another kind of item".to_owned(),
        )),
    }
}

const fn size((width, height): (u32, u32)) -> Size {
    Size { width, height }
}

/// How samples are coded (AV1 in ISOBMFF, 2.3.3).
struct Depth {
    bits: u8,
    is_grey: bool,
    /// Whether chroma has half the columns, and half the rows.
    shrunk: (bool, bool),
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

    fn sample_bytes(&self) -> u64 {
        if self.bits > 8 { 2 } else { 1 }
    }

    /// Half bytes of all planes for one pixel.
    fn halves(&self) -> u64 {
        let chroma = match (self.is_grey, self.shrunk) {
            (true, _) => 0,
            (false, (true, true)) => 1,
            (false, (true, false) | (false, true)) => 2,
            (false, (false, false)) => 4,
        };
        (2 + chroma) * self.sample_bytes()
    }
}
