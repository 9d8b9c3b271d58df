//! Sizes: what a resize, a cut or a zoom makes of a picture's size. Numbers in, numbers out; no pixel
//! and no limit is known here. The rules are those that were measured on the dialect's reference server
//! (`host/request/README.md`), and the tests below are its table.

use crate::options::{Area, Enlarge, Fit, Gravity, Resize};

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    /// Width times height.
    pub(crate) const fn pixels(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

/// A part of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    pub left: u32,
    pub top: u32,
    pub size: Size,
}

impl Rect {
    /// All of a picture.
    pub(crate) const fn whole(size: Size) -> Self {
        Self {
            left: 0,
            top: 0,
            size,
        }
    }

    /// The first pixel.
    pub(crate) const PIXEL: Self = Self::whole(Size {
        width: 1,
        height: 1,
    });

    /// The smallest that holds both.
    pub(crate) fn around(self, other: Self) -> Self {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        let right = (self.left + self.size.width).max(other.left + other.size.width);
        let bottom = (self.top + self.size.height).max(other.top + other.size.height);
        Self {
            left,
            top,
            size: Size {
                width: right - left,
                height: bottom - top,
            },
        }
    }

    /// Whether this lies inside a picture of `size`.
    pub(crate) const fn fits(self, size: Size) -> bool {
        self.left as u64 + self.size.width as u64 <= size.width as u64
            && self.top as u64 + self.size.height as u64 <= size.height as u64
    }
}

/// What a resize comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placement {
    /// The size that the whole picture is scaled to.
    pub scaled: Size,
    /// The part of the scaled picture that is kept.
    pub keep: Rect,
    /// The size that the kept part is padded to; its own where nothing is padded.
    pub canvas: Size,
}

/// Scale, cut and pad a picture of size `input`. `None` where a side passes 32 bits: too large for any limit.
pub(crate) fn place(input: Size, resize: &Resize) -> Option<Placement> {
    let asked = match (resize.width, resize.height) {
        (None, None) => return Some(unpadded(Rect::whole(input), input)),
        (width, height) => (
            width.map(|side| side.max(1)),
            height.map(|side| side.max(1)),
        ),
    };
    let target = target(input, asked, resize.fit)?;
    if resize.fit == Fit::Stretch {
        return Some(unpadded(Rect::whole(target), target));
    }
    let smaller = input.width < target.width && input.height < target.height;
    if resize.enlarge == Enlarge::Never && smaller {
        return Some(unpadded(Rect::whole(input), input));
    }
    let single = asked.0.is_none() || asked.1.is_none();
    match resize.fit {
        Fit::Cover if single => Some(cover(input, target, resize.gravity)),
        Fit::Cover => Some(cover(covering(input, target)?, target, resize.gravity)),
        Fit::Pad if !single => {
            let scaled = within(input, target);
            Some(Placement {
                canvas: target,
                ..unpadded(Rect::whole(scaled), scaled)
            })
        }
        // A box made from one side has the picture's shape: nothing is left to pad.
        Fit::Inside | Fit::Pad | Fit::Stretch => {
            let fitted = if single {
                target
            } else {
                within(input, target)
            };
            Some(inside(input, fitted, resize.enlarge))
        }
    }
}

/// Both sides of the box: one that is unset follows the aspect ratio, or for a cut is the input's.
fn target(input: Size, asked: (Option<u32>, Option<u32>), fit: Fit) -> Option<Size> {
    Some(match asked {
        (Some(width), Some(height)) => Size { width, height },
        (Some(width), None) if fit == Fit::Cover => Size { width, ..input },
        (None, Some(height)) if fit == Fit::Cover => Size { height, ..input },
        (Some(width), None) => Size {
            width,
            height: in_proportion(input.height, width, input.width)?,
        },
        (None, Some(height)) => Size {
            width: in_proportion(input.width, height, input.height)?,
            height,
        },
        (None, None) => input,
    })
}

