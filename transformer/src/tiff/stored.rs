//! What is stored of a strip or tile to rows of samples: decompressed, its predictor undone, as many rows as
//! its data has.

use std::borrow::Cow;

use super::{Compression, Meaning, Number, Page, fax, malformed, samples};
use crate::error::Error;
use crate::geometry::Size;
use crate::jpeg;
use crate::options::Truncated;

/// Decompressed rows of a chunk, or of one of its planes.
pub(super) struct Rows<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// How many are whole.
    pub count: u32,
}

impl Rows<'_> {
    const NONE: Self = Self {
        bytes: Cow::Borrowed(&[]),
        count: 0,
    };
}

/// The rows of chunk `number`, which has the size `stored`; none where its data is not there.
pub(super) fn rows<'a>(
    page: &Page<'a>,
    number: usize,
    stored: Size,
    truncated: Truncated,
) -> Result<Rows<'a>, Error> {
    let Some(data) = page.data(number) else {
        return Ok(Rows::NONE);
    };
    let row_bytes = page.row_bytes(stored.width);
    let bytes = packed_bytes(page, stored).unwrap_or(row_bytes * u64::from(stored.height));
    let bytes = usize::try_from(bytes).map_err(|_| malformed("a strip too large"))?;
    let mut rows = match page.compression {
        Compression::None => Cow::Borrowed(&data[..bytes.min(data.len())]),
        _ => Cow::Owned(decompressed(page, data, (stored, bytes), truncated)?),
    };
    let count = whole_rows(page, stored, rows.len());
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
    Ok(Rows { bytes: rows, count })
}

/// How many rows of pixels `bytes` hold whole.
fn whole_rows(page: &Page<'_>, stored: Size, bytes: usize) -> u32 {
    let (across, down) = page.shared;
    let (row_bytes, each) = if page.shared == (1, 1) {
        (page.row_bytes(stored.width), 1)
    } else {
        let units = u64::from(stored.width.div_ceil(across as u32));
        (units * (across * down + 2) as u64, down as u64)
    };
    let rows = bytes as u64 / row_bytes.max(1) * each;
    rows.min(u64::from(stored.height)) as u32
}

/// Bytes of a chunk where several pixels share differences of colour.
fn packed_bytes(page: &Page<'_>, stored: Size) -> Option<u64> {
    let (across, down) = page.shared;
    let units = u64::from(stored.width.div_ceil(across as u32))
        * u64::from(stored.height.div_ceil(down as u32));
    (page.shared != (1, 1)).then(|| units * (across * down + 2) as u64)
}

/// As many of the chunk's `bytes` as its data gives.
fn decompressed(
    page: &Page<'_>,
    data: &[u8],
    (stored, bytes): (Size, usize),
    truncated: Truncated,
) -> Result<Vec<u8>, Error> {
    Ok(match page.compression {
        Compression::None => data.to_vec(),
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
        Compression::Jpeg => jpeg(page, data, stored, truncated)?,
    })
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

/// A JPEG whose tables may stand apart from it, as grey, lights or inks.
fn jpeg(
    page: &Page<'_>,
    data: &[u8],
    stored: Size,
    truncated: Truncated,
) -> Result<Vec<u8>, Error> {
    let mut whole = vec![0xFF, 0xD8];
    if let Some(tables) = page.jpeg_tables.strip_prefix(b"\xFF\xD8") {
        whole.extend(tables.strip_suffix(b"\xFF\xD9").unwrap_or(tables));
    }
    whole.extend(data.strip_prefix(b"\xFF\xD8").unwrap_or(data));
    let header = jpeg::Header::read(&whole).map_err(jpeg_error)?;
    // What the page says of its colours counts, not what the markers of a stream say that was made for it.
    let header = match page.meaning {
        Meaning::Rgb => header.of_three(jpeg::Colour::Rgb),
        Meaning::Ycc => header.of_three(jpeg::Colour::YCbCr),
        _ => header,
    };
    if (header.width(), header.height()) != (stored.width, stored.height) {
        return Err(malformed("a JPEG of another size than its strip or tile"));
    }
    let decoder = jpeg::Decoder::new(&whole, &header, jpeg::Scale::Full).truncated(truncated);
    let picture = decoder.decode().map_err(jpeg_error)?;
    if picture.pixel.bytes() != page.chunk_samples() {
        return Err(malformed("a JPEG of other colours than its page"));
    }
    Ok(picture.samples)
}

fn jpeg_error(error: jpeg::Error) -> Error {
    Error::Malformed(format!("TIFF: {error}"))
}
