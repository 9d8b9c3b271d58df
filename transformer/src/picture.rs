//! A decoded picture: interleaved samples of 8 or 16 bits, rows from the top, no padding between rows.

use std::fmt::Debug;

use bytemuck::Pod;

use crate::geometry::Size;

/// How many bits a sample has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What nearly all pictures have, and what every action knows.
    Eight,
    /// Kept only where the source, each action and the output have them.
    Sixteen,
}

impl Depth {
    /// Bytes of a sample.
    pub(crate) const fn bytes(self) -> u64 {
        match self {
            Self::Eight => 1,
            Self::Sixteen => 2,
        }
    }
}

/// One sample: `u8` or `u16`, from none of a light to all of it.
pub(crate) trait Sample: Pod + Into<u32> + Default + Eq + Debug {
    /// All of it.
    const MOST: Self;
    /// Bits that it has.
    const BITS: u32;

    /// The lowest bits of a number.
    fn low(number: u32) -> Self;
    /// The nearest to a part of one; what is outside 0 to 1 becomes the nearest of these.
    fn of_part(part: f32) -> Self;
    /// As it stands in a file that has the highest byte first, or out of one.
    fn big_endian(self) -> Self;
    /// The same for the lowest byte first.
    fn little_endian(self) -> Self;

    /// As bright as one of 256 levels.
    fn of_level(level: u8) -> Self {
        Self::low(u32::from(level) * (Self::MOST.into() / 255))
    }
}

macro_rules! samples {
    ($($sample:ty),+) => {$(
        impl Sample for $sample {
            const MOST: Self = Self::MAX;
            const BITS: u32 = Self::BITS;

            fn low(number: u32) -> Self {
                number as Self
            }

            fn of_part(part: f32) -> Self {
                // A cast brings what is negative, or not a number, to zero and what is too large to the largest.
                (part * f32::from(Self::MAX) + 0.5) as Self
            }

            fn big_endian(self) -> Self {
                self.to_be()
            }

            fn little_endian(self) -> Self {
                self.to_le()
            }
        }
    )+};
}

samples!(u8, u16);

/// Room for a picture of `size`, all zero. `None` where no address space holds it.
pub(crate) fn room<S: Sample>(size: Size, layout: Layout) -> Option<Vec<S>> {
    let pixels = usize::try_from(size.pixels()).ok()?;
    let samples = pixels.checked_mul(layout.channels())?;
    let bytes = samples.checked_mul(size_of::<S>())?;
    isize::try_from(bytes)
        .is_ok()
        .then(|| vec![S::zeroed(); samples])
}

/// Multiply the last sample of a pixel, alpha, into its colours.
pub(crate) fn premultiply<S: Sample>(pixel: &mut [S]) {
    let Some((&mut alpha, colours)) = pixel.split_last_mut() else {
        return;
    };
    let (alpha, most) = (alpha.into(), S::MOST.into());
    for colour in colours {
        *colour = S::low(((*colour).into() * alpha + most / 2) / most);
    }
}

/// Colours that the last sample of their pixel, alpha, was multiplied into, as they were.
pub(crate) fn unmultiply<S: Sample>(pixel: &mut [S]) {
    let Some((&mut alpha, colours)) = pixel.split_last_mut() else {
        return;
    };
    let (alpha, most) = (alpha.into(), S::MOST.into());
    if alpha == 0 {
        return colours.fill(S::zeroed());
    }
    for colour in colours {
        let whole = ((*colour).into() * most + alpha / 2) / alpha;
        *colour = S::low(whole.min(most));
    }
}

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
    /// Samples of one pixel, 1 to 4.
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
pub struct Picture<S = u8> {
    width: u32,
    height: u32,
    layout: Layout,
    samples: Vec<S>,
}

impl<S> Picture<S> {
    /// Wrap samples. `None` where a side is zero or the length does not match the size.
    pub fn new(width: u32, height: u32, layout: Layout, samples: Vec<S>) -> Option<Self> {
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
    pub fn samples(&self) -> &[S] {
        &self.samples
    }

    /// All samples, to change in place.
    pub fn samples_mut(&mut self) -> &mut [S] {
        &mut self.samples
    }

    /// The samples, given up by the picture.
    pub fn into_samples(self) -> Vec<S> {
        self.samples
    }

    /// Samples from one row to the next.
    pub const fn stride(&self) -> usize {
        self.width as usize * self.layout.channels()
    }
}
