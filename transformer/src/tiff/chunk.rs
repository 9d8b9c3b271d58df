//! Strips and tiles: each is decompressed, its predictor undone, and its pixels laid into the picture. Where
//! one is missing the picture is grey, if it may be.

use std::borrow::Cow;

use super::samples::{self, Row};
use super::{Alpha, Compression, Meaning, Number, Page, fax, malformed};
use crate::error::Error;
use crate::geometry::Size;
use crate::jpeg;

/// Where a chunk's pixels go, and which.
struct Target {
    left: u32,
    top: u32,
    /// The part of it that lies on the page.
    size: Size,
}

/// Decode the page into `out`, which has room for all of it. `inks` turns four inks into three lights. Gives
/// whether anything was missing.
pub(crate) fn decode(
    page: &Page<'_>,
    out: &mut [u8],
    inks: &dyn Fn(Vec<u8>) -> Vec<u8>,
) -> Result<Whole, Error> {
    let (across, down) = (
        page.size.width.div_ceil(page.chunk.width),
        page.size.height.div_ceil(page.chunk.height),
    );
    let count = across as usize * down as usize;
    let channels = page.layout().channels();
    let stride = page.size.width as usize * channels;
    let mut missing = Whole::Yes;
    for number in 0..count {
        let (left, top) = (
            number as u32 % across * page.chunk.width,
            number as u32 / across * page.chunk.height,
        );
        let target = Target {
            left,
            top,
            size: Size {
                width: page.chunk.width.min(page.size.width - left),
                height: page.chunk.height.min(page.size.height - top),
            },
        };
        // A strip has only the rows that are there, a tile is always whole.
        let stored = Size {
            height: if page.is_tiled {
                page.chunk.height
            } else {
                target.size.height
            },
            ..page.chunk
        };
        let mut planes = Vec::with_capacity(page.planes());
        for plane in 0..page.planes() {
            planes.push(rows(page, plane * count + number, stored)?);
        }
        if planes.iter().any(Option::is_none) {
            missing = Whole::No { from_row: top };
            break;
        }
        let planes: Vec<Cow<'_, [u8]>> = planes.into_iter().flatten().collect();
        for row in 0..target.size.height as usize {
            let start = (target.top as usize + row) * stride + target.left as usize * channels;
            let line = &mut out[start..start + target.size.width as usize * channels];
            paint(page, (&planes, stored, row), line, inks);
        }
    }
    Ok(missing)
}

/// Whether all of a page was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    Yes,
    /// From some row on something is missing.
    No {
        from_row: u32,
    },
}

/// One row of pixels.
fn paint(
    page: &Page<'_>,
    (planes, stored, row): (&[Cow<'_, [u8]>], Size, usize),
    line: &mut [u8],
    inks: &dyn Fn(Vec<u8>) -> Vec<u8>,
) {
    let bytes = page.row_bytes(stored.width) as usize;
    let rows: Vec<Row<'_>> = planes
        .iter()
        .map(|plane| Row {
            bytes: plane
                .get(row * bytes..(row + 1) * bytes)
                .unwrap_or_default(),
            bits: page.bits,
            number: page.number,
            is_little: page.is_little,
        })
        .collect();
    let sample = |pixel: usize, number: usize| match rows.as_slice() {
        [row] => row.level(pixel * page.samples + number),
        rows => rows.get(number).map_or(0, |row| row.level(pixel)),
    };
    let channels = page.layout().channels();
    let pixels = line.chunks_exact_mut(channels);
    match page.meaning {
        Meaning::Black | Meaning::White => {
            let flip = if page.meaning == Meaning::White {
                u8::MAX
            } else {
                0
            };
            for (at, pixel) in pixels.enumerate() {
                pixel[0] = sample(at, 0) ^ flip;
            }
        }
        Meaning::Rgb => {
            for (at, pixel) in pixels.enumerate() {
                for (number, light) in pixel[..3].iter_mut().enumerate() {
                    *light = sample(at, number);
                }
            }
        }
        Meaning::Ycc => {
            for (at, pixel) in pixels.enumerate() {
                let colour = [sample(at, 0), sample(at, 1), sample(at, 2)];
                pixel[..3].copy_from_slice(&samples::lights(colour));
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
    if page.alpha != Alpha::None {
        paint_alpha(page, line, |at| sample(at, page.colours()));
    }
}

/// The last sample of each pixel of a row, and what it means for the others.
fn paint_alpha(page: &Page<'_>, line: &mut [u8], alpha: impl Fn(usize) -> u8) {
    let channels = page.layout().channels();
    for (at, pixel) in line.chunks_exact_mut(channels).enumerate() {
        if let Some((last, colours)) = pixel.split_last_mut() {
            *last = alpha(at);
            if page.alpha == Alpha::Multiplied {
                samples::unmultiply(colours, *last);
            }
        }
    }
}

/// The decompressed rows of a chunk; `None` where its data ends too early or is not there.
fn rows<'a>(page: &Page<'a>, number: usize, stored: Size) -> Result<Option<Cow<'a, [u8]>>, Error> {
    let (Some(&offset), length) = (page.offsets.get(number), page.lengths.get(number)) else {
        return Ok(None);
    };
    let rest = usize::try_from(offset)
        .ok()
        .and_then(|offset| page.source.get(offset..));
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
        return Ok(None);
    };
    let length = length
        .and_then(|&length| usize::try_from(length).ok())
        .unwrap_or(rest.len());
    let data = &rest[..length.min(rest.len())];
    let row_bytes = page.row_bytes(stored.width);
    let stored_bytes = packed_bytes(page, stored).unwrap_or(row_bytes * u64::from(stored.height));
    let bytes = usize::try_from(stored_bytes).map_err(|_| malformed("a strip too large"))?;
    let Some(mut rows) = decompressed(page, data, (stored, bytes))? else {
        return Ok(None);
    };
    if page.predictor > 1 && page.compression != Compression::Jpeg {
        let stride = samples::Stride {
            bytes: row_bytes as usize,
            samples: page.chunk_samples(),
            bits: page.bits,
            is_little: page.is_little,
            is_sorted: page.predictor == 3 && page.number == Number::Float,
        };
        samples::unpredict(rows.to_mut(), &stride);
    }
    if page.shared != (1, 1) {
        rows = Cow::Owned(samples::unshared(&rows, stored, page.shared));
    }
    Ok(Some(rows))
}

/// Bytes of a chunk where several pixels share differences of colour.
fn packed_bytes(page: &Page<'_>, stored: Size) -> Option<u64> {
    let (across, down) = page.shared;
    let units = u64::from(stored.width.div_ceil(across as u32))
        * u64::from(stored.height.div_ceil(down as u32));
    (page.shared != (1, 1)).then(|| units * (across * down + 2) as u64)
}

fn decompressed<'a>(
    page: &Page<'a>,
    data: &'a [u8],
    (stored, bytes): (Size, usize),
) -> Result<Option<Cow<'a, [u8]>>, Error> {
    let rows = match page.compression {
        Compression::None => return Ok(data.get(..bytes).map(Cow::Borrowed)),
        Compression::Lzw => lzw(data, bytes),
        Compression::Deflate => {
            match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(data, bytes) {
                Ok(rows) => rows,
                Err(error) => error.output,
            }
        }
        Compression::PackBits => unpacked(data, bytes),
        Compression::Fax3 if page.fax_options & 1 == 1 => {
            return Err(Error::Unsupported(
                "TIFF with two-dimensional group 3 fax".to_owned(),
            ));
        }
        Compression::Fax3 | Compression::Fax4 => {
            let mut rows = vec![0; bytes];
            let reversed = page.is_reversed;
            let data = data
                .iter()
                .map(|byte| if reversed { byte.reverse_bits() } else { *byte });
            let group = match page.compression {
                Compression::Fax4 => fax::Group::Four,
                _ => fax::Group::Three,
            };
            fax::decode(data, group, stored.width, &mut rows);
            rows
        }
        Compression::Jpeg => jpeg(page, data, stored)?,
    };
    // Some writers leave the last rows out.
    if rows.is_empty() {
        return Ok(None);
    }
    let mut rows = rows;
    rows.resize(bytes, 0);
    Ok(Some(Cow::Owned(rows)))
}

