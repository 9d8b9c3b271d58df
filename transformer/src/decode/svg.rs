//! Drawings, at the size that the plan scales them to rather than scaled there.

use super::picture;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};
use crate::plan::{Action, Scale};
use crate::steps;
use crate::svg::Drawing;

/// How a drawing becomes a picture.
struct Way<'a> {
    /// What is drawn: less than is wanted where filters would look too far.
    drawn: Scale,
    /// The size that `decode` gives.
    size: Size,
    /// What is left to do with that.
    rest: &'a [Action],
}

/// Draw, and leave out what of `actions` is done with that.
pub(super) fn decode<'a>(
    drawing: &Drawing,
    actions: &'a [Action],
) -> Result<(Picture, &'a [Action]), Error> {
    let way = way(drawing, actions);
    let cannot = || Error::Malformed("SVG: cannot be drawn".to_owned());
    let samples = drawing.draw(way.drawn.whole, way.drawn.keep);
    let size = way.drawn.keep.size;
    let drawn = picture(size, Layout::Rgba, samples.ok_or_else(cannot)?)?;
    if way.size == size {
        return Ok((drawn, way.rest));
    }
    let enlarged = steps::scaled(drawn, whole(way.size));
    Ok((enlarged.ok_or_else(cannot)?, way.rest))
}

/// The size that `decode` gives, and what is left to do.
pub(super) fn outcome<'a>(drawing: &Drawing, actions: &'a [Action]) -> (Size, &'a [Action]) {
    let way = way(drawing, actions);
    (way.size, way.rest)
}

/// Bytes that `decode` holds beside the picture: what is drawn with, or what is enlarged and a band between.
pub(super) fn working_bytes(drawing: &Drawing, actions: &[Action]) -> u64 {
    let way = way(drawing, actions);
    let size = way.drawn.keep.size;
    let drawing = drawing.working_bytes(way.drawn.whole, size);
    if way.size == size {
        return drawing;
    }
    let band = u64::from(way.size.height) * u64::from(size.width);
    let enlarging = (size.pixels() + band) * Layout::Rgba.channels() as u64;
    drawing.max(enlarging)
}

fn way<'a>(drawing: &Drawing, actions: &'a [Action]) -> Way<'a> {
    let (drawn, rest) = match actions {
        [Action::Scale(scale) | Action::ScaleLight(scale), rest @ ..]
            if drawing.affordable(scale.whole) == scale.whole =>
        {
            (*scale, rest)
        }
        // Too much work at that size: drawn smaller, and scaled as any picture is. Or what to keep is found in
        // the scaled picture.
        [
            Action::Scale(scale) | Action::ScaleLight(scale) | Action::Find(scale),
            ..,
        ] => (whole(drawing.affordable(scale.whole)), actions),
        // What follows reckons with the drawing's own size, also where it is drawn smaller.
        _ => {
            return Way {
                drawn: whole(drawing.affordable(drawing.size)),
                size: drawing.size,
                rest: actions,
            };
        }
    };
    Way {
        drawn,
        size: drawn.keep.size,
        rest,
    }
}

const fn whole(size: Size) -> Scale {
    Scale {
        whole: size,
        keep: Rect::whole(size),
    }
}
