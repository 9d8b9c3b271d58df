//! What a viewer sees after the frames so far, and how the next frame differs from it. Pixels are opaque or
//! wholly transparent.

use crate::encode::palette::CLEAR;
use crate::geometry::{Rect, Size};

/// Pixels, transparent at first.
pub(super) struct Canvas {
    width: usize,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            pixels: vec![CLEAR; width * height],
        }
    }

    pub(super) fn whole(&self) -> Rect {
        Rect::whole(Size {
            width: self.width as u32,
            height: (self.pixels.len() / self.width) as u32,
        })
    }

    /// Around what is there and not in `next`.
    pub(super) fn cleared_by(&self, next: &[[u8; 4]]) -> Option<Rect> {
        self.around(next, |shown, next| shown[3] != 0 && next[3] == 0)
    }

    /// Around what is otherwise in `next`.
    pub(super) fn changed_by(&self, next: &[[u8; 4]]) -> Option<Rect> {
        self.around(next, |shown, next| shown != next)
    }

    fn around(&self, next: &[[u8; 4]], counts: impl Fn([u8; 4], [u8; 4]) -> bool) -> Option<Rect> {
        let rows = self
            .pixels
            .chunks_exact(self.width)
            .zip(next.chunks_exact(self.width));
        let mut found: Option<Rect> = None;
        for (row, (shown, next)) in rows.enumerate() {
            let differs = |at: usize| counts(shown[at], next[at]);
            let Some(first) = (0..self.width).find(|&at| differs(at)) else {
                continue;
            };
            let last = (0..self.width)
                .rev()
                .find(|&at| differs(at))
                .unwrap_or(first);
            let line = Rect {
                left: first as u32,
                top: row as u32,
                size: Size {
                    width: (last - first + 1) as u32,
                    height: 1,
                },
            };
            found = Some(found.map_or(line, |found| found.around(line)));
        }
        found
    }

    /// What has to be drawn inside `rect` to come to `next`; what is there already is transparent.
    pub(super) fn news(&self, rect: Rect, next: &[[u8; 4]]) -> Vec<[u8; 4]> {
        let (left, width) = (rect.left as usize, rect.size.width as usize);
        let rows =
            (rect.top..rect.top + rect.size.height).map(|row| row as usize * self.width + left);
        let news = rows.flat_map(|from| {
            let pairs = self.pixels[from..from + width]
                .iter()
                .zip(&next[from..from + width]);
            pairs.map(|(shown, next)| if shown == next { CLEAR } else { *next })
        });
        news.collect()
    }

    pub(super) fn clear(&mut self, rect: Rect) {
        let (left, width) = (rect.left as usize, rect.size.width as usize);
        for row in rect.top..rect.top + rect.size.height {
            let from = row as usize * self.width + left;
            self.pixels[from..from + width].fill(CLEAR);
        }
    }

    pub(super) fn show(&mut self, pixels: Vec<[u8; 4]>) {
        self.pixels = pixels;
    }
}
