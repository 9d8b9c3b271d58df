//! Everything that is decided before a pixel is decoded: steps and a header in, a list of actions with
//! definite sizes out. Every failure of an operation is a matter of sizes, so a step that may be skipped
//! is skipped here; what is left cannot fail any more.

mod order;
mod watermark;

pub(crate) use order::after;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::animated::{Animated, Still};
use crate::colour;
use crate::encode::{self, Animation};
use crate::error::{Error, Limit};
use crate::geometry::{self, Rect, Size};
use crate::header::{Header, Profile};
use crate::options::{
    self, Format, Gravity, Limits, OnFailure, Operation, Output, Resize, Rgb, Step,
};
use crate::orientation::Orientation;
use crate::originals::Originals;
use crate::picture::Depth;
use crate::steps::{self, Frame, Laying, Writing};

/// Largest factor of a zoom, as the interface says.
const ZOOM_MAX: u32 = 256;
/// Largest standard deviation of a blur in pixels, as the interface says.
const SIGMA_MAX: f32 = 250.0;

/// One thing done to pixels, with all its numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    Turn(Orientation),
    Scale(Scale),
    /// The same in linear light.
    ScaleLight(Scale),
    /// As `Scale`, but where the part to keep lies is found by looking at the picture.
    Find(Scale),
    Cut(Rect),
    Pad(Frame),
    Zoom(u32),
    Blur(f32),
    Flatten(Rgb),
    Greyscale,
    Write(Box<Writing>),
    Lay(Laying),
    /// From the source's colour profile to sRGB.
    Convert,
}

/// The whole picture scaled to `whole`, and of that the part `keep`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    pub whole: Size,
    pub keep: Rect,
}

/// What will be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub format: Format,
    pub actions: Vec<Action>,
    pub motion: Motion,
    /// Of the samples, from the decoder to the encoder.
    pub depth: Depth,
}

/// What is rendered of an animation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// The source's one picture, or its first.
    Still,
    /// The frame behind so many others.
    Frame(u32, Animated),
    /// Everything.
    All(Animated),
}

/// A picture on its way, as far as sizes go.
#[derive(Debug, Clone)]
struct Draft {
    size: Size,
    oriented: bool,
    /// Whether sizes are changed in linear light.
    linear: bool,
    actions: Vec<Action>,
}

/// Plan `steps` for the pictures that the headers describe.
pub(crate) fn plan(
    originals: &Originals<'_>,
    steps: &[Step],
    output: &Output,
    limits: &Limits,
) -> Result<Plan, Error> {
    let header = &originals.header;
    let format = output.format.unwrap_or(header.answer());
    if !encode::is_written(format) {
        return Err(Error::Unwritable(format));
    }
    let mut draft = Draft {
        size: header.size,
        oriented: false,
        linear: output.linear,
        actions: Vec::new(),
    };
    for step in steps {
        match draft.clone().after(step, originals, limits) {
            Ok(next) => draft = next,
            Err(error) if step.on_failure == OnFailure::Fail => return Err(error),
            Err(_) => {}
        }
    }
    within(draft.size, limits)?;
    let motion = motion(originals, (format, output), (draft.size, limits))?;
    let mut actions = order::turned_late(draft.actions, header.size);
    if output.profile == options::Profile::Convert && header.profile != Profile::None {
        order::convert(&mut actions, header.size);
    }
    Ok(Plan {
        format,
        depth: depth(header, (format, output), (motion, &actions)),
        actions,
        motion,
    })
}