const fn unpadded(keep: Rect, scaled: Size) -> Placement {
    Placement {
        scaled,
        keep,
        canvas: keep.size,
    }
}

/// Scaled to `scaled`, then cut to what of it lies in `target`.
fn cover(scaled: Size, target: Size, gravity: Gravity) -> Placement {
    let size = Size {
        width: scaled.width.min(target.width),
        height: scaled.height.min(target.height),
    };
    let (spare_x, spare_y) = (scaled.width - size.width, scaled.height - size.height);
    // The reference rounds the middle up: floor((in - out + 1) / 2).
    let (middle_x, middle_y) = (spare_x.div_ceil(2), spare_y.div_ceil(2));
    let (left, top) = match gravity {
        // Where a smart cut lies is found later, among pixels.
        Gravity::Centre | Gravity::Smart => (middle_x, middle_y),
        Gravity::North => (middle_x, 0),
        Gravity::South => (middle_x, spare_y),
        Gravity::East => (spare_x, middle_y),
        Gravity::West => (0, middle_y),
    };
    unpadded(Rect { left, top, size }, scaled)
}

/// Scaled to `fitted`; grows only if it may.
fn inside(input: Size, fitted: Size, enlarge: Enlarge) -> Placement {
    let grows = fitted.width > input.width || fitted.height > input.height;
    let scaled = if grows && enlarge == Enlarge::Never {
        input
    } else {
        fitted
    };
    unpadded(Rect::whole(scaled), scaled)
}

/// The largest size of `input`'s shape that lies in `target`.
fn within(input: Size, target: Size) -> Size {
    let (
        Size {
            width: iw,
            height: ih,
        },
        Size {
            width: fw,
            height: fh,
        },
    ) = (input, target);
    // Neither quotient can pass the side of `target` it replaces, so neither can fail.
    if u64::from(iw) * u64::from(fh) > u64::from(fw) * u64::from(ih) {
        Size {
            width: fw,
            height: in_proportion(ih, fw, iw).unwrap_or(fh),
        }
    } else {
        Size {
            width: in_proportion(iw, fh, ih).unwrap_or(fw),
            height: fh,
        }
    }
}

/// The smallest size of `input`'s shape that covers `target`.
fn covering(input: Size, target: Size) -> Option<Size> {
    let (
        Size {
            width: iw,
            height: ih,
        },
        Size {
            width: fw,
            height: fh,
        },
    ) = (input, target);
    Some(
        if u64::from(iw) * u64::from(fh) > u64::from(fw) * u64::from(ih) {
            Size {
                width: in_proportion(iw, fh, ih)?.max(fw),
                height: fh,
            }
        } else {
            Size {
                width: fw,
                height: in_proportion(ih, fw, iw)?.max(fh),
            }
        },
    )
}

/// `side * numerator / denominator`, halves rounded up, never zero. `None` past 32 bits.
fn in_proportion(side: u32, numerator: u32, denominator: u32) -> Option<u32> {
    let (product, denominator) = (
        u128::from(side) * u128::from(numerator),
        u128::from(denominator),
    );
    let rounded = (2 * product + denominator) / (2 * denominator.max(1));
    u32::try_from(rounded.max(1)).ok()
}

/// The rectangle that `area` names; a side that is unset is that of `unzoomed`.
pub(crate) fn area(area: &Area, unzoomed: Size) -> Rect {
    Rect {
        left: area.left,
        top: area.top,
        size: Size {
            width: area.width.unwrap_or(unzoomed.width),
            height: area.height.unwrap_or(unzoomed.height),
        },
    }
}

/// Both sides times `factor`.
pub(crate) fn zoom(input: Size, factor: u32) -> Option<Size> {
    Some(Size {
        width: input.width.checked_mul(factor)?,
        height: input.height.checked_mul(factor)?,
    })
}

#[cfg(test)]
mod tests;
