//! AVIF: the primary picture, by one thread, in sRGB unless it has an ICC profile. A picture that will be
//! scaled down is averaged on the way from planes to colours, so that the large picture is never made.

mod colours;
mod light;
mod planes;
mod sequence;

use rusty_av1d::{Decoder, Picture as Decoded, Rav1dError, Settings};

use super::{picture, room};
use crate::colour::srgb::Level;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::header::{Coded, Coding, Header, Profile};
use crate::heif::{Container, Grid, Transforms};
use crate::picture::{Layout, Picture, unmultiply};
use crate::steps;
use colours::{ByProfile, Code, Colours};
use planes::Planes;
use sequence::Sequence;

/// Frames of one coded picture: it may come in a coarse and a fine layer. Film grain makes a second one of one.
const FRAMES_MAX: usize = 2;
/// How many times the wanted size must be there after averaging, on both axes. An average keeps less of the
/// fine detail than the resampler, which then has this much to work with.
const MARGIN: u32 = 2;
/// Most pixels that are averaged along a side.
const REDUCTION_MAX: u32 = 16;
/// Bytes that the decoder holds for each pixel beside the planes, as measured: what was decoded of the frame
/// before it was filtered, motion, and the blocks' own notes.
const DECODER_BYTES_PER_PIXEL: u64 = 3;
/// The decoder's tables and buffers that do not grow with the picture.
const DECODER_BYTES: u64 = 16 << 20;

/// The size that `decode` gives.
pub(super) fn size(header: &Header<'_>, shrinks_to: Option<Size>) -> Size {
    reduced(header.size, reduction(header, shrinks_to))
}

/// Bytes that decoding holds beside the picture.
pub(super) fn working_bytes(header: &Header<'_>) -> u64 {
    let Coding::Av1 {
        coded,
        plane_bytes,
        tile_pixels,
        ..
    } = header.coding
    else {
        return 0;
    };
    let planes = plane_bytes.saturating_mul(FRAMES_MAX as u64);
    let decoder = tile_pixels.saturating_mul(DECODER_BYTES_PER_PIXEL);
    // What is cut away is decoded all the same.
    let cut = if coded == header.size {
        0
    } else {
        let sample_bytes = if header.is_deep() { 2 } else { 1 };
        coded
            .pixels()
            .saturating_mul(header.layout.channels() as u64 * sample_bytes)
    };
    planes.saturating_add(decoder).saturating_add(cut) + DECODER_BYTES
}

/// Decode, averaged to not less than `MARGIN` times `shrinks_to`.
pub(super) fn decode<S: Level>(
    source: &[u8],
    header: &Header<'_>,
    shrinks_to: Option<Size>,
) -> Result<Picture<S>, Error> {
    let Coding::Av1 { coded, .. } = header.coding else {
        return Err(malformed("not an AVIF"));
    };
    let container = Container::read(source)?;
    let primary = container.primary();
    let by = reduction(header, shrinks_to);
    let size = reduced(coded, by);
    let mut canvas = Canvas {
        samples: room::<S>(size, header.layout)?,
        layout: header.layout,
        full: coded,
        size,
        by,
    };
    let declared = Code::declared(&container, primary);
    let by_profile = match header.profile {
        Profile::None => ByProfile::No,
        _ => ByProfile::Yes,
    };
    canvas.fill(&container, primary, |planes, picture, place| {
        let code = declared.unwrap_or_else(|| Code::of(picture));
        let colours = Colours::new(code, planes.bits(), by_profile);
        colours.paint(planes, place);
    })?;
    if let Some(alpha) = container.alpha(primary) {
        canvas.fill(&container, alpha, |planes, picture, place| {
            colours::paint_alpha(planes, Code::of(picture), place);
        })?;
        if container.refers(primary, *b"prem").contains(&alpha) {
            let pixels = canvas.samples.chunks_exact_mut(canvas.layout.channels());
            pixels.for_each(unmultiply);
        }
    }
    let whole = picture(size, header.layout, canvas.samples)?;
    let keep = Transforms::of(&container, primary, coded).keep;
    if keep == Rect::whole(coded) {
        return Ok(whole);
    }
    steps::cut(whole, keep).ok_or_else(|| malformed("what is to be kept lies outside"))
}

/// How many pixels become one along a side.
fn reduction(header: &Header<'_>, shrinks_to: Option<Size>) -> u32 {
    let (Some(target), Coding::Av1 { coded, tile, .. }) = (shrinks_to, header.coding) else {
        return 1;
    };
    // A part cannot be kept of what was averaged across its edge, nor tiles be put together.
    if coded != header.size {
        return 1;
    }
    let mut by = 1;
    while by < REDUCTION_MAX {
        let next = by * 2;
        let enough = |full: u32, target: u32| {
            u64::from(full / next) >= u64::from(target) * u64::from(MARGIN)
        };
        let whole = tile == coded || (tile.width % next == 0 && tile.height % next == 0);
        if !(whole && enough(coded.width, target.width) && enough(coded.height, target.height)) {
            break;
        }
        by = next;
    }
    by
}

const fn reduced(full: Size, by: u32) -> Size {
    Size {
        width: full.width.div_ceil(by),
        height: full.height.div_ceil(by),
    }
}

/// Where decoded pictures are painted.
struct Canvas<S> {
    samples: Vec<S>,
    layout: Layout,
    full: Size,
    size: Size,
    by: u32,
}