/// 16 bits a sample are kept where the source has more than 8, the output holds them and every action knows them:
/// turns, cuts, changes of size, padding, a colour behind, grey, and profiles of curves. Watermarks, texts, blur,
/// zoom, what is found by looking (smart crop) and profiles of tables bring the picture to 8 bits from the start,
/// and so do animations.
fn depth(
    header: &Header<'_>,
    (format, output): (Format, &Output),
    (motion, actions): (Motion, &[Action]),
) -> Depth {
    let is_kept = header.is_deep()
        && encode::holds_16_bits(format, output)
        && motion == Motion::Still
        && actions.iter().all(steps::knows)
        && (!actions.contains(&Action::Convert)
            || header
                .profile
                .bytes()
                .is_none_or(|profile| colour::keeps_16_bits(&profile)));
    if is_kept {
        Depth::Sixteen
    } else {
        Depth::Eight
    }
}

/// What is rendered of the source, if it moves; refused where it is too much.
fn motion(
    originals: &Originals<'_>,
    (format, output): (Format, &Output),
    (size, limits): (Size, &Limits),
) -> Result<Motion, Error> {
    let canvas = originals.header.size;
    match (originals.animated, output.page) {
        (None, None | Some(0)) => Ok(Motion::Still),
        (Some(animated), Some(0)) if animated.still == Still::FirstFrame => Ok(Motion::Still),
        // The page was chosen when the header was read.
        (None, Some(_)) if matches!(originals.header.format, Format::Tiff | Format::Pdf) => {
            Ok(Motion::Still)
        }
        (None, Some(_)) => Err(bad("page: the picture has only one")),
        (Some(animated), Some(page)) if page >= animated.frames => Err(Error::BadOperation(
            format!("page: the picture has {} frames", animated.frames),
        )),
        (Some(animated), Some(page)) => {
            animated.check(page + 1, (canvas, canvas), limits)?;
            Ok(Motion::Frame(page, animated))
        }
        (Some(animated), None) if Animation::is_for(format) => {
            animated.check(animated.frames, (canvas, size), limits)?;
            Ok(Motion::All(animated))
        }
        (Some(_), None) => Ok(Motion::Still),
    }
}

impl Plan {
    /// The profile that colours are converted from, if they are.
    pub(crate) fn profile<'a>(&self, header: &Header<'a>) -> Option<Cow<'a, [u8]>> {
        let converts = self.actions.contains(&Action::Convert);
        converts.then(|| header.profile.bytes()).flatten()
    }

    /// The scale and the turn, where nothing else is done to a still picture.
    pub(crate) fn scale_and_turn(&self) -> Option<(Scale, Orientation)> {
        match (self.motion, &self.actions[..]) {
            (Motion::Still, [Action::Scale(scale)]) => Some((*scale, Orientation::UPRIGHT)),
            (Motion::Still, [Action::Scale(scale), Action::Turn(turn)]) => Some((*scale, *turn)),
            _ => None,
        }
    }

    /// The overlays that are laid on, each once.
    pub(crate) fn overlays(&self) -> BTreeSet<usize> {
        let laid = self.actions.iter().filter_map(|action| match action {
            Action::Lay(laying) => Some(laying.overlay),
            _ => None,
        });
        laid.collect()
    }
}

impl Draft {
    fn after(
        mut self,
        step: &Step,
        originals: &Originals<'_>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut unzoomed = None;
        for operation in &step.operations {
            match *operation {
                Operation::Orient if self.oriented => {}
                Operation::Orient => {
                    self.oriented = true;
                    self.turn(Orientation::from_exif(originals.header.orientation));
                }
                Operation::Rotate(turn) => self.turn(Orientation::from_turn(turn)),
                Operation::Mirror(mirror) => self.turn(Orientation::from_mirror(mirror)),
                Operation::Zoom(factor) => {
                    unzoomed.get_or_insert(self.size);
                    self.zoom(factor, limits)?;
                }
                Operation::Resize(resize) => self.resize(&resize, limits)?,
                Operation::Extract(area) => self.extract(&area, unzoomed.unwrap_or(self.size))?,
                Operation::Blur(sigma) if sigma > 0.0 && sigma <= SIGMA_MAX => {
                    self.actions.push(Action::Blur(sigma));
                }
                Operation::Blur(_) => return Err(bad("blur: sigma is over 0 up to 250")),
                Operation::Flatten(colour) => self.actions.push(Action::Flatten(colour)),
                Operation::Greyscale => self.actions.push(Action::Greyscale),
                Operation::WatermarkText(ref text) => {
                    let writing = watermark::writing(text, self.size, limits)?;
                    self.actions.push(Action::Write(Box::new(writing)));
                }
                Operation::WatermarkImage(image) => {
                    let laying = watermark::laying(image, originals)?;
                    self.actions.push(Action::Lay(laying));
                }
            }
        }
        Ok(self)
    }

