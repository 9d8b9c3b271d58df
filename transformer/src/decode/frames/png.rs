//! An animated PNG's frames (third edition, 11.3.6). A default picture that no frame control stands before is no
//! part of the animation.

use std::io::Cursor;

use png::{BlendOp, DisposeOp, FrameControl};

use super::Frame;
use super::canvas::{Blend, Canvas, Disposal};
use crate::decode::buffer_bytes;
use crate::decode::png::{error, reader};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::picture::Layout;

pub(super) struct Reader<'a> {
    file: png::Reader<Cursor<&'a [u8]>>,
    canvas: Canvas,
    buffer: Vec<u8>,
    pixels: Vec<[u8; 4]>,
    before: Before,
}

/// What came before a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Frames,
}

impl<'a> Reader<'a> {
    pub(super) fn open(source: &'a [u8], canvas: Size) -> Result<Self, Error> {
        let file = reader(source)?;
        let bytes = file.output_buffer_size().unwrap_or(usize::MAX);
        if bytes > buffer_bytes(canvas, Layout::Rgba)? {
            return Err(malformed("chunks contradict the header"));
        }
        Ok(Self {
            file,
            canvas: Canvas::new(canvas)?,
            buffer: vec![0; bytes],
            pixels: Vec::new(),
            before: Before::Nothing,
        })
    }

    pub(super) fn next(&mut self) -> Result<Frame, Error> {
        let mut info = self.file.next_frame(&mut self.buffer).map_err(error)?;
        let mut control = self.file.info().frame_control;
        if self.before == Before::Nothing && control.is_none() {
            info = self.file.next_frame(&mut self.buffer).map_err(error)?;
            control = self.file.info().frame_control;
        }
        let control = control.ok_or_else(|| malformed("a frame without its control"))?;
        // Interlaced rows lie as far apart as those of the whole picture.
        let line_bytes = if self.file.info().interlaced {
            self.file.output_line_size(self.file.info().width)
        } else {
            Some(info.line_size)
        };
        let line_bytes = line_bytes.filter(|&bytes| bytes > 0);
        let line_bytes = line_bytes.ok_or_else(|| malformed("a row without pixels"))?;
        let rows = self.buffer.chunks(line_bytes).take(info.height as usize);
        self.pixels.clear();
        for row in rows {
            let pixels = row.chunks_exact(info.color_type.samples());
            self.pixels
                .extend(pixels.take(info.width as usize).map(quad));
        }
        let rect = Rect {
            left: control.x_offset,
            top: control.y_offset,
            size: Size {
                width: info.width,
                height: info.height,
            },
        };
        let how = (blend(control), disposal(control, self.before));
        self.canvas.lay(&self.pixels, rect, how);
        self.before = Before::Frames;
        Ok(Frame {
            picture: self.canvas.shown()?,
            delay: delay(control),
        })
    }
}

/// Samples of 8 bits as red, green, blue and alpha.
const fn quad(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, u8::MAX],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, u8::MAX],
        [red, green, blue, alpha] => [red, green, blue, alpha],
        _ => [0; 4],
    }
}

const fn blend(control: FrameControl) -> Blend {
    match control.blend_op {
        BlendOp::Source => Blend::Replace,
        BlendOp::Over => Blend::Over,
    }
}

/// Before the first frame there is nothing that could come back.
const fn disposal(control: FrameControl, before: Before) -> Disposal {
    match (control.dispose_op, before) {
        (DisposeOp::None, _) => Disposal::Keep,
        (DisposeOp::Previous, Before::Frames) => Disposal::Restore,
        (DisposeOp::Background, _) | (DisposeOp::Previous, Before::Nothing) => Disposal::Clear,
    }
}

/// A fraction of a second, in hundredths where it says nothing of what.
fn delay(control: FrameControl) -> u32 {
    let parts = match control.delay_den {
        0 => 100,
        parts => u32::from(parts),
    };
    (u32::from(control.delay_num) * 1000 + parts / 2) / parts
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("PNG: {rule}"))
}
