//! How many bytes a plan will hold at its worst moment, from sizes alone, so that what does not fit is
//! refused before any of it is allocated. A model, on the safe side: it counts what grows with the
//! picture and leaves out what does not (tables, code, a few hundred kilobytes).

use crate::decode;
use crate::error::{Error, Limit};
use crate::geometry::Size;
use crate::header::{Coding, Header};
use crate::options::{Format, Limits};
use crate::picture::Layout;
use crate::plan::{Action, Plan, after};

/// Refuse what would not fit.
pub(crate) fn check(
    source: &[u8],
    header: &Header<'_>,
    plan: &Plan,
    limits: &Limits,
) -> Result<(), Error> {
    let asked = (source.len() as u64).saturating_add(peak_bytes(header, plan));
    if asked > limits.memory_bytes_max {
        return Err(Error::TooLarge {
            limit: Limit::MemoryBytes,
            asked,
            allowed: limits.memory_bytes_max,
        });
    }
    Ok(())
}

/// The worst moment of decoding, of all actions and of encoding, the source not counted.
fn peak_bytes(header: &Header<'_>, plan: &Plan) -> u64 {
    let decoded = decode::size(header, plan.shrinks_to);
    let mut peak = decode_bytes(header, decoded);
    let (mut size, mut layout) = (decoded, header.layout);
    for &action in &plan.actions {
        let after = (after(action, size), layout_after(action, layout));
        peak = peak.max(action_bytes(action, (size, layout), after));
        (size, layout) = after;
    }
    peak.max(encode_bytes(plan.format, size, layout))
}

fn picture_bytes(size: Size, layout: Layout) -> u64 {
    size.pixels().saturating_mul(layout.channels() as u64)
}

/// What the decoder of each format holds together with the decoded picture.
fn decode_bytes(header: &Header<'_>, decoded: Size) -> u64 {
    let picture = picture_bytes(decoded, header.layout);
    let pixels = header.size.pixels();
    // The alpha of a lossy WebP is a lossless picture of four bytes a pixel, and then a plane.
    let alpha = if header.layout.has_alpha() {
        5 * pixels
    } else {
        0
    };
    let working = match header.coding {
        Coding::JpegSequential { samples } => planes_bytes(samples, header.size, decoded),
        Coding::JpegProgressive { samples } => {
            // Coefficients of two bytes each.
            2 * samples + planes_bytes(samples, header.size, decoded)
        }
        Coding::Png { row_bytes } => row_bytes.saturating_mul(4),
        // A plane of luma and two of a quarter of its size.
        Coding::WebpLossy => pixels + pixels / 2 + alpha,
        Coding::WebpLossless => 4 * pixels,
        // The canvas and the frame, four bytes a pixel each, and the frame's own decoding.
        Coding::WebpAnimated => 10 * pixels + alpha,
        Coding::Gif { frame } => frame.pixels(),
    };
    picture.saturating_add(working)
}

/// Planes of all components at the decoded scale.
fn planes_bytes(samples: u64, full: Size, decoded: Size) -> u64 {
    let shrink = (u64::from(full.width) / u64::from(decoded.width)).max(1);
    samples / (shrink * shrink)
}

/// The picture before and after, and what lies between.
fn action_bytes(action: Action, before: (Size, Layout), after: (Size, Layout)) -> u64 {
    let (old, new) = (
        picture_bytes(before.0, before.1),
        picture_bytes(after.0, after.1),
    );
    let between = match action {
        // Rows are combined first: the old width at the new height.
        Action::Scale(_) => picture_bytes(
            Size {
                height: after.0.height,
                ..before.0
            },
            before.1,
        ),
        // A wide blur works on a smaller copy, a narrow one on a copy of the same size.
        Action::Blur(_) => new,
        _ => 0,
    };
    old.saturating_add(new).saturating_add(between)
}

const fn layout_after(action: Action, layout: Layout) -> Layout {
    match (action, layout) {
        (Action::Greyscale, Layout::Rgba | Layout::GreyAlpha) => Layout::GreyAlpha,
        (Action::Greyscale, _) => Layout::Grey,
        // A colour may need three channels where one was enough.
        (Action::Flatten(_), _) => Layout::Rgb,
        (Action::Pad { .. }, Layout::Grey) => Layout::Rgb,
        (Action::Pad { .. }, Layout::GreyAlpha) => Layout::Rgba,
        (_, layout) => layout,
    }
}

/// The picture, what its encoder makes of it, and the encoded bytes, which are rarely larger than it.
fn encode_bytes(format: Format, size: Size, layout: Layout) -> u64 {
    let picture = picture_bytes(size, layout);
    let pixels = size.pixels();
    let working = match format {
        Format::Jpeg | Format::Gif => picture,
        // Filtered rows and the deflated stream.
        Format::Png => picture.saturating_mul(2),
        // VP8L: a word for each pixel, tokens, and the stream.
        Format::Webp => pixels.saturating_mul(16),
        // Planes of 16 bits, their reconstruction, and block data: about this much was measured.
        Format::Avif => pixels.saturating_mul(48),
    };
    picture.saturating_add(working)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Profile;
    use crate::options::Truncated;
    use crate::rendition::ColourSpace;

    const FULL: Size = Size {
        width: 8000,
        height: 6000,
    };

    fn header(coding: Coding) -> Header<'static> {
        Header {
            format: Format::Jpeg,
            size: FULL,
            orientation: 0,
            space: ColourSpace::Srgb,
            layout: Layout::Rgb,
            profile: Profile::None,
            coding,
        }
    }

    fn plan(shrinks_to: Option<Size>) -> Plan {
        Plan {
            format: Format::Jpeg,
            actions: Vec::new(),
            shrinks_to,
        }
    }

    #[test]
    fn a_scaled_decode_needs_less() {
        let samples = FULL.pixels() * 3 / 2;
        let sequential = header(Coding::JpegSequential { samples });
        let whole = peak_bytes(&sequential, &plan(None));
        assert_eq!(whole, FULL.pixels() * 6);
        let small = peak_bytes(
            &sequential,
            &plan(Some(Size {
                width: 400,
                height: 300,
            })),
        );
        assert!(small < whole / 50, "{small}");
        let progressive = header(Coding::JpegProgressive { samples });
        let held = peak_bytes(
            &progressive,
            &plan(Some(Size {
                width: 400,
                height: 300,
            })),
        );
        assert!(held > 2 * samples && held < whole, "{held}");
    }

    #[test]
    fn the_limit_is_met_exactly() {
        let header = header(Coding::JpegSequential {
            samples: FULL.pixels() * 3,
        });
        let plan = plan(None);
        let needed = peak_bytes(&header, &plan) + 100;
        let limits = |memory_bytes_max| Limits {
            source_pixels_max: u64::MAX,
            output_pixels_max: u64::MAX,
            output_side_max: u32::MAX,
            memory_bytes_max,
            truncated: Truncated::Render,
        };
        assert_eq!(check(&[0; 100], &header, &plan, &limits(needed)), Ok(()));
        let refused = check(&[0; 101], &header, &plan, &limits(needed));
        assert!(matches!(
            refused,
            Err(Error::TooLarge {
                limit: Limit::MemoryBytes,
                ..
            })
        ));
    }
}