    fn turn(&mut self, orientation: Orientation) {
        self.size = orientation.size(self.size);
        self.actions.push(Action::Turn(orientation));
    }

    fn zoom(&mut self, factor: u32, limits: &Limits) -> Result<(), Error> {
        if !(1..=ZOOM_MAX).contains(&factor) {
            return Err(bad("zoom: a picture is magnified 256 times at most"));
        }
        let size = geometry::zoom(self.size, factor).ok_or_else(|| endless(limits))?;
        within(size, limits)?;
        if factor > 1 {
            self.actions.push(Action::Zoom(factor));
        }
        self.size = size;
        Ok(())
    }

    fn resize(&mut self, resize: &Resize, limits: &Limits) -> Result<(), Error> {
        let placed = geometry::place(self.size, resize).ok_or_else(|| endless(limits))?;
        if placed.canvas != self.size {
            within(placed.canvas, limits)?;
        }
        let scale = Scale {
            whole: placed.scaled,
            keep: placed.keep,
        };
        if resize.gravity == Gravity::Smart && placed.keep.size != placed.scaled {
            self.actions.push(Action::Find(scale));
        } else if placed.scaled != self.size {
            self.actions.push(if self.linear {
                Action::ScaleLight(scale)
            } else {
                Action::Scale(scale)
            });
        } else if placed.keep.size != self.size {
            self.actions.push(Action::Cut(placed.keep));
        }
        let (canvas, kept) = (placed.canvas, placed.keep.size);
        if canvas != kept {
            self.actions.push(Action::Pad(Frame {
                left: (canvas.width - kept.width) / 2,
                top: (canvas.height - kept.height) / 2,
                canvas,
                extend: resize.extend,
            }));
        }
        self.size = canvas;
        Ok(())
    }

    fn extract(&mut self, area: &options::Area, unzoomed: Size) -> Result<(), Error> {
        let rect = geometry::area(area, unzoomed);
        if rect.size.pixels() == 0 || !rect.fits(self.size) {
            return Err(bad("extract_area: bad extract area"));
        }
        if rect.size != self.size {
            self.actions.push(Action::Cut(rect));
        }
        self.size = rect.size;
        Ok(())
    }
}

/// Refuse a size that is made and is larger than allowed. A picture that is only passed through is not
/// asked: the source has a limit of its own, and the last size is always checked.
fn within(size: Size, limits: &Limits) -> Result<(), Error> {
    let longest = size.width.max(size.height);
    if longest > limits.output_side_max {
        return Err(Error::TooLarge {
            limit: Limit::OutputSide,
            asked: u64::from(longest),
            allowed: u64::from(limits.output_side_max),
        });
    }
    if size.pixels() > limits.output_pixels_max {
        return Err(Error::TooLarge {
            limit: Limit::OutputPixels,
            asked: size.pixels(),
            allowed: limits.output_pixels_max,
        });
    }
    Ok(())
}

/// A side that does not even fit 32 bits.
fn endless(limits: &Limits) -> Error {
    Error::TooLarge {
        limit: Limit::OutputSide,
        asked: u64::from(u32::MAX),
        allowed: u64::from(limits.output_side_max),
    }
}

fn bad(reason: &str) -> Error {
    Error::BadOperation(reason.to_owned())
}

#[cfg(test)]
mod tests;
