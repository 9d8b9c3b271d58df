//! A drawing, parsed: its size is that of its outermost element, and it is drawn at any other.

use super::{Coding, Header};
use crate::error::Error;
use crate::options::Format;
use crate::picture::Layout;
use crate::svg::Drawing;

/// Parse it.
pub(super) fn read(source: &[u8], memory_bytes_max: u64) -> Result<Header<'_>, Error> {
    let drawing = Drawing::read(source, memory_bytes_max)?;
    Ok(Header {
        coding: Coding::Drawn,
        drawing: Some(drawing.clone()),
        ..Header::plain(Format::Svg, drawing.size, Layout::Rgba)
    })
}
