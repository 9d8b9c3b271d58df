//! What a HEIC says of itself: the size of its primary picture after its transforms, alpha, profile. The
//! pictures are HEVC, alone or as tiles of a grid.

use super::{Coding, Header, malformed};
use crate::error::Error;
use crate::geometry::Size;
use crate::heif::{Container, Transforms};
use crate::options::Format;
use crate::orientation::Orientation;
use crate::picture::Layout;

/// Bytes that decoding holds for each pixel beside the picture: all four samples, and the planes.
const BYTES_PER_PIXEL: u64 = 8;
/// The decoder's tables and one tile.
const BYTES: u64 = 16 << 20;

/// Read the index.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let container = Container::read(source)?;
    let primary = container.primary();
    let stored = match container.kind(primary).as_ref() {
        Some(b"grid") => container
            .grid(primary)
            .map(|grid| (grid.width, grid.height)),
        _ => container.size(primary),
    };
    let (width, height) = stored.ok_or_else(|| malformed("HEIC: the picture has no size"))?;
    let coded = Size { width, height };
    let transforms = Transforms::of(&container, primary, coded);
    // The decoder does the transforms itself.
    let size = Orientation::from_exif(transforms.orientation).size(transforms.keep.size);
    let layout = if container.alpha(primary).is_some() {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let tile = container.refers(primary, *b"dimg").first().copied();
    Ok(Header {
        profile: super::icc(&container, primary, tile.unwrap_or(primary)),
        coding: Coding::Part {
            coded,
            bytes: coded
                .pixels()
                .saturating_mul(BYTES_PER_PIXEL)
                .saturating_add(BYTES),
        },
        ..Header::plain(Format::Heif, size, layout)
    })
}
