//! Frames to an animated WebP (RFC 9649, 2.7.1). Of each frame the rectangle that differs from the one before
//! takes the place of what was there; nothing is blended but a frame that changes nothing.

use super::container::{
    ALPHA_FLAG, ANIMATION_FLAG, EXIF_FLAG, begun, ended, extended_header, write_chunk,
};
use super::{Coded, Loss, SIDE_MAX, code};
use crate::encode::check_side;
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};

/// Delays are counted in 24 bits.
const DELAY_MAX: u32 = (1 << 24) - 1;
/// The frame takes the place of what is under it.
const OVERWRITES: u8 = 1 << 1;
/// The frame is blended with what is under it.
const BLENDS: u8 = 0;

/// A file in the making.
pub(crate) struct Animation {
    size: (u32, u32),
    plays: u32,
    loss: Loss,
    has_alpha: bool,
    shown: Option<Picture>,
    /// Frames' chunks, one after the other.
    frames: Vec<u8>,
}

impl Animation {
    /// For frames of the size of `first`, shown `plays` times; 0 is for ever.
    pub(in crate::encode) fn new(first: &Picture, plays: u32, loss: Loss) -> Result<Self, Error> {
        check_side(first, "WebP", SIDE_MAX)?;
        Ok(Self {
            size: (first.width(), first.height()),
            plays,
            loss,
            has_alpha: false,
            shown: None,
            frames: Vec::new(),
        })
    }

    /// The next frame, shown for `delay` milliseconds.
    pub(in crate::encode) fn add(&mut self, picture: Picture, delay: u32) -> Result<(), Error> {
        let whole = Rect::whole(Size {
            width: self.size.0,
            height: self.size.1,
        });
        let changed = match &self.shown {
            Some(shown) => changed(shown, &picture),
            None => Some(whole),
        };
        let (rect, part, blending) = match changed {
            Some(rect) if rect == whole => (rect, None, OVERWRITES),
            Some(rect) => (rect, Some(cut(&picture, rect)), OVERWRITES),
            // A transparent pixel, laid on.
            None => (
                Rect::PIXEL,
                Picture::new(1, 1, Layout::Rgba, vec![0; 4]),
                BLENDS,
            ),
        };
        let loss = if blending == BLENDS {
            Loss::None
        } else {
            self.loss
        };
        let coded = code(part.as_ref().unwrap_or(&picture), loss)?;
        self.has_alpha |= coded.has_alpha;
        self.write(rect, &coded, (delay.min(DELAY_MAX), blending));
        self.shown = Some(picture);
        Ok(())
    }

    /// Of the frames so far.
    pub(in crate::encode) fn bytes(&self) -> usize {
        self.frames.len()
    }

    fn write(&mut self, rect: Rect, coded: &Coded, (delay, blending): (u32, u8)) {
        let mut body = Vec::with_capacity(coded.picture.len() + 64);
        let numbers = [
            rect.left / 2,
            rect.top / 2,
            rect.size.width - 1,
            rect.size.height - 1,
            delay,
        ];
        for number in numbers {
            body.extend(&number.to_le_bytes()[..3]);
        }
        body.push(blending);
        if let Some(alpha) = &coded.alpha {
            write_chunk(*b"ALPH", alpha, &mut body);
        }
        write_chunk(coded.name, &coded.picture, &mut body);
        write_chunk(*b"ANMF", &body, &mut self.frames);
    }

    /// The file.
    pub(in crate::encode) fn finish(self, exif: Option<&[u8]>) -> Vec<u8> {
        let flags = [
            (ANIMATION_FLAG, true),
            (ALPHA_FLAG, self.has_alpha),
            (EXIF_FLAG, exif.is_some()),
        ];
        let flags = flags
            .iter()
            .filter(|(_, set)| *set)
            .map(|(flag, _)| flag)
            .sum();
        let mut out = begun(self.frames.len() + 128);
        write_chunk(*b"VP8X", &extended_header(flags, self.size), &mut out);
        // The background, transparent, and how often it plays.
        let plays = u16::try_from(self.plays).unwrap_or(u16::MAX).to_le_bytes();
        write_chunk(*b"ANIM", &[0, 0, 0, 0, plays[0], plays[1]], &mut out);
        out.extend(self.frames);
        if let Some(exif) = exif {
            write_chunk(*b"EXIF", exif, &mut out);
        }
        ended(out)
    }
}

/// Around what differs between two pictures of one size, its corner at even numbers: others cannot be said.
fn changed(shown: &Picture, next: &Picture) -> Option<Rect> {
    if shown.layout() != next.layout() {
        return Some(Rect::whole(Size {
            width: next.width(),
            height: next.height(),
        }));
    }
    let (stride, channels) = (next.stride(), next.layout().channels());
    let rows = shown
        .samples()
        .chunks_exact(stride)
        .zip(next.samples().chunks_exact(stride));
    let (mut top, mut bottom, mut left, mut right) = (u32::MAX, 0, u32::MAX, 0);
    for (row, (shown, next)) in (0u32..).zip(rows) {
        let pairs = || shown.iter().zip(next);
        let Some(first) = pairs().position(|(shown, next)| shown != next) else {
            continue;
        };
        let last = pairs()
            .rposition(|(shown, next)| shown != next)
            .unwrap_or(first);
        (top, bottom) = (top.min(row), row + 1);
        left = left.min((first / channels) as u32);
        right = right.max((last / channels) as u32 + 1);
    }
    if bottom == 0 {
        return None;
    }
    let (left, top) = (left & !1, top & !1);
    Some(Rect {
        left,
        top,
        size: Size {
            width: right - left,
            height: bottom - top,
        },
    })
}

fn cut(picture: &Picture, rect: Rect) -> Picture {
    let channels = picture.layout().channels();
    let (from, bytes) = (
        rect.left as usize * channels,
        rect.size.width as usize * channels,
    );
    let rows = picture.samples().chunks_exact(picture.stride());
    let rows = rows.skip(rect.top as usize).take(rect.size.height as usize);
    let samples = rows
        .flat_map(|row| &row[from..from + bytes])
        .copied()
        .collect();
    Picture::new(rect.size.width, rect.size.height, picture.layout(), samples)
        .expect("the rectangle lies inside the picture")
}
