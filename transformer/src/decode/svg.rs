//! Drawings, at the size that the plan scales them to rather than scaled there.

use super::picture;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};
use crate::plan::{Action, Scale};
use crate::steps;
use crate::svg::Drawing;

/// Draw, and leave out what of `actions` is done with that.
pub(super) fn decode<'a>(
    drawing: &Drawing,
    actions: &'a [Action],
) -> Result<(Picture, &'a [Action]), Error> {
    let (scale, rest) = wanted(drawing, actions);
    let samples = drawing.draw(scale.whole, scale.keep);
    let cannot = || Error::Malformed("SVG: cannot be drawn".to_owned());
    let drawn = picture(scale.keep.size, Layout::Rgba, samples.ok_or_else(cannot)?)?;
    let (size, _) = outcome(drawing, actions);
    if size == scale.keep.size {
        return Ok((drawn, rest));
    }
    Ok((steps::scaled(drawn, whole(size)).ok_or_else(cannot)?, rest))
}

/// The size that `decode` gives, and what is left to do.
pub(super) fn outcome<'a>(drawing: &Drawing, actions: &'a [Action]) -> (Size, &'a [Action]) {
    let (scale, rest) = wanted(drawing, actions);
    match actions {
        [
            Action::Scale(_) | Action::ScaleLight(_) | Action::Find(_),
            ..,
        ] => (scale.keep.size, rest),
        // What follows reckons with the drawing's own size, also where it was drawn smaller.
        _ => (drawing.size, rest),
    }
}

/// Bytes that `decode` holds beside the picture.
pub(super) fn working_bytes(drawing: &Drawing, actions: &[Action]) -> u64 {
    let scale = wanted(drawing, actions).0;
    drawing.working_bytes(scale.whole, scale.keep.size)
}

fn wanted<'a>(drawing: &Drawing, actions: &'a [Action]) -> (Scale, &'a [Action]) {
    match actions {
        // Too much work at that size: drawn smaller, and scaled as any picture is.
        [Action::Scale(scale) | Action::ScaleLight(scale), ..]
            if drawing.affordable(scale.whole) != scale.whole =>
        {
            (whole(drawing.affordable(scale.whole)), actions)
        }
        [Action::Scale(scale) | Action::ScaleLight(scale), rest @ ..] => (*scale, rest),
        // What to keep is found in the scaled picture.
        [Action::Find(scale), ..] => (whole(drawing.affordable(scale.whole)), actions),
        _ => (whole(drawing.affordable(drawing.size)), actions),
    }
}

const fn whole(size: Size) -> Scale {
    Scale {
        whole: size,
        keep: Rect::whole(size),
    }
}
