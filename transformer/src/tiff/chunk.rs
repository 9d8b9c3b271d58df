//! Strips and tiles: the pixels of each are laid into the picture, as far as its rows are there.

use super::samples::{self, Row};
use super::stored::{self, Rows};
use super::{Alpha, Compression, Meaning, Number, Page};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Truncated;
use crate::picture::{Sample, unmultiply};

/// How much of a page was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    Yes,
    InPart,
    /// Not one row.
    No,
}

/// Where a chunk's pixels go, and which.
struct Target {
    left: u32,
    top: u32,
    /// The part of it that lies on the page.
    size: Size,
    /// The whole of it, as it is stored.
    stored: Size,
}

impl Target {
    fn of(page: &Page<'_>, number: usize) -> Self {
        let across = page.chunks().0;
        let (left, top) = (
            number as u32 % across * page.chunk.width,
            number as u32 / across * page.chunk.height,
        );
        let size = Size {
            width: page.chunk.width.min(page.size.width - left),
            height: page.chunk.height.min(page.size.height - top),
        };
        // A strip has only the rows that are there, a tile is always whole.
        let height = if page.is_tiled {
            page.chunk.height
        } else {
            size.height
        };
        Self {
            left,
            top,
            size,
            stored: Size {
                height,
                ..page.chunk
            },
        }
    }
}

/// Decode the page into `out`, which has room for all of it and keeps what it has where rows are missing.
/// `inks` turns four inks into three lights.
pub(crate) fn decode(
    page: &Page<'_>,
    out: &mut [u8],
    inks: &dyn Fn(Vec<u8>) -> Vec<u8>,
    truncated: Truncated,
) -> Result<Whole, Error> {
    lay(page, out, truncated, |rows, line| {
        paint(page, rows, line, inks);
    })
}

/// The same of a page of grey or of lights, with more than eight bits a sample.
pub(crate) fn deep(page: &Page<'_>, out: &mut [u16], truncated: Truncated) -> Result<Whole, Error> {
    lay(page, out, truncated, |rows, line| {
        paint_deep(page, rows, line);
    })
}

/// Lay all chunks into `out`, each row as `paint` has it.
fn lay<S>(
    page: &Page<'_>,
    out: &mut [S],
    truncated: Truncated,
    paint: impl Fn(&[Row<'_>], &mut [S]),
) -> Result<Whole, Error> {
    let (across, down) = page.chunks();
    let count = across as usize * down as usize;
    let channels = page.layout().channels();
    let stride = page.size.width as usize * channels;
    let (mut is_seen, mut is_missed) = (false, false);
    for number in 0..count {
        let target = Target::of(page, number);
        let planes = (0..page.planes())
            .map(|plane| stored::rows(page, plane * count + number, target.stored, truncated));
        let planes: Vec<Rows<'_>> = planes.collect::<Result<_, _>>()?;
        let rows = planes.iter().map(|plane| plane.count).min().unwrap_or(0);
        let rows = rows.min(target.size.height);
        for row in 0..rows as usize {
            let start = (target.top as usize + row) * stride + target.left as usize * channels;
            let line = &mut out[start..start + target.size.width as usize * channels];
            paint(&row_of(page, &planes, (target.stored, row)), line);
        }
        is_seen |= rows > 0;
        is_missed |= rows < target.size.height;
    }
    Ok(match (is_seen, is_missed) {
        (_, false) => Whole::Yes,
        (true, true) => Whole::InPart,
        (false, true) => Whole::No,
    })
}

/// Row `row` of a chunk, in each of its planes.
fn row_of<'a>(
    page: &Page<'_>,
    planes: &'a [Rows<'_>],
    (stored, row): (Size, usize),
) -> Vec<Row<'a>> {
    // Differences of colour that were shared are of each pixel by now.
    let bytes = page.row_bytes(stored.width) as usize;
    let rows = planes.iter().map(|plane| Row {
        bytes: plane
            .bytes
            .get(row * bytes..(row + 1) * bytes)
            .unwrap_or_default(),
        bits: page.bits,
        number: page.number,
        is_little: page.is_little,
    });
    rows.collect()
}

