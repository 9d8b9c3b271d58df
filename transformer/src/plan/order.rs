//! The order that gives the same picture for less work: turns are put together and done after a picture
//! has shrunk, and colours are converted when the fewest pixels are left. Actions in, actions out.

use super::{Action, Scale};
use crate::geometry::{Rect, Size};
use crate::orientation::Orientation;
use crate::steps::Frame;

/// Turns wait: they join those that follow, and step over whatever leaves fewer pixels to turn. A
/// resampling filter is symmetric, so it makes no difference to it which way up the picture is.
pub(super) fn turned_late(actions: Vec<Action>, mut size: Size) -> Vec<Action> {
    let mut ordered = Vec::with_capacity(actions.len());
    let mut waiting = Orientation::UPRIGHT;
    for action in actions {
        let back = waiting.inverse();
        match action {
            Action::Turn(orientation) => {
                waiting = waiting.then(orientation);
                continue;
            }
            Action::Scale(scale) if scale.keep.size.pixels() <= size.pixels() => {
                let turned = turned(scale, back);
                ordered.push(Action::Scale(turned));
                size = turned.keep.size;
                continue;
            }
            Action::ScaleLight(scale) if scale.keep.size.pixels() <= size.pixels() => {
                let turned = turned(scale, back);
                ordered.push(Action::ScaleLight(turned));
                size = turned.keep.size;
                continue;
            }
            // What is worth looking at is so whichever way up it is.
            Action::Find(scale) if scale.keep.size.pixels() <= size.pixels() => {
                let turned = turned(scale, back);
                ordered.push(Action::Find(turned));
                size = turned.keep.size;
                continue;
            }
            Action::Cut(rect) => {
                let turned = back.rect(rect, waiting.size(size));
                ordered.push(Action::Cut(turned));
                size = turned.size;
                continue;
            }
            _ => {}
        }
        push_turn(&mut ordered, waiting);
        size = after(&action, waiting.size(size));
        waiting = Orientation::UPRIGHT;
        ordered.push(action);
    }
    push_turn(&mut ordered, waiting);
    ordered
}

fn turned(Scale { whole, keep }: Scale, orientation: Orientation) -> Scale {
    Scale {
        whole: orientation.size(whole),
        keep: orientation.rect(keep, whole),
    }
}

fn push_turn(ordered: &mut Vec<Action>, waiting: Orientation) {
    if waiting != Orientation::UPRIGHT {
        ordered.push(Action::Turn(waiting));
    }
}

/// Put the conversion to sRGB after the leading actions that only move, drop or shrink pixels.
///
/// Resampling first is right although it comes before the profile is applied: both the source's values
/// and sRGB's are gamma-encoded, with nearly the same curve, and a weighted mean of the one converted is
/// the weighted mean of the other converted to within a rounding, save between strongly different
/// neighbours, where either is an approximation of what linear light would give.
pub(super) fn convert(actions: &mut Vec<Action>, mut size: Size) {
    let mut at = 0;
    for action in actions.iter() {
        let next = after(action, size);
        let harmless = matches!(
            action,
            Action::Turn(_) | Action::Cut(_) | Action::Scale(_) | Action::Find(_)
        );
        if !harmless || next.pixels() > size.pixels() {
            break;
        }
        size = next;
        at += 1;
    }
    actions.insert(at, Action::Convert);
}

/// The size that `size` has after `action`.
pub(crate) fn after(action: &Action, size: Size) -> Size {
    match *action {
        Action::Turn(orientation) => orientation.size(size),
        Action::Scale(Scale { keep, .. })
        | Action::ScaleLight(Scale { keep, .. })
        | Action::Find(Scale { keep, .. }) => keep.size,
        Action::Cut(Rect { size, .. }) => size,
        Action::Pad(Frame { canvas, .. }) => canvas,
        Action::Zoom(factor) => Size {
            width: size.width.saturating_mul(factor),
            height: size.height.saturating_mul(factor),
        },
        Action::Blur(_)
        | Action::Flatten(_)
        | Action::Greyscale
        | Action::Write(_)
        | Action::Lay(_)
        | Action::Convert => size,
    }
}
