//! Where the formats keep their EXIF block.

use crate::options::Format;
use crate::pieces;

/// The first EXIF block of `source`, as far as it is there. TIFF is one itself.
pub(super) fn exif(source: &[u8], format: Format) -> Option<&[u8]> {
    match format {
        // A segment before the first scan.
        Format::Jpeg => pieces::jpeg(source)
            .find(|(marker, data)| *marker == 0xE1 && data.starts_with(b"Exif\0\0"))
            .map(|(_, data)| data),
        // A chunk of its own, before or after the pixels.
        Format::Png => pieces::png(source)
            .find(|(name, _)| *name == b"eXIf")
            .map(|(_, data)| data),
        // A chunk of the extended format.
        Format::Webp => pieces::riff(source)
            .find(|chunk| chunk.name == b"EXIF" && chunk.is_whole)
            .map(|chunk| chunk.data),
        Format::Tiff => Some(source),
        _ => None,
    }
}
