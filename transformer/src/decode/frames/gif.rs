//! A GIF's frames. A transparent index leaves what is under it.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Decoder, DisposalMethod, MemoryLimit};

use super::Frame;
use super::canvas::{Blend, Canvas, Disposal};
use crate::animated::Animated;
use crate::decode::gif::{error, malformed, palette};
use crate::error::Error;
use crate::geometry::{Rect, Size};

/// Milliseconds of a hundredth of a second, in which delays are counted.
const HUNDREDTH: u32 = 10;

pub(super) struct Reader<'a> {
    decoder: Decoder<&'a [u8]>,
    canvas: Canvas,
}

impl<'a> Reader<'a> {
    pub(super) fn open(source: &'a [u8], canvas: Size, animated: Animated) -> Result<Self, Error> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::Indexed);
        let bytes_max = NonZeroU64::new(animated.frame_pixels_max.max(1));
        options.set_memory_limit(bytes_max.map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes));
        Ok(Self {
            decoder: options.read_info(source).map_err(error)?,
            canvas: Canvas::new(canvas)?,
        })
    }

    pub(super) fn next(&mut self) -> Result<Frame, Error> {
        let frame = self.decoder.next_frame_info().map_err(error)?;
        let frame = frame.ok_or_else(|| malformed("fewer frames than there are descriptors"))?;
        let rect = Rect {
            left: frame.left.into(),
            top: frame.top.into(),
            size: Size {
                width: frame.width.into(),
                height: frame.height.into(),
            },
        };
        let disposal = match frame.dispose {
            DisposalMethod::Any | DisposalMethod::Keep => Disposal::Keep,
            DisposalMethod::Background => Disposal::Clear,
            DisposalMethod::Previous => Disposal::Restore,
        };
        let delay = u32::from(frame.delay) * HUNDREDTH;
        let transparent = frame.transparent;
        let mut indices = vec![0; self.decoder.buffer_size()];
        let colours = palette(self.decoder.palette().map_err(error)?, transparent);
        self.decoder.read_into_buffer(&mut indices).map_err(error)?;
        let pixels: Vec<[u8; 4]> = indices
            .iter()
            .map(|&index| colours[usize::from(index)])
            .collect();
        self.canvas.lay(&pixels, rect, (Blend::Over, disposal));
        Ok(Frame {
            picture: self.canvas.shown()?,
            delay,
        })
    }
}