/// As much as there is, up to `bytes`.
fn lzw(mut data: &[u8], bytes: usize) -> Vec<u8> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let mut rows = vec![0; bytes];
    let mut done = 0;
    while done < bytes && !data.is_empty() {
        let step = decoder.decode_bytes(data, &mut rows[done..]);
        (data, done) = (&data[step.consumed_in..], done + step.consumed_out);
        match step.status {
            Ok(weezl::LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            _ => break,
        }
    }
    rows.truncate(done);
    rows
}

/// `PackBits`: a count, and so many bytes or one byte so often.
fn unpacked(data: &[u8], bytes: usize) -> Vec<u8> {
    let mut rows = Vec::with_capacity(bytes);
    let mut rest = data;
    while let (&[head, ref after @ ..], true) = (rest, rows.len() < bytes) {
        let head = head as i8;
        let count = usize::from(head.unsigned_abs()) + 1;
        rest = match head {
            i8::MIN => after,
            0.. => {
                let (plain, after) = after.split_at(count.min(after.len()));
                rows.extend_from_slice(plain);
                after
            }
            _ => {
                let Some((&byte, after)) = after.split_first() else {
                    break;
                };
                rows.extend(std::iter::repeat_n(byte, count));
                after
            }
        };
    }
    rows.truncate(bytes);
    rows
}

/// A JPEG whose tables may stand apart from it, in its own colours.
fn jpeg(page: &Page<'_>, data: &[u8], stored: Size) -> Result<Vec<u8>, Error> {
    let mut whole = vec![0xFF, 0xD8];
    if page.meaning == Meaning::Rgb {
        // An Adobe segment that says that there is nothing to convert.
        whole.extend(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0");
    }
    if let Some(tables) = page.jpeg_tables.strip_prefix(b"\xFF\xD8") {
        whole.extend(tables.strip_suffix(b"\xFF\xD9").unwrap_or(tables));
    }
    whole.extend(data.strip_prefix(b"\xFF\xD8").unwrap_or(data));
    let header = jpeg::Header::read(&whole).map_err(jpeg_error)?;
    if (header.width(), header.height()) != (stored.width, stored.height) {
        return Err(malformed("a JPEG of another size than its strip or tile"));
    }
    let decoded = jpeg::Decoder::new(&whole, &header, jpeg::Scale::Full).decode();
    let decoded = decoded.map_err(jpeg_error)?;
    if decoded.pixel.bytes() != page.chunk_samples() {
        return Err(malformed("a JPEG of other colours than its page"));
    }
    Ok(decoded.samples)
}

fn jpeg_error(error: jpeg::Error) -> Error {
    Error::Malformed(format!("TIFF: {error}"))
}