/// One row of pixels.
fn paint(page: &Page<'_>, rows: &[Row<'_>], line: &mut [u8], inks: &dyn Fn(Vec<u8>) -> Vec<u8>) {
    if paint_bytes(page, rows, line) {
        return;
    }
    let sample = |pixel: usize, number: usize| match rows {
        [row] => row.level(pixel * page.chunk_samples() + number),
        rows => rows.get(number).map_or(0, |row| row.level(pixel)),
    };
    let channels = page.layout().channels();
    let pixels = line.chunks_exact_mut(channels);
    match page.meaning {
        Meaning::Black | Meaning::White => {
            let flip = page.flip();
            for (at, pixel) in pixels.enumerate() {
                pixel[0] = sample(at, 0) ^ flip;
            }
        }
        Meaning::Ycc if page.compression != Compression::Jpeg => {
            for (at, pixel) in pixels.enumerate() {
                let colour = [sample(at, 0), sample(at, 1), sample(at, 2)];
                pixel[..3].copy_from_slice(&samples::lights(colour));
            }
        }
        // The decoder of JPEG has mixed the lights already.
        Meaning::Rgb | Meaning::Ycc => {
            for (at, pixel) in pixels.enumerate() {
                for (number, light) in pixel[..3].iter_mut().enumerate() {
                    *light = sample(at, number);
                }
            }
        }
        Meaning::Palette => {
            let colours = 1usize << page.bits;
            for (at, pixel) in pixels.enumerate() {
                let index = rows
                    .first()
                    .map_or(0, |row| row.index(at * page.chunk_samples()));
                for (number, light) in pixel[..3].iter_mut().enumerate() {
                    let entry = page.palette.get(number * colours + index);
                    *light = entry.map_or(0, |&light| (light >> 8) as u8);
                }
            }
        }
        Meaning::Inks => {
            let width = line.len() / channels;
            let of = (0..width).flat_map(|at| (0..4).map(move |ink| (at, ink)));
            let lights = inks(of.map(|(at, ink)| sample(at, ink)).collect());
            for (pixel, light) in line.chunks_exact_mut(channels).zip(lights.chunks_exact(3)) {
                pixel[..3].copy_from_slice(light);
            }
        }
    }
    paint_alpha(page, line, |at| sample(at, page.colours()));
}

/// The row as it is, where eight bits a sample stand as they are shown: what most pages are. Says whether it
/// was so.
fn paint_bytes(page: &Page<'_>, rows: &[Row<'_>], line: &mut [u8]) -> bool {
    let (&[row], 8, Number::Unsigned, Alpha::None) = (rows, page.bits, page.number, page.alpha)
    else {
        return false;
    };
    let stored = row.bytes.chunks_exact(page.chunk_samples());
    match page.meaning {
        Meaning::Black | Meaning::White => {
            let flip = page.flip();
            for (pixel, stored) in line.iter_mut().zip(stored) {
                *pixel = stored[0] ^ flip;
            }
        }
        Meaning::Rgb if page.chunk_samples() == 3 => {
            let bytes = line.len().min(row.bytes.len());
            line[..bytes].copy_from_slice(&row.bytes[..bytes]);
        }
        _ => return false,
    }
    true
}

/// One row of pixels of grey or of lights, of 16 or 32 bits.
fn paint_deep(page: &Page<'_>, rows: &[Row<'_>], line: &mut [u16]) {
    let sample = |pixel: usize, number: usize| match rows {
        [row] => row.part(pixel * page.chunk_samples() + number),
        rows => rows.get(number).map_or(0, |row| row.part(pixel)),
    };
    let flip = u16::of_level(page.flip());
    let colours = page.colours();
    for (at, pixel) in line.chunks_exact_mut(page.layout().channels()).enumerate() {
        for (number, light) in pixel[..colours].iter_mut().enumerate() {
            *light = sample(at, number) ^ flip;
        }
    }
    paint_alpha(page, line, |at| sample(at, colours));
}

/// The last sample of each pixel of a row, where it is alpha, and what it means for the others.
fn paint_alpha<S: Sample>(page: &Page<'_>, line: &mut [S], alpha: impl Fn(usize) -> S) {
    if page.alpha == Alpha::None {
        return;
    }
    let channels = page.layout().channels();
    for (at, pixel) in line.chunks_exact_mut(channels).enumerate() {
        pixel[channels - 1] = alpha(at);
        if page.alpha == Alpha::Multiplied {
            unmultiply(pixel);
        }
    }
}
