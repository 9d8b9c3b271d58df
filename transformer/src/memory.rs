//! How many bytes a plan will hold at its worst moment, from sizes alone, so that what does not fit is
//! refused before any of it is allocated. A model, on the safe side: it counts what grows with the
//! picture and leaves out what does not (tables, code, a few hundred kilobytes).

use crate::animated::Animated;
use crate::decode;
use crate::encode;
use crate::error::{Error, Limit};
use crate::geometry::Size;
use crate::options::{Format, Limits, Output, Rgb};
use crate::originals::Originals;
use crate::picture::{Depth, Layout};
use crate::plan::{Action, Motion, Plan, after};

/// Bytes for each pixel of a text: its mask, and the sums that one glyph's outline leaves.
const TEXT_BYTES_PER_PIXEL: u64 = 1 + 4;

/// Bytes that written frames may have whatever their size: headers and palettes.
const WRITTEN_BYTES: u64 = 1 << 20;
/// From this quality on the JPEG of a photograph may have half a byte for a sample.
const QUALITY_LARGE: u8 = 90;

/// Refuse what would not fit.
pub(crate) fn check(
    originals: &Originals<'_>,
    (plan, output): (&Plan, &Output),
    limits: &Limits,
) -> Result<(), Error> {
    let header = &originals.header;
    let wish = (plan.format, output);
    let frame = (header.size, Layout::Rgba);
    let peak = match plan.motion {
        Motion::Still => {
            let (decoded, left) = decode::outcome(header, &plan.actions);
            let working = decode::working_bytes(originals.source, header, &plan.actions)?;
            let decoded = (decoded, header.layout);
            peak_bytes((decoded, plan.depth), working, (left, wish))
        }
        Motion::Frame(_, animated) => {
            let working = frame_bytes(header.size, animated);
            peak_bytes((frame, Depth::Eight), working, (&plan.actions, wish))
        }
        Motion::All(animated) => {
            let working = frame_bytes(header.size, animated);
            let peak = peak_bytes((frame, Depth::Eight), 0, (&plan.actions, wish));
            let size = plan
                .actions
                .iter()
                .fold(header.size, |size, action| after(action, size));
            working
                .saturating_add(peak)
                .saturating_add(waiting_bytes(size))
                .saturating_add(written_bytes(size, animated, wish))
        }
    };
    // Overlays are decoded one after the other before the source, and stay.
    let overlays = plan.overlays();
    let asked = originals
        .encoded_bytes()
        .saturating_add(originals.held_bytes(&overlays))
        .saturating_add(peak.max(originals.decoding_bytes(&overlays)));
    if asked > limits.memory_bytes_max {
        return Err(Error::TooLarge {
            limit: Limit::MemoryBytes,
            asked,
            allowed: limits.memory_bytes_max,
        });
    }
    Ok(())
}

/// What the decoder of an animation holds from frame to frame: the canvas, what is to come back on it, and a
/// frame as indices and as colours, where libraries keep copies of their own.
fn frame_bytes(canvas: Size, animated: Animated) -> u64 {
    let canvas = canvas.pixels().saturating_mul(3 * 4);
    canvas.saturating_add(animated.frame_pixels_max.saturating_mul(10))
}

/// What the encoder of an animation holds from frame to frame: what is shown, and the frame that waits.
fn waiting_bytes(size: Size) -> u64 {
    size.pixels().saturating_mul(9)
}

/// What the written frames may come to, while they are given more room: by how much a pixel of noise takes where
/// nothing is lost, and by far more than a photograph takes where something is.
fn written_bytes(size: Size, animated: Animated, (format, output): (Format, &Output)) -> u64 {
    let each = match format {
        Format::Gif => 3,
        Format::Webp if output.lossless => 8,
        _ => 2,
    };
    let frames = size.pixels().saturating_mul(u64::from(animated.frames));
    frames.saturating_mul(each).saturating_add(WRITTEN_BYTES)
}

/// Refuse frames that came to more than was reckoned.
pub(crate) fn check_written(
    bytes: usize,
    size: Size,
    (animated, wish): (Animated, (Format, &Output)),
) -> Result<(), Error> {
    let (asked, allowed) = (2 * bytes as u64, written_bytes(size, animated, wish));
    if asked > allowed {
        return Err(Error::TooLarge {
            limit: Limit::MemoryBytes,
            asked,
            allowed,
        });
    }
    Ok(())
}

