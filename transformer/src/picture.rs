//! A decoded picture: interleaved 8-bit samples, rows from the top, no padding between rows.

/// What the samples of one pixel mean, in order. Alpha is straight (not premultiplied).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One grey sample.
    Grey,
    /// Grey, alpha.
    GreyAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
}

impl Layout {
    /// Samples (and bytes) of one pixel, 1 to 4.
    pub const fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether the last sample of a pixel is alpha.
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }
}

/// Pixels. `samples.len()` is always `width * height * layout.channels()`, and no side is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    layout: Layout,
    samples: Vec<u8>,
}

impl Picture {
    /// Wrap samples. `None` where a side is zero or the length does not match the size.
    pub fn new(width: u32, height: u32, layout: Layout, samples: Vec<u8>) -> Option<Self> {
        let len = (width as usize)
            .checked_mul(height as usize)?
            .checked_mul(layout.channels())?;
        (len != 0 && len == samples.len()).then_some(Self {
            width,
            height,
            layout,
            samples,
        })
    }

    /// Pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// What the samples mean.
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// All samples, row by row from the top.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// All samples, to change in place.
    pub fn samples_mut(&mut self) -> &mut [u8] {
        &mut self.samples
    }

    /// The samples, given up by the picture.
    pub fn into_samples(self) -> Vec<u8> {
        self.samples
    }

    /// Bytes from one row to the next.
    pub const fn stride(&self) -> usize {
        self.width as usize * self.layout.channels()
    }
}
