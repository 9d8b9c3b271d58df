//! Drawings, at the size that the plan scales them to rather than scaled there.

use super::picture;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};
use crate::plan::{Action, Scale};
use crate::svg::Drawing;

/// Draw, and leave out what of `actions` is done with that.
pub(super) fn decode<'a>(
    drawing: &Drawing,
    actions: &'a [Action],
) -> Result<(Picture, &'a [Action]), Error> {
    let (scale, rest) = wanted(drawing.size, actions);
    let samples = drawing.draw(scale.whole, scale.keep);
    let samples = samples.ok_or_else(|| Error::Malformed("SVG: cannot be drawn".to_owned()))?;
    Ok((picture(scale.keep.size, Layout::Rgba, samples)?, rest))
}

/// The size that `decode` gives, and what is left to do.
pub(super) fn outcome(natural: Size, actions: &[Action]) -> (Size, &[Action]) {
    let (scale, rest) = wanted(natural, actions);
    (scale.keep.size, rest)
}

fn wanted(natural: Size, actions: &[Action]) -> (Scale, &[Action]) {
    let whole = |size| Scale {
        whole: size,
        keep: Rect::whole(size),
    };
    match actions {
        [Action::Scale(scale), rest @ ..] => (*scale, rest),
        // What to keep is found in the scaled picture.
        [Action::Find(scale), ..] => (whole(scale.whole), actions),
        _ => (whole(natural), actions),
    }
}