/// The worst moment of decoding, of all actions and of encoding, source and overlays not counted.
fn peak_bytes(
    (decoded, depth): ((Size, Layout), Depth),
    working: u64,
    (actions, wish): (&[Action], (Format, &Output)),
) -> u64 {
    let (mut size, mut layout) = decoded;
    // Reckoned with 8 bits a sample: with 16 everything but the decoder's own takes twice as much.
    let deep = |bytes: u64| bytes.saturating_mul(depth.bytes());
    let decoding = deep(picture_bytes(size, layout)).saturating_add(working);
    let mut peak = 0;
    for action in actions {
        let after = (after(action, size), layout_after(action, layout));
        let parts = parts_bytes(action, (size, layout), depth);
        peak = action_bytes(action, (size, layout), after)
            .saturating_add(parts)
            .max(peak);
        (size, layout) = after;
    }
    decoding.max(deep(encode_bytes(wish, size, layout).max(peak)))
}

pub(crate) fn picture_bytes(size: Size, layout: Layout) -> u64 {
    size.pixels().saturating_mul(layout.channels() as u64)
}

/// The picture before and after, and what lies between.
fn action_bytes(action: &Action, before: (Size, Layout), after: (Size, Layout)) -> u64 {
    let (old, new) = (
        picture_bytes(before.0, before.1),
        picture_bytes(after.0, after.1),
    );
    let between = match action {
        // Rows are combined first: the old width at the new height.
        Action::Scale(_) | Action::Find(_) => picture_bytes(
            Size {
                height: after.0.height,
                ..before.0
            },
            before.1,
        ),
        // Both pictures and the band between once more, two bytes a sample.
        Action::ScaleLight(_) => {
            let band = Size {
                height: after.0.height,
                ..before.0
            };
            let band = picture_bytes(band, before.1);
            old.saturating_add(new)
                .saturating_add(band)
                .saturating_mul(2)
        }
        // A wide blur works on a smaller copy, a narrow one on a copy of the same size.
        Action::Blur(_) => new,
        Action::Write(writing) => {
            let ink = writing.inscription.ink;
            ink.pixels().saturating_mul(TEXT_BYTES_PER_PIXEL)
        }
        _ => 0,
    };
    old.saturating_add(new).saturating_add(between)
}

/// Alpha by itself: pictures of 16 bits a sample are scaled without it.
fn parts_bytes(action: &Action, before: (Size, Layout), depth: Depth) -> u64 {
    match (action, depth) {
        _ if !before.1.has_alpha() => 0,
        (Action::Scale(_), Depth::Sixteen) => before.0.pixels(),
        (Action::ScaleLight(_), _) => before.0.pixels().saturating_mul(2),
        _ => 0,
    }
}

fn layout_after(action: &Action, layout: Layout) -> Layout {
    match (action, layout) {
        (Action::Write(writing), layout) if is_grey(writing.colour) => layout,
        (Action::Greyscale, Layout::Rgba | Layout::GreyAlpha) => Layout::GreyAlpha,
        (Action::Greyscale, _) => Layout::Grey,
        // A colour may need three channels where one was enough.
        (Action::Flatten(_), _)
        | (Action::Pad(_) | Action::Write(_) | Action::Lay(_), Layout::Grey) => Layout::Rgb,
        (Action::Pad(_) | Action::Write(_) | Action::Lay(_), Layout::GreyAlpha) => Layout::Rgba,
        (_, layout) => layout,
    }
}

fn is_grey(colour: Rgb) -> bool {
    colour.red == colour.green && colour.green == colour.blue
}

