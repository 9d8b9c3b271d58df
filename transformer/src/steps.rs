//! A decoded picture and a plan's actions in, the finished picture out: each action is one verb, in a file
//! of its own. All sizes were checked when the plan was made; nothing here decides anything.

mod blend;
mod blur;
mod cut;
mod deep;
mod find;
mod flatten;
mod greyscale;
mod lay;
mod light;
mod pad;
mod resample;
mod scale;
mod turn;
mod write;
mod zoom;

#[cfg(feature = "avif")]
pub(crate) use cut::cut;
pub(crate) use deep::{knows, run as run_deep};
pub(crate) use lay::Laying;
pub(crate) use pad::Frame;
pub(crate) use turn::turn;
pub(crate) use write::Writing;

use std::collections::BTreeMap;

use crate::colour::ToSrgb;
use crate::error::Error;
use crate::geometry::Size;
use crate::picture::{Layout, Picture, room};
use crate::plan::{Action, Scale};

/// What actions need beside the picture.
pub(crate) struct Supplies<'a> {
    /// What colours are converted from.
    pub profile: Option<&'a ToSrgb>,
    /// Decoded and upright, by their numbers.
    pub overlays: &'a BTreeMap<usize, Picture>,
}

/// Do every action in order.
pub(crate) fn run(
    mut picture: Picture,
    actions: &[Action],
    supplies: &Supplies<'_>,
) -> Result<Picture, Error> {
    for action in actions {
        picture = match *action {
            Action::Turn(orientation) => turn::turn(picture, orientation),
            Action::Scale(scale) => scale::scale(picture, scale),
            Action::ScaleLight(scale) => light::scale(picture, scale),
            Action::Find(scale) => {
                let keep = find::find(&picture, scale);
                scaled(picture, Scale { keep, ..scale })
            }
            Action::Cut(rect) => cut::cut(picture, rect),
            Action::Pad(frame) => pad::pad(picture, &frame),
            Action::Zoom(factor) => zoom::zoom(&picture, factor),
            Action::Blur(sigma) => blur::blur(picture, sigma),
            Action::Flatten(colour) => flatten::flatten(picture, colour),
            Action::Greyscale => greyscale::greyscale(picture),
            Action::Write(ref writing) => write::write(picture, writing),
            Action::Lay(laying) => supplies
                .overlays
                .get(&laying.overlay)
                .and_then(|overlay| lay::lay(picture, overlay, &laying)),
            Action::Convert => {
                if let Some(profile) = supplies.profile {
                    profile.convert(&mut picture);
                }
                Some(picture)
            }
        }
        .ok_or_else(|| misfit(action))?;
    }
    Ok(picture)
}

/// Do every action in order, and tell what another picture of this size has to go through to match: what was
/// found by looking at this one is told as a place.
pub(crate) fn settle(
    mut picture: Picture,
    actions: &[Action],
    supplies: &Supplies<'_>,
) -> Result<(Picture, Vec<Action>), Error> {
    let mut settled = Vec::with_capacity(actions.len());
    for action in actions {
        settled.push(match *action {
            Action::Find(scale) => {
                let keep = find::find(&picture, scale);
                if size(&picture) == scale.whole {
                    Action::Cut(keep)
                } else {
                    Action::Scale(Scale { keep, ..scale })
                }
            }
            ref other => other.clone(),
        });
        picture = run(picture, &settled[settled.len() - 1..], supplies)?;
    }
    Ok((picture, settled))
}

fn misfit(action: &Action) -> Error {
    Error::BadOperation(format!("{action:?} does not fit the picture"))
}

/// A part of the picture, scaled where that is asked for.
pub(crate) fn scaled(picture: Picture, scale: Scale) -> Option<Picture> {
    if size(&picture) == scale.whole {
        cut::cut(picture, scale.keep)
    } else {
        scale::scale(picture, scale)
    }
}

fn size<S>(picture: &Picture<S>) -> Size {
    Size {
        width: picture.width(),
        height: picture.height(),
    }
}

fn wrap<S>(size: Size, layout: Layout, samples: Vec<S>) -> Option<Picture<S>> {
    Picture::new(size.width, size.height, layout, samples)
}
