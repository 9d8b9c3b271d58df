//! Frames to a GIF file: each with a palette of its own, and of each only what differs from the one before.
//! A pixel is there or not: alpha below a half is none.
//!
//! A frame waits until the next is known. Only then it can be told whether what it shows has to be cleared
//! away: that is done by its disposal, and its rectangle must then reach over what goes.

mod canvas;

use std::borrow::Cow;

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

use super::check_side;
use super::opaque::quads;
use super::palette::{Clear, Indexed, quantise};
use crate::error::Error;
use crate::geometry::Rect;
use crate::picture::Picture;
use canvas::Canvas;

/// Sides are counted in 16 bits.
const SIDE_MAX: u32 = 65_535;
/// What nothing is drawn with: the first of every palette made here.
const CLEAR: u8 = 0;
/// Alpha from which on a pixel is there.
const OPAQUE_MIN: u8 = 128;

/// A GIF in the making.
pub(crate) struct Animation {
    canvas: Canvas,
    waiting: Option<Waiting>,
    file: File,
}

/// A frame that the next one may still change.
struct Waiting {
    rect: Rect,
    indexed: Indexed,
    hundredths: u16,
    disposal: DisposalMethod,
}

/// What is written; the encoder begins with the first frame, whose palette is the file's.
enum File {
    Begun(Box<Encoder<Vec<u8>>>, Vec<[u8; 4]>),
    Empty { size: (u16, u16), plays: u32 },
}

/// A file of one picture.
pub(super) fn encode(picture: &Picture) -> Result<Vec<u8>, Error> {
    let mut animation = Animation::new(picture, 1)?;
    animation.add(picture, 0)?;
    animation.finish()
}

impl Animation {
    /// For frames of the size of `first`, shown `plays` times; 0 is for ever.
    pub(super) fn new(first: &Picture, plays: u32) -> Result<Self, Error> {
        check_side(first, "GIF", SIDE_MAX)?;
        let size = (first.width() as u16, first.height() as u16);
        Ok(Self {
            canvas: Canvas::new(first.width() as usize, first.height() as usize),
            waiting: None,
            file: File::Empty { size, plays },
        })
    }

    /// The next frame, shown for `delay` milliseconds.
    pub(super) fn add(&mut self, picture: &Picture, delay: u32) -> Result<(), Error> {
        let mut pixels = quads(picture);
        for pixel in &mut pixels {
            match pixel[3] {
                OPAQUE_MIN.. => pixel[3] = u8::MAX,
                _ => *pixel = super::palette::CLEAR,
            }
        }
        if let Some(mut waiting) = self.waiting.take() {
            if let Some(gone) = self.canvas.cleared_by(&pixels) {
                waiting.reach(gone.around(waiting.rect));
                waiting.disposal = DisposalMethod::Background;
                self.canvas.clear(waiting.rect);
            }
            self.file.write(waiting)?;
            let rect = self.canvas.changed_by(&pixels).unwrap_or(Rect::PIXEL);
            self.wait_for(rect, &pixels, delay);
        } else {
            let rect = self.canvas.whole();
            self.wait_for(rect, &pixels, delay);
        }
        self.canvas.show(pixels);
        Ok(())
    }

    /// Of the frames so far.
    pub(super) fn bytes(&self) -> usize {
        match &self.file {
            File::Begun(encoder, _) => encoder.get_ref().len(),
            File::Empty { .. } => 0,
        }
    }

    /// The file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Error> {
        if let Some(waiting) = self.waiting.take() {
            self.file.write(waiting)?;
        }
        match self.file {
            File::Begun(encoder, _) => encoder.into_inner().map_err(|error| refused(&error)),
            File::Empty { .. } => Err(Error::BadOperation("GIF: no frame".to_owned())),
        }
    }

    fn wait_for(&mut self, rect: Rect, pixels: &[[u8; 4]], delay: u32) {
        let news = self.canvas.news(rect, pixels);
        // To the nearest, each for itself: were the rest carried on, some would come to one hundredth, which
        // viewers take for a tenth of a second.
        let hundredths = delay.saturating_add(5) / 10;
        self.waiting = Some(Waiting {
            rect,
            indexed: quantise(&news, rect.size.width as usize, Clear::Always),
            hundredths: u16::try_from(hundredths).unwrap_or(u16::MAX),
            disposal: DisposalMethod::Keep,
        });
    }
}

impl Waiting {
    /// Become as large as `rect`, which is around the present one; what is new is transparent.
    fn reach(&mut self, rect: Rect) {
        let (width, old) = (rect.size.width as usize, self.rect.size.width as usize);
        let mut indices = vec![CLEAR; width * rect.size.height as usize];
        let (top, left) = (
            self.rect.top - rect.top,
            (self.rect.left - rect.left) as usize,
        );
        let rows = indices.chunks_exact_mut(width).skip(top as usize);
        for (row, known) in rows.zip(self.indexed.indices.chunks_exact(old)) {
            row[left..left + old].copy_from_slice(known);
        }
        (self.rect, self.indexed.indices) = (rect, indices);
    }
}

impl File {
    fn write(&mut self, waiting: Waiting) -> Result<(), Error> {
        if let Self::Empty { size, plays } = *self {
            let mut encoder = Encoder::new(Vec::new(), size.0, size.1, &table(&waiting.indexed))
                .map_err(|error| refused(&error))?;
            // The count is of what follows the first time.
            let repeat = match plays {
                0 => Some(Repeat::Infinite),
                1 => None,
                more => Some(Repeat::Finite(u16::try_from(more - 1).unwrap_or(u16::MAX))),
            };
            if let Some(repeat) = repeat {
                encoder
                    .set_repeat(repeat)
                    .map_err(|error| refused(&error))?;
            }
            *self = Self::Begun(Box::new(encoder), waiting.indexed.palette.clone());
        }
        let Self::Begun(encoder, palette) = self else {
            return Ok(());
        };
        let Rect { left, top, size } = waiting.rect;
        let own = (waiting.indexed.palette != *palette).then(|| table(&waiting.indexed));
        encoder
            .write_frame(&Frame {
                delay: waiting.hundredths,
                dispose: waiting.disposal,
                transparent: Some(CLEAR),
                left: left as u16,
                top: top as u16,
                width: size.width as u16,
                height: size.height as u16,
                palette: own,
                buffer: Cow::Owned(waiting.indexed.indices),
                ..Frame::default()
            })
            .map_err(|error| refused(&error))
    }
}

fn table(indexed: &Indexed) -> Vec<u8> {
    let colours = indexed.palette.iter();
    colours
        .flat_map(|colour| [colour[0], colour[1], colour[2]])
        .collect()
}

fn refused(error: &EncodingError) -> Error {
    Error::BadOperation(format!("GIF: {error}"))
}
