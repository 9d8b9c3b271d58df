//! Pixels to a PNG file with a palette: at most 256 colours, an alpha for each, and as few bits for a pixel as
//! will do.

use png::{BitDepth, ColorType, Encoder, EncodingError};

use super::content::Content;
use super::{effort, method, refused};
use crate::encode::opaque::quads;
use crate::encode::palette::{Clear, Indexed, quantise};
use crate::error::Error;
use crate::picture::Picture;

/// A file of the picture; `compression` is an effort from 0 (none) to 9.
pub(in crate::encode) fn encode(
    picture: &Picture,
    compression: Option<u8>,
) -> Result<Vec<u8>, Error> {
    let indexed = quantise(&quads(picture), picture.width() as usize, Clear::IfSeen);
    let size = (picture.width(), picture.height());
    write(size, &indexed, effort(compression)).map_err(|error| refused(&error))
}

fn write(
    (width, height): (u32, u32),
    indexed: &Indexed,
    compression: u8,
) -> Result<Vec<u8>, EncodingError> {
    let (depth, bits) = match indexed.palette.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let mut out = Vec::with_capacity(indexed.indices.len() / 2 + 1024);
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(depth);
    let colours = indexed.palette.iter();
    encoder.set_palette(
        colours
            .clone()
            .flat_map(|c| [c[0], c[1], c[2]])
            .collect::<Vec<u8>>(),
    );
    // The translucent ones stand in front; those that are not listed are opaque.
    let alphas: Vec<u8> = colours
        .map(|c| c[3])
        .take_while(|&alpha| alpha != u8::MAX)
        .collect();
    if !alphas.is_empty() {
        encoder.set_trns(alphas);
    }
    let (deflate, filter) = method(compression, || Content::FewColours);
    encoder.set_deflate_compression(deflate);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed(&indexed.indices, width as usize, bits))?;
    writer.finish()?;
    Ok(out)
}

/// Indices side by side in bytes, the first in the upper bits; each row begins a byte.
fn packed(indices: &[u8], width: usize, bits: usize) -> Vec<u8> {
    let rows = indices.chunks_exact(width);
    let bytes = rows.flat_map(|row| {
        row.chunks(8 / bits).map(move |group| {
            let places = group.iter().enumerate();
            places.fold(0, |byte, (at, index)| byte | index << (8 - bits * (at + 1)))
        })
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_fill_bytes_from_the_top() {
        assert_eq!(
            packed(&[1, 0, 1, 1, 1, 0], 3, 1),
            [0b1010_0000, 0b1100_0000]
        );
        assert_eq!(
            packed(&[3, 1, 2, 0, 1, 2, 3, 0, 1, 1], 5, 2),
            [0b1101_1000, 0b0100_0000, 0b1011_0001, 0b0100_0000]
        );
        assert_eq!(packed(&[15, 1, 2], 3, 4), [0xF1, 0x20]);
        assert_eq!(packed(&[200, 1], 2, 8), [200, 1]);
    }
}
