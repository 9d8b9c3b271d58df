//! What a viewer has before it: frames are laid on it and taken away again.

use crate::decode::{buffer_bytes, picture};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::{Layout, Picture};

/// What becomes of a frame when the next one is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposal {
    /// It stays.
    Keep,
    /// Its place becomes transparent.
    Clear,
    /// What was there before it comes back.
    Restore,
}

/// How a frame meets what is under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blend {
    /// It is laid on it.
    Over,
    /// It takes its place.
    Replace,
}

/// Pixels, transparent at first.
pub(super) struct Canvas {
    size: Size,
    pixels: Vec<[u8; 4]>,
    /// The last frame's place, with what was there before where that is to come back.
    last: Option<(Rect, Disposal)>,
    before: Vec<[u8; 4]>,
}

impl Canvas {
    pub(super) fn new(size: Size) -> Result<Self, Error> {
        buffer_bytes(size, Layout::Rgba)?;
        Ok(Self {
            size,
            pixels: vec![[0; 4]; size.pixels() as usize],
            last: None,
            before: Vec::new(),
        })
    }

    /// Dispose of the last frame, and lay the next one, `rect.size` pixels of it, at its place. What of it lies
    /// outside is dropped.
    pub(super) fn lay(
        &mut self,
        frame: &[[u8; 4]],
        rect: Rect,
        (blend, disposal): (Blend, Disposal),
    ) {
        self.dispose();
        let inside = self.inside(rect);
        if disposal == Disposal::Restore {
            self.before.clear();
            for row in Self::rows(self.size, inside) {
                self.before.extend_from_slice(&self.pixels[row]);
            }
        }
        let lines = frame.chunks_exact((rect.size.width as usize).max(1));
        for (row, line) in Self::rows(self.size, inside).zip(lines) {
            for (under, &over) in self.pixels[row].iter_mut().zip(line) {
                *under = match (blend, over[3]) {
                    (Blend::Replace, _) | (Blend::Over, u8::MAX) => over,
                    (Blend::Over, 0) => *under,
                    (Blend::Over, _) => mixed(over, *under),
                };
            }
        }
        self.last = Some((inside, disposal));
    }

    fn dispose(&mut self) {
        let Some((rect, disposal)) = self.last.take() else {
            return;
        };
        let width = rect.size.width as usize;
        for (number, row) in Self::rows(self.size, rect).enumerate() {
            match disposal {
                Disposal::Keep => {}
                Disposal::Clear => self.pixels[row].fill([0; 4]),
                Disposal::Restore => {
                    self.pixels[row].copy_from_slice(&self.before[number * width..][..width]);
                }
            }
        }
    }

    /// The part of a rectangle that lies on the canvas.
    fn inside(&self, rect: Rect) -> Rect {
        let (left, top) = (
            rect.left.min(self.size.width),
            rect.top.min(self.size.height),
        );
        Rect {
            left,
            top,
            size: Size {
                width: rect.size.width.min(self.size.width - left),
                height: rect.size.height.min(self.size.height - top),
            },
        }
    }

    /// Where the rows of a rectangle lie.
    fn rows(size: Size, rect: Rect) -> impl Iterator<Item = std::ops::Range<usize>> {
        (rect.top..rect.top + rect.size.height).map(move |row| {
            let from = row as usize * size.width as usize + rect.left as usize;
            from..from + rect.size.width as usize
        })
    }

    /// What is shown.
    pub(super) fn shown(&self) -> Result<Picture, Error> {
        picture(self.size, Layout::Rgba, self.pixels.as_flattened().to_vec())
    }
}

/// A translucent pixel on another, both with straight alpha.
fn mixed(over: [u8; 4], under: [u8; 4]) -> [u8; 4] {
    let (share, rest) = (
        u32::from(over[3]),
        u32::from(under[3]) * (255 - u32::from(over[3])),
    );
    // Alpha in 255ths of 255ths.
    let alpha = share * 255 + rest;
    if alpha == 0 {
        return [0; 4];
    }
    let level = |channel: usize| {
        let sum = u32::from(over[channel]) * share * 255 + u32::from(under[channel]) * rest;
        ((sum + alpha / 2) / alpha) as u8
    };
    [level(0), level(1), level(2), ((alpha + 127) / 255) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 4] = [255, 0, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];
    const NONE: [u8; 4] = [0; 4];

    fn canvas() -> Canvas {
        let size = Size {
            width: 2,
            height: 1,
        };
        let mut canvas = Canvas::new(size).unwrap();
        canvas.lay(
            &[RED, RED],
            Rect::whole(size),
            (Blend::Over, Disposal::Keep),
        );
        canvas
    }

    fn shown(canvas: &Canvas) -> Vec<[u8; 4]> {
        canvas
            .shown()
            .unwrap()
            .samples()
            .as_chunks::<4>()
            .0
            .to_vec()
    }

    #[test]
    fn disposals() {
        for (disposal, after) in [
            (Disposal::Keep, [BLUE, RED]),
            (Disposal::Clear, [NONE, RED]),
            (Disposal::Restore, [RED, RED]),
        ] {
            let mut canvas = canvas();
            canvas.lay(&[BLUE], Rect::PIXEL, (Blend::Over, disposal));
            assert_eq!(shown(&canvas), [BLUE, RED]);
            canvas.lay(&[NONE], Rect::PIXEL, (Blend::Over, Disposal::Keep));
            assert_eq!(shown(&canvas), after, "{disposal:?}");
        }
    }

    #[test]
    fn blending() {
        let mut canvas = canvas();
        canvas.lay(
            &[[0, 0, 255, 128]],
            Rect::PIXEL,
            (Blend::Over, Disposal::Keep),
        );
        assert_eq!(shown(&canvas)[0], [127, 0, 128, 255]);
        canvas.lay(
            &[[0, 0, 255, 128]],
            Rect::PIXEL,
            (Blend::Replace, Disposal::Keep),
        );
        assert_eq!(shown(&canvas)[0], [0, 0, 255, 128]);
        assert_eq!(mixed([9, 9, 9, 100], NONE), [9, 9, 9, 100]);
    }

    #[test]
    fn what_lies_outside_is_dropped() {
        let rect = |left, top, width, height| Rect {
            left,
            top,
            size: Size { width, height },
        };
        let mut canvas = canvas();
        canvas.lay(
            &[BLUE; 6],
            rect(1, 0, 3, 2),
            (Blend::Over, Disposal::Restore),
        );
        assert_eq!(shown(&canvas), [RED, BLUE]);
        canvas.lay(&[BLUE; 1], rect(7, 9, 1, 1), (Blend::Over, Disposal::Clear));
        assert_eq!(shown(&canvas), [RED, RED]);
        canvas.lay(&[], rect(0, 0, 0, 0), (Blend::Over, Disposal::Clear));
        assert_eq!(shown(&canvas), [RED, RED]);
    }
}