/// The picture, what its encoder makes of it, and the encoded bytes, which are rarely larger than it.
fn encode_bytes((format, output): (Format, &Output), size: Size, layout: Layout) -> u64 {
    let picture = picture_bytes(size, layout);
    let pixels = size.pixels();
    let colours = if layout.channels() < 3 { 1 } else { 3 };
    // Where there is alpha, a copy without it.
    let plain = pixels.saturating_mul(colours);
    let copy = if layout.has_alpha() { plain } else { 0 };
    let working = match format {
        // Filtered rows and the deflated stream; with a palette colours, indices and errors.
        Format::Png => picture.saturating_mul(2).max(pixels.saturating_mul(12)),
        // Colours, what was shown, what is new, indices twice; and the stream, a byte and a half for noise, while
        // it is given more room.
        Format::Gif => pixels.saturating_mul(4 + 4 + 4 + 3 + 5),
        // Tokens; and the file while it is given more room.
        Format::Jpeg => {
            let file = match output.quality {
                Some(QUALITY_LARGE..) => plain.saturating_mul(3) / 2,
                _ => plain,
            };
            let coded = encode::jpeg_bytes(pixels, colours, output);
            coded.saturating_add(file).saturating_add(copy)
        }
        // The deflated stream, while it is given more room.
        Format::Tiff => picture.saturating_mul(2).saturating_add(copy),
        // Residuals of 32 bits for some rows, and the stream.
        Format::Jxl => picture.saturating_mul(2),
        // A copy with four samples a pixel.
        Format::Blurhash | Format::Thumbhash => pixels.saturating_mul(4),
        // With loss, measured: 3 to 12 for a photograph by quality, 31 for noise at quality 100. Without:
        // a word for each pixel, tokens, and the stream.
        Format::Webp => pixels.saturating_mul(32),
        // Planes three times, blocks' sizes, and the stream while it is put together: 11 measured for noise at the
        // best quality, and as much again for alpha and what it covers.
        Format::Avif => pixels.saturating_mul(24),
        Format::Bmp | Format::Ico | Format::Svg | Format::Heif | Format::Pdf | Format::Jp2 => 0,
    };
    picture.saturating_add(working)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::header::{Coding, Header};
    use crate::options::Truncated;
    use crate::plan::Scale;

    const FULL: Size = Size {
        width: 8000,
        height: 6000,
    };

    fn plan(actions: Vec<Action>) -> Plan {
        Plan {
            format: Format::Jpeg,
            actions,
            motion: Motion::Still,
            depth: Depth::Eight,
        }
    }

    #[test]
    fn the_worst_moment_counts() {
        let small = Size {
            width: 400,
            height: 300,
        };
        let scale = Action::Scale(Scale {
            whole: small,
            keep: Rect::whole(small),
        });
        let from = ((FULL, Layout::Rgb), Depth::Eight);
        let output = Output::new(Format::Jpeg);
        let jpeg = (Format::Jpeg, &output);
        // Shrinking: the picture, a band of the new height, and the result.
        let shrinking = 3 * (FULL.pixels() + 8000 * 300 + small.pixels());
        assert_eq!(
            peak_bytes(from, 0, (std::slice::from_ref(&scale), jpeg)),
            shrinking
        );
        // Decoding, where that holds more.
        let decoding = 3 * FULL.pixels() + (1 << 30);
        assert_eq!(peak_bytes(from, 1 << 30, (&[scale], jpeg)), decoding);
        // Encoding, where nothing shrinks.
        let tokens = encode::jpeg_bytes(FULL.pixels(), 3, &output);
        let encoding = 6 * FULL.pixels() + tokens;
        assert_eq!(peak_bytes(from, 0, (&[], jpeg)), encoding);
        // With 16 bits all but what the decoder has of its own.
        let from = ((FULL, Layout::Rgb), Depth::Sixteen);
        assert_eq!(peak_bytes(from, 9, (&[], jpeg)), 2 * encoding);
        assert_eq!(
            peak_bytes(from, 1 << 40, (&[], jpeg)),
            2 * 3 * FULL.pixels() + (1 << 40)
        );
    }

    #[test]
    fn the_limit_is_met_exactly() {
        let header = Header {
            coding: Coding::Png { row_bytes: 24_001 },
            ..Header::plain(Format::Png, FULL, Layout::Rgb)
        };
        let limits = |memory_bytes_max| Limits {
            source_pixels_max: u64::MAX,
            output_pixels_max: u64::MAX,
            output_side_max: u32::MAX,
            memory_bytes_max,
            frames_max: 1,
            animation_pixels_max: 1,
            truncated: Truncated::Render,
        };
        let output = Output::new(Format::Jpeg);
        let tokens = encode::jpeg_bytes(FULL.pixels(), 3, &output);
        let limits = limits(6 * FULL.pixels() + tokens + 100);
        let check = |bytes: usize| {
            let source = vec![0; bytes];
            let originals = Originals {
                source: &source,
                header: header.clone(),
                animated: None,
                overlays: Vec::new(),
            };
            check(&originals, (&plan(vec![]), &output), &limits)
        };
        assert_eq!(check(100), Ok(()));
        let refused = check(101);
        assert!(matches!(
            refused,
            Err(Error::TooLarge {
                limit: Limit::MemoryBytes,
                ..
            })
        ));
    }
}