/// The part of a canvas that one coded picture covers.
struct Place<'a, S> {
    samples: &'a mut [S],
    layout: Layout,
    /// Of the canvas.
    stride: usize,
    left: usize,
    top: usize,
    /// Of the part.
    size: Size,
    /// How many pixels become one along a side.
    by: usize,
}

impl<S: Level> Canvas<S> {
    /// Decode `item`, tile by tile, and `paint` each.
    fn fill(
        &mut self,
        container: &Container<'_>,
        item: u32,
        mut paint: impl FnMut(&Planes<'_>, &Decoded, Place<'_, S>),
    ) -> Result<(), Error> {
        let coded = Coded::of(container, item)?;
        if coded.full != self.full {
            return Err(malformed("alpha of another size"));
        }
        let alone = [item];
        let (tiles, columns) = match container.grid(item) {
            Some(grid) if container.kind(item) == Some(*b"grid") => {
                check_grid(grid, coded.tile)?;
                let tiles = container.refers(item, *b"dimg");
                if tiles.len() as u64 != u64::from(grid.rows) * u64::from(grid.columns) {
                    return Err(malformed("a grid has not as many tiles as it says"));
                }
                (tiles, grid.columns)
            }
            _ => (&alone[..], 1),
        };
        for (number, &tile) in (0u32..).zip(tiles) {
            let data = container.data(tile).ok_or_else(|| malformed("no data"))?;
            let decoded = av1(&data, &coded)?;
            let place = self.place((number % columns, number / columns), coded.tile);
            let place = place.ok_or_else(|| malformed("a tile outside the picture"))?;
            paint(&Planes::of(&decoded)?, &decoded, place);
        }
        Ok(())
    }

    /// Where the tile belongs; `None` if none of it lies on the canvas.
    fn place(&mut self, (column, row): (u32, u32), tile: Size) -> Option<Place<'_, S>> {
        let start = |number: u32, side: u32| number.checked_mul(side).map(|start| start / self.by);
        let (left, top) = (start(column, tile.width)?, start(row, tile.height)?);
        let part = reduced(tile, self.by);
        let size = Size {
            width: part.width.min(self.size.width.checked_sub(left)?),
            height: part.height.min(self.size.height.checked_sub(top)?),
        };
        (size.pixels() > 0).then_some(Place {
            samples: &mut self.samples,
            layout: self.layout,
            stride: self.size.width as usize * self.layout.channels(),
            left: left as usize,
            top: top as usize,
            size,
            by: self.by as usize,
        })
    }
}

impl<S> Place<'_, S> {
    /// The samples of one of its rows.
    fn row(&mut self, row: usize) -> &mut [S] {
        let channels = self.layout.channels();
        let start = (self.top + row) * self.stride + self.left * channels;
        &mut self.samples[start..start + self.size.width as usize * channels]
    }
}

/// Refuse tiles that do not cover the whole, and those of which nothing would be seen.
fn check_grid(grid: Grid, tile: Size) -> Result<(), Error> {
    let fits = |count: u32, tile: u32, whole: u32| {
        let (count, tile, whole) = (u64::from(count), u64::from(tile), u64::from(whole));
        (count - 1) * tile < whole && whole <= count * tile
    };
    if fits(grid.columns, tile.width, grid.width) && fits(grid.rows, tile.height, grid.height) {
        return Ok(());
    }
    Err(malformed("a grid whose tiles do not fit its size"))
}

/// Decode one coded picture, which has to be what the container says: by that its cost was reckoned.
fn av1(data: &[u8], declared: &Coded) -> Result<Decoded, Error> {
    let sequence = Sequence::read(data).ok_or_else(|| malformed("no header of a sequence"))?;
    let (said, is) = (declared.depth, sequence.depth);
    if is.bits > said.bits || is.halves() > said.halves() {
        return Err(malformed("the coded picture is deeper than the file says"));
    }
    if sequence.frames > FRAMES_MAX {
        return Err(malformed("more frames than a picture has"));
    }
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    let pixels = declared.tile.pixels();
    settings.set_frame_size_limit(u32::try_from(pixels).unwrap_or(u32::MAX));
    let mut decoder = Decoder::with_settings(&settings).map_err(error)?;
    // A still picture comes out of the data that is sent at once. A frame that cannot be decoded makes the
    // decoder panic while it cleans up (`rav1d_submit_frame::on_error`, memorysafety/rav1d#1497); in the
    // component that ends this one instance.
    decoder
        .send_data(data.to_vec().into_boxed_slice(), None, None, None)
        .map_err(error)?;
    let picture = decoder.get_picture().map_err(error)?;
    if (picture.width(), picture.height()) != (declared.tile.width, declared.tile.height) {
        return Err(malformed(
            "the coded picture has another size than the file says",
        ));
    }
    Ok(picture)
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("AVIF: {rule}"))
}

fn error(error: Rav1dError) -> Error {
    match error {
        Rav1dError::TryAgain => malformed("the data ends within the picture"),
        other => Error::Malformed(format!("AV1: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_their_grid() {
        let tile = Size {
            width: 64,
            height: 32,
        };
        let check = |columns, rows, (width, height)| {
            let grid = Grid {
                rows,
                columns,
                width,
                height,
            };
            check_grid(grid, tile).is_ok()
        };
        assert!(check(2, 3, (128, 96)) && check(2, 3, (65, 65)));
        // A column or a row of which nothing is seen, and one too few.
        assert!(!check(2, 3, (64, 96)) && !check(2, 3, (128, 64)));
        assert!(!check(2, 3, (129, 96)) && !check(2, 3, (128, 97)));
    }
}
