//! Pixels to a WebP file, with or without loss, still or animated. Alpha is always kept without loss, and left
//! out where every pixel is opaque.

mod animation;
mod container;
mod lossy;

pub(crate) use animation::Animation;
pub(super) use container::with_exif;

use std::borrow::Cow;

use image_webp::{ColorType, WebPEncoder};

use super::{check_side, check_sides, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};
use crate::planar::Planar;

/// Sides are counted in 14 bits.
const SIDE_MAX: u32 = 16_383;

/// How much may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Every sample comes back.
    None,
    /// Nearly the colours, and exactly the alpha, at a quality of 1 to 100.
    Quality(u8),
}

/// A coded picture: what the chunks of a file hold.
struct Coded {
    /// The alpha chunk's, of a lossy picture with alpha.
    alpha: Option<Vec<u8>>,
    /// `VP8 ` or `VP8L`.
    name: [u8; 4],
    picture: Vec<u8>,
    /// Whether any pixel is not opaque.
    has_alpha: bool,
}

/// A file of the picture.
pub(super) fn encode(picture: &Picture, loss: Loss) -> Result<Vec<u8>, Error> {
    check_side(picture, "WebP", SIDE_MAX)?;
    if loss == Loss::None {
        return lossless_file(picture).map(|(file, _)| file);
    }
    let coded = code(picture, loss)?;
    let size = (picture.width(), picture.height());
    Ok(container::file(
        size,
        coded.alpha.as_deref(),
        &coded.picture,
    ))
}

/// A file with loss of brightness and colour differences as they are.
pub(super) fn encode_planar(planar: &Planar, quality: u8) -> Result<Vec<u8>, Error> {
    check_sides(planar.size(), "WebP", SIDE_MAX)?;
    let picture = lossy::encode(&lossy::Planes::of(planar), quality).ok_or_else(too_many)?;
    Ok(container::file(planar.size(), None, &picture))
}

/// The chunks of the picture, whose sides are not too long.
fn code(picture: &Picture, loss: Loss) -> Result<Coded, Error> {
    let Loss::Quality(quality) = loss else {
        let (file, layout) = lossless_file(picture)?;
        let stream = container::chunk(&file, *b"VP8L");
        return Ok(Coded {
            alpha: None,
            name: *b"VP8L",
            picture: stream
                .ok_or_else(|| refused(&"no lossless stream"))?
                .to_vec(),
            has_alpha: layout.has_alpha(),
        });
    };
    let alpha = alpha(picture)?;
    let sides = (picture.width() as usize, picture.height() as usize);
    let planes = lossy::Planes::new(sides, picture.layout(), picture.samples());
    let picture = lossy::encode(&planes, quality).ok_or_else(too_many)?;
    Ok(Coded {
        has_alpha: alpha.is_some(),
        alpha,
        name: *b"VP8 ",
        picture,
    })
}

fn lossless_file(picture: &Picture) -> Result<(Vec<u8>, Layout), Error> {
    let (layout, samples) = opaque::without_alpha(picture)
        .unwrap_or((picture.layout(), Cow::Borrowed(picture.samples())));
    let file = lossless((picture.width(), picture.height()), layout, &samples)?;
    Ok((file, layout))
}

fn lossless((width, height): (u32, u32), layout: Layout, samples: &[u8]) -> Result<Vec<u8>, Error> {
    let colour = match layout {
        Layout::Grey => ColorType::L8,
        Layout::GreyAlpha => ColorType::La8,
        Layout::Rgb => ColorType::Rgb8,
        Layout::Rgba => ColorType::Rgba8,
    };
    let mut out = Vec::with_capacity(samples.len() / 2);
    WebPEncoder::new(&mut out)
        .encode(samples, width, height, colour)
        .map_err(|error| refused(&error))?;
    Ok(out)
}

/// The payload of an alpha chunk, if alpha matters: a byte that says "lossless, unfiltered", then the
/// lossless stream of the alpha as grey, without the header that repeats its size.
fn alpha(picture: &Picture) -> Result<Option<Vec<u8>>, Error> {
    const LOSSLESS: u8 = 1;
    /// A signature byte, two sides of 14 bits, a flag and a version of 3 bits.
    const HEADER_BYTES: usize = 5;
    let Some(alpha) = opaque::alpha(picture) else {
        return Ok(None);
    };
    let file = lossless((picture.width(), picture.height()), Layout::Grey, &alpha)?;
    let stream = container::chunk(&file, *b"VP8L").and_then(|chunk| chunk.get(HEADER_BYTES..));
    let stream = stream.ok_or_else(|| refused(&"no lossless stream"))?;
    Ok(Some([&[LOSSLESS], stream].concat()))
}

fn too_many() -> Error {
    refused(&"too many macroblocks for a file with loss")
}

fn refused(error: &dyn core::fmt::Display) -> Error {
    Error::BadOperation(format!("WebP: {error}"))
}
