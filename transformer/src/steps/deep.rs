//! The actions on pictures of 16 bits a sample. Only those that change no more than sizes, places and colours
//! are known: overlays, texts and what is found by looking are made of 8 bits anyway.

use super::{Picture, cut, flatten, greyscale, light, misfit, pad, scale, turn};
use crate::colour::ToSrgb;
use crate::error::Error;
use crate::plan::Action;

/// Whether `run` knows the action.
pub(crate) const fn knows(action: &Action) -> bool {
    match action {
        Action::Turn(_)
        | Action::Scale(_)
        | Action::ScaleLight(_)
        | Action::Cut(_)
        | Action::Pad(_)
        | Action::Flatten(_)
        | Action::Greyscale
        | Action::Convert => true,
        Action::Find(_) | Action::Zoom(_) | Action::Blur(_) | Action::Write(_) | Action::Lay(_) => {
            false
        }
    }
}

/// Do every action in order.
pub(crate) fn run(
    mut picture: Picture<u16>,
    actions: &[Action],
    profile: Option<&ToSrgb<u16>>,
) -> Result<Picture<u16>, Error> {
    for action in actions {
        picture = match *action {
            Action::Turn(orientation) => turn::turn(picture, orientation),
            Action::Scale(scale) => scale::scale(picture, scale),
            Action::ScaleLight(scale) => light::scale_deep(picture, scale),
            Action::Cut(rect) => cut::cut(picture, rect),
            Action::Pad(frame) => pad::pad(picture, &frame),
            Action::Flatten(colour) => flatten::flatten(picture, colour),
            Action::Greyscale => greyscale::greyscale(picture),
            Action::Convert => {
                if let Some(profile) = profile {
                    profile.convert(&mut picture);
                }
                Some(picture)
            }
            Action::Find(_)
            | Action::Zoom(_)
            | Action::Blur(_)
            | Action::Write(_)
            | Action::Lay(_) => None,
        }
        .ok_or_else(|| misfit(action))?;
    }
    Ok(picture)
}
