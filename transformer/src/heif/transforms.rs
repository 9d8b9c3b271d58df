//! What is to be done to a coded picture before it is shown (ISO/IEC 23008-12, 6.5): cut, turned, mirrored, in
//! this order. EXIF in such a file says the same once more and is not asked.

use super::{Container, u32_at};
use crate::geometry::{Rect, Size};
use crate::orientation::Orientation;

/// The transforms of one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transforms {
    /// The part of the coded picture that is kept.
    pub keep: Rect,
    /// What is then done to it, in EXIF's numbers.
    pub orientation: u8,
}

impl Transforms {
    /// Of `item`, whose coded picture has `size`.
    pub(crate) fn of(container: &Container<'_>, item: u32, size: Size) -> Self {
        let aperture = container.property(item, *b"clap");
        let keep = aperture.and_then(|body| clean_aperture(body, size));
        Self {
            keep: keep.unwrap_or(Rect::whole(size)),
            orientation: orientation(container, item),
        }
    }
}

/// Turned, then mirrored; 0 where neither is asked for.
fn orientation(container: &Container<'_>, item: u32) -> u8 {
    let (turn, mirror) = (
        container.property(item, *b"irot"),
        container.property(item, *b"imir"),
    );
    if turn.is_none() && mirror.is_none() {
        return 0;
    }
    // Quarter turns anticlockwise.
    let turned = [1, 8, 3, 6][usize::from(turn.and_then(<[u8]>::first).unwrap_or(&0) & 3)];
    // 0 exchanges top and bottom, 1 left and right.
    let mirrored = mirror
        .and_then(<[u8]>::first)
        .map_or(1, |mode| if mode & 1 == 0 { 4 } else { 2 });
    let both = Orientation::from_exif(turned).then(Orientation::from_exif(mirrored));
    (1..=8)
        .find(|&value| Orientation::from_exif(value) == both)
        .unwrap_or(1)
}

/// `clap`: width, height and the offset of the middle, each a fraction. `None` if it is not within `size`.
fn clean_aperture(body: &[u8], size: Size) -> Option<Rect> {
    let part = |at: usize| Some(i64::from(u32_at(body, at)? as i32));
    let fraction = |at: usize| Some((part(at)?, part(at + 4)?)).filter(|&(_, below)| below > 0);
    let whole = |at: usize| fraction(at).map(|(above, below)| above / below);
    let (width, height) = (whole(0)?, whole(8)?);
    // The middle of the part lies so far from the middle of the whole.
    let start = |full: u32, length: i64, at: usize| {
        let (above, below) = fraction(at)?;
        let twice = (i64::from(full) - length).checked_mul(below)?;
        Some(
            above
                .checked_mul(2)?
                .checked_add(twice)?
                .div_euclid(2 * below),
        )
    };
    let (left, top) = (
        start(size.width, width, 16)?,
        start(size.height, height, 24)?,
    );
    let keep = Rect {
        left: u32::try_from(left).ok()?,
        top: u32::try_from(top).ok()?,
        size: Size {
            width: u32::try_from(width).ok()?,
            height: u32::try_from(height).ok()?,
        },
    };
    (keep.size.pixels() > 0 && keep.fits(size)).then_some(keep)
}
