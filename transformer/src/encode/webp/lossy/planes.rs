//! Pixels in, planes of whole macroblocks out: luma, and two of chroma with half its sides (BT.601,
//! limited range, as all WebP decoders assume). What is missing beyond the edges repeats them.

use super::predict::{ABOVE_PICTURE, Edges, LEFT_OF_PICTURE};
use super::transform::Block;
use crate::picture::Layout;
use crate::planar::Planar;

/// Samples of one kind.
#[derive(Debug)]
pub(super) struct Plane {
    samples: Vec<u8>,
    stride: usize,
    /// Samples on a side of a macroblock: 16 or 8.
    side: usize,
}

/// A picture.
#[derive(Debug)]
pub(in crate::encode::webp) struct Planes {
    /// Pixels.
    pub(super) size: (usize, usize),
    pub(super) luma: Plane,
    pub(super) chroma: [Plane; 2],
    /// Macroblocks.
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Planes {
    /// Samples of a layout without alpha; alpha, if there is one, is not looked at.
    pub(in crate::encode::webp) fn new(
        (width, height): (usize, usize),
        layout: Layout,
        samples: &[u8],
    ) -> Self {
        let mut planes = Self::grey((width, height));
        match layout {
            Layout::Grey | Layout::GreyAlpha => {
                let step = layout.channels();
                let source = samples.chunks_exact(width * step);
                let stride = planes.luma.stride;
                for (row, to) in source.zip(planes.luma.samples.chunks_exact_mut(stride)) {
                    for (grey, to) in row.iter().step_by(step).zip(to) {
                        let grey = u32::from(*grey);
                        *to = (((16_839 + 33_059 + 6_420) * grey + (16 << 16) + (1 << 15)) >> 16)
                            as u8;
                    }
                }
            }
            Layout::Rgb => planes.take_colours::<3>((width, height), samples),
            Layout::Rgba => planes.take_colours::<4>((width, height), samples),
        }
        planes.repeat_edges();
        planes
    }

    /// Planes of the full range.
    pub(in crate::encode::webp) fn of(planar: &Planar) -> Self {
        let (width, height) = planar.size();
        let mut planes = Self::grey((width as usize, height as usize));
        let [luma, blue, red] = planar.samples();
        let half = planes.size.0.div_ceil(2);
        planes.luma.take(luma, planes.size.0, limited_luma);
        for (plane, samples) in planes.chroma.iter_mut().zip([blue, red]) {
            plane.take(samples, half, limited_chroma);
        }
        planes.repeat_edges();
        planes
    }

    /// Middle grey of so many pixels.
    fn grey((width, height): (usize, usize)) -> Self {
        let (columns, rows) = (width.div_ceil(16), height.div_ceil(16));
        let plane = |side: usize| Plane {
            samples: vec![128; columns * rows * side * side],
            stride: columns * side,
            side,
        };
        Self {
            size: (width, height),
            luma: plane(16),
            chroma: [plane(8), plane(8)],
            columns,
            rows,
        }
    }

    fn repeat_edges(&mut self) {
        let (width, height) = self.size;
        self.luma.repeat_edges(width, height);
        for plane in &mut self.chroma {
            plane.repeat_edges(width.div_ceil(2), height.div_ceil(2));
        }
    }

    fn take_colours<const CHANNELS: usize>(
        &mut self,
        (width, height): (usize, usize),
        samples: &[u8],
    ) {
        let row = |y: usize| {
            samples[y * width * CHANNELS..][..width * CHANNELS]
                .as_chunks()
                .0
        };
        let stride = self.luma.stride;
        let [blue, red] = &mut self.chroma;
        for y in (0..height).step_by(2) {
            let rows: [&[[u8; CHANNELS]]; 2] = [row(y), row((y + 1).min(height - 1))];
            for (row, to) in rows
                .iter()
                .zip(self.luma.samples[y * stride..].chunks_mut(stride))
            {
                for (pixel, to) in row.iter().zip(to) {
                    *to = luma(pixel);
                }
            }
            let at = y / 2 * blue.stride;
            let (blue, red) = (&mut blue.samples[at..], &mut red.samples[at..]);
            for (x, (blue, red)) in blue.iter_mut().zip(red).enumerate().take(width.div_ceil(2)) {
                let (left, right) = (x * 2, (x * 2 + 1).min(width - 1));
                let sum: [i32; 3] = std::array::from_fn(|channel| {
                    let pair = |row: &[[u8; CHANNELS]]| {
                        i32::from(row[left][channel]) + i32::from(row[right][channel])
                    };
                    pair(rows[0]) + pair(rows[1])
                });
                (*blue, *red) = chroma(sum);
            }
        }
    }

    /// The sixteen blocks of a macroblock's luma.
    pub(super) fn luma(&self, (x, y): (usize, usize)) -> [Block; 16] {
        self.luma.blocks(x, y)
    }

    /// The eight blocks of its chroma.
    pub(super) fn chroma(&self, (x, y): (usize, usize)) -> [[Block; 4]; 2] {
        [self.chroma[0].blocks(x, y), self.chroma[1].blocks(x, y)]
    }
}

impl Plane {
    /// Rows of `width` samples, each as `limited` says.
    #[inline(always)]
    fn take(&mut self, samples: &[u8], width: usize, limited: impl Fn(u8) -> u8) {
        let rows = self.samples.chunks_exact_mut(self.stride);
        for (to, from) in rows.zip(samples.chunks_exact(width)) {
            for (to, &from) in to.iter_mut().zip(from) {
                *to = limited(from);
            }
        }
    }

