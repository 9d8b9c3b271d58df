//! A page of a PDF, at the size that the plan scales it to rather than scaled there.

use super::{How, picture};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::header::Header;
use crate::pdf::Paper;
use crate::picture::{Layout, Picture};
use crate::plan::{Action, Scale};

/// Draw, and leave out what of `actions` is done with that.
pub(super) fn decode<'a>(
    source: &[u8],
    header: &Header<'_>,
    actions: &'a [Action],
    how: How,
) -> Result<(Picture, &'a [Action]), Error> {
    let paper = Paper::read(source, how.page)?;
    let (drawn, rest) = way(header.size, actions);
    let samples = paper.draw(drawn.whole, drawn.keep);
    let samples = samples.ok_or_else(|| Error::Malformed("PDF: cannot be drawn".to_owned()))?;
    Ok((picture(drawn.keep.size, Layout::Rgb, samples)?, rest))
}

/// The size that `decode` gives, and what is left to do.
pub(super) fn outcome(size: Size, actions: &[Action]) -> (Size, &[Action]) {
    let (drawn, rest) = way(size, actions);
    (drawn.keep.size, rest)
}

/// What is drawn of a page of `size` points, and what is left to do with that.
fn way(size: Size, actions: &[Action]) -> (Scale, &[Action]) {
    let whole = |size| Scale {
        whole: size,
        keep: Rect::whole(size),
    };
    match actions {
        [Action::Scale(scale) | Action::ScaleLight(scale), rest @ ..] => (*scale, rest),
        // What to keep is found in the scaled page.
        [Action::Find(scale), ..] => (whole(scale.whole), actions),
        _ => (whole(size), actions),
    }
}