    fn repeat_edges(&mut self, width: usize, height: usize) {
        for row in self.samples.chunks_exact_mut(self.stride).take(height) {
            let last = row[width - 1];
            row[width..].fill(last);
        }
        let (filled, rest) = self.samples.split_at_mut(height * self.stride);
        let last = &filled[(height - 1) * self.stride..];
        for row in rest.chunks_exact_mut(self.stride) {
            row.copy_from_slice(last);
        }
    }

    fn blocks<const BLOCKS: usize>(&self, x: usize, y: usize) -> [Block; BLOCKS] {
        let across = self.side / 4;
        let mut blocks = [[0; 16]; BLOCKS];
        let rows = self.samples[y * self.side * self.stride..].chunks_exact(self.stride);
        for (row, samples) in rows.take(self.side).enumerate() {
            let samples = samples[x * self.side..][..self.side].as_chunks::<4>().0;
            for (block, four) in blocks[row / 4 * across..].iter_mut().zip(samples) {
                block[row % 4 * 4..][..4].copy_from_slice(four);
            }
        }
        blocks
    }

    /// What surrounds a macroblock in the source itself.
    pub(super) fn edges(&self, (x, y): (usize, usize)) -> Edges {
        let at = y * self.side * self.stride + x * self.side;
        let mut edges = Edges {
            above: [ABOVE_PICTURE; 16],
            left: [LEFT_OF_PICTURE; 16],
            corner: if y == 0 {
                ABOVE_PICTURE
            } else {
                LEFT_OF_PICTURE
            },
            has_above: y > 0,
            has_left: x > 0,
        };
        if y > 0 {
            let above = &self.samples[at - self.stride..][..self.side];
            edges.above[..self.side].copy_from_slice(above);
        }
        if x > 0 {
            for (row, left) in edges.left[..self.side].iter_mut().enumerate() {
                *left = self.samples[at - 1 + row * self.stride];
            }
        }
        if x > 0 && y > 0 {
            edges.corner = self.samples[at - 1 - self.stride];
        }
        edges
    }
}

/// Brightness of the full range in 219 steps from 16 on: 219/255 in 65,536ths.
#[inline(always)]
fn limited_luma(sample: u8) -> u8 {
    ((56_284 * u32::from(sample) + (16 << 16) + (1 << 15)) >> 16) as u8
}

/// A colour difference of the full range in 224 steps around 128: 224/255 in 65,536ths.
#[inline(always)]
fn limited_chroma(sample: u8) -> u8 {
    let difference = i32::from(sample) - 128;
    ((57_569 * difference + (128 << 16) + (1 << 15)) >> 16) as u8
}

#[inline(always)]
fn luma(pixel: &[u8]) -> u8 {
    let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
    ((16_839 * r + 33_059 * g + 6_420 * b + (16 << 16) + (1 << 15)) >> 16) as u8
}

/// From the sums of four pixels: blue's difference and red's.
#[inline(always)]
fn chroma([r, g, b]: [i32; 3]) -> (u8, u8) {
    let centre = (128 << 18) + (1 << 17);
    (
        ((-9_719 * r - 19_081 * g + 28_800 * b + centre) >> 18) as u8,
        ((28_800 * r - 24_116 * g - 4_684 * b + centre) >> 18) as u8,
    )
}
