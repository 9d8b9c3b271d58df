//! Rows of RGB or grey samples, or of planes, in, blocks of brightness and colour differences out, one row of minimum
//! coded units at a time: colour conversion, halving of the colour and cutting into blocks in one pass.
//! Pixels past the right and lower edge repeat the last one.

use super::transform::Block;

/// What becomes of colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampling {
    /// There is none.
    Grey,
    /// As fine as brightness (4:4:4).
    Full,
    /// One sample for two by two pixels (4:2:0).
    Half,
}

/// A picture to be cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) samples: Samples<'a>,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) sampling: Sampling,
}

/// The samples of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) enum Samples<'a> {
    /// Grey, or red, green and blue of each pixel.
    Mixed(&'a [u8]),
    /// Brightness, and both colour differences with half the sides.
    Apart([&'a [u8]; 3]),
}

/// Pixels taken apart at once.
const CHUNK: usize = 16;

/// The samples around zero of one row of units, a plane for each component.
pub(super) struct Strip<'a> {
    source: Source<'a>,
    /// Samples from one row to the next: the width, up to a whole chunk.
    strides: [usize; 3],
    planes: [Vec<f32>; 3],
    /// Red, green and blue of the row of pixels at hand, and of the one above it.
    rows: [[Vec<u8>; 3]; 2],
}

impl<'a> Strip<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        let stride = source.width.next_multiple_of(CHUNK);
        let (rows, strides) = match source.sampling {
            Sampling::Grey => (8, [stride, 0, 0]),
            Sampling::Full => (8, [stride; 3]),
            Sampling::Half => (16, [stride, stride / 2, stride / 2]),
        };
        let row = || core::array::from_fn(|_| vec![0; stride]);
        Self {
            source,
            strides,
            planes: [
                vec![0.0; strides[0] * rows],
                vec![0.0; strides[1] * 8],
                vec![0.0; strides[2] * 8],
            ],
            rows: [row(), row()],
        }
    }

    /// Copy out the block of a component at a column, in the `row`th row of blocks of this strip.
    #[inline]
    pub(super) fn read(&self, component: usize, (column, row): (usize, usize), block: &mut Block) {
        let stride = self.strides[component];
        let plane = &self.planes[component][row * 8 * stride..][..8 * stride];
        for (line, to) in plane.chunks_exact(stride).zip(block) {
            to.copy_from_slice(&line[column * 8..][..8]);
        }
    }

    /// Fill the strip with the `unit`th row of units.
    pub(super) fn fill(&mut self, unit: usize) {
        let source = self.source;
        match (source.samples, source.sampling) {
            (Samples::Mixed(samples), Sampling::Grey) => {
                self.plane(0, samples, (source.width, unit * 8));
            }
            (Samples::Mixed(samples), Sampling::Full) => {
                (0..8).for_each(|row| self.full(samples, unit * 8 + row, row));
            }
            (Samples::Mixed(samples), Sampling::Half) => {
                (0..8).for_each(|row| self.half(samples, unit * 16 + row * 2, row));
            }
            (Samples::Apart([luma, blue, red]), _) => {
                self.plane(0, luma, (source.width, unit * 16));
                let half = source.width.div_ceil(2);
                self.plane(1, blue, (half, unit * 8));
                self.plane(2, red, (half, unit * 8));
            }
        }
    }

    /// A component whose samples lie in rows of `width`, from row `top` on.
    fn plane(&mut self, component: usize, samples: &[u8], (width, top): (usize, usize)) {
        let lines = self.planes[component].chunks_exact_mut(self.strides[component]);
        let last = samples.len() / width - 1;
        for (row, line) in lines.enumerate() {
            let from = &samples[(top + row).min(last) * width..][..width];
            let (inside, outside) = line.split_at_mut(width);
            for (to, &from) in inside.iter_mut().zip(from) {
                *to = f32::from(from) - 128.0;
            }
            outside.fill(f32::from(from[width - 1]) - 128.0);
        }
    }

    fn full(&mut self, samples: &[u8], y: usize, row: usize) {
        let [rgb, _] = &mut self.rows;
        take_apart(self.source.row(samples, y), rgb);
        for (plane, weights) in self.planes.iter_mut().zip([BRIGHTNESS, BLUE, RED]) {
            let stride = self.strides[0];
            weigh(rgb, weights, &mut plane[row * stride..][..stride]);
        }
    }

    fn half(&mut self, samples: &[u8], y: usize, row: usize) {
        let [stride, half, _] = self.strides;
        let [luma, blue, red] = &mut self.planes;
        for (at, rgb) in self.rows.iter_mut().enumerate() {
            take_apart(self.source.row(samples, y + at), rgb);
            weigh(
                rgb,
                BRIGHTNESS,
                &mut luma[(row * 2 + at) * stride..][..stride],
            );
        }
        let at = row * half..(row + 1) * half;
        weigh_means(&self.rows, &mut blue[at.clone()], &mut red[at]);
    }
}

impl Source<'_> {
    /// A row of pixels of three samples; the last one again for those below it.
    fn row<'a>(&self, samples: &'a [u8], y: usize) -> &'a [u8] {
        let stride = self.width * 3;
        &samples[y.min(self.height - 1) * stride..][..stride]
    }
}

/// Red, green and blue apart, the last pixel repeated up to a whole chunk.
fn take_apart(row: &[u8], rgb: &mut [Vec<u8>; 3]) {
    let (chunks, rest) = row.as_chunks::<{ 3 * CHUNK }>();
    let [red, green, blue] = rgb.each_mut().map(|row| row.as_chunks_mut::<CHUNK>().0);
    let outs = red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut());
    for (chunk, ((red, green), blue)) in chunks.iter().zip(outs) {
        take_chunk_apart(chunk, [red, green, blue]);
    }
    if let [.., r, g, b] = *rest {
        let padded = core::array::from_fn(|at| rest.get(at).copied().unwrap_or([r, g, b][at % 3]));
        let at = chunks.len();
        take_chunk_apart(&padded, [&mut red[at], &mut green[at], &mut blue[at]]);
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline]
fn take_chunk_apart(pixels: &[u8; 3 * CHUNK], out: [&mut [u8; CHUNK]; 3]) {
    for (channel, out) in out.into_iter().enumerate() {
        *out = core::array::from_fn(|at| pixels[at * 3 + channel]);
    }
}

/// As above, by shuffles, which the compiler does not find by itself.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn take_chunk_apart(pixels: &[u8; 3 * CHUNK], out: [&mut [u8; CHUNK]; 3]) {
    use core::arch::wasm32::{i8x16_shuffle, u64x2, u64x2_extract_lane};
    let words = pixels.as_chunks::<8>().0;
    let vector = |at: usize| {
        let half = |at: usize| u64::from_le_bytes(words[at]);
        u64x2(half(at * 2), half(at * 2 + 1))
    };
    let (a, b, c) = (vector(0), vector(1), vector(2));
    // Each channel has 5 or 6 samples in each vector: the first two are joined, then the third.
    let red = i8x16_shuffle::<0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0>(a, b);
    let red = i8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29>(red, c);
    let green = i8x16_shuffle::<1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0>(a, b);
    let green = i8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30>(green, c);
    let blue = i8x16_shuffle::<2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0>(a, b);
    let blue = i8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31>(blue, c);
    for (out, vector) in out.into_iter().zip([red, green, blue]) {
        let halves = out.as_chunks_mut::<8>().0;
        halves[0] = u64x2_extract_lane::<0>(vector).to_le_bytes();
        halves[1] = u64x2_extract_lane::<1>(vector).to_le_bytes();
    }
}

// JFIF's equations (ITU-R BT.601, full range): weights of red, green and blue, and what is added.
const BRIGHTNESS: [f32; 4] = [0.299, 0.587, 0.114, -128.0];
const BLUE: [f32; 4] = [-0.168_735_9, -0.331_264_1, 0.5, 0.0];
const RED: [f32; 4] = [0.5, -0.418_687_6, -0.081_312_4, 0.0];

/// A component of every pixel of a row.
fn weigh(rgb: &[Vec<u8>; 3], weights: [f32; 4], out: &mut [f32]) {
    let [red, green, blue] = rgb;
    for (((out, &red), &green), &blue) in out.iter_mut().zip(red).zip(green).zip(blue) {
        *out = weighted([red, green, blue].map(f32::from), weights);
    }
}

#[inline]
fn weighted([red, green, blue]: [f32; 3], [of_red, of_green, of_blue, added]: [f32; 4]) -> f32 {
    red * of_red + green * of_green + (blue * of_blue + added)
}

/// Both colour differences of the means of two by two pixels.
fn weigh_means(rows: &[[Vec<u8>; 3]; 2], blue: &mut [f32], red: &mut [f32]) {
    let [above, below] = rows;
    let count = blue.len();
    let red = &mut red[..count];
    let above = above.each_ref().map(|row| &row.as_chunks::<2>().0[..count]);
    let below = below.each_ref().map(|row| &row.as_chunks::<2>().0[..count]);
    for at in 0..count {
        let mean = |channel: usize| {
            let [a, b] = above[channel][at].map(u16::from);
            let [c, d] = below[channel][at].map(u16::from);
            f32::from(a + b + c + d) * 0.25
        };
        let means = [mean(0), mean(1), mean(2)];
        blue[at] = weighted(means, BLUE);
        red[at] = weighted(means, RED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(samples: &[u8], size: (usize, usize), sampling: Sampling) -> Strip<'_> {
        Strip::new(Source {
            samples: Samples::Mixed(samples),
            width: size.0,
            height: size.1,
            sampling,
        })
    }

    fn block(strip: &Strip<'_>, component: usize, place: (usize, usize)) -> Block {
        let mut block = [[0.0; 8]; 8];
        strip.read(component, place, &mut block);
        block
    }

    #[test]
    fn edges_repeat() {
        let samples = [10, 20, 30, 40, 50, 60];
        let mut strip = source(&samples, (3, 2), Sampling::Grey);
        strip.fill(0);
        let block = block(&strip, 0, (0, 0)).map(|row| row.map(|sample| sample as i32 + 128));
        assert_eq!(block[0][..4], [10, 20, 30, 30]);
        assert_eq!(block[7], [40, 50, 60, 60, 60, 60, 60, 60]);
    }

    #[test]
    fn white_red_and_their_mean() {
        let samples = [255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0];
        let mut strip = source(&samples, (2, 2), Sampling::Full);
        strip.fill(0);
        assert!((block(&strip, 0, (0, 0))[0][0] - 127.0).abs() < 1e-3);
        assert!((block(&strip, 0, (0, 0))[0][1] - (76.245 - 128.0)).abs() < 1e-3);
        assert!(block(&strip, 2, (0, 0))[0][0].abs() < 1e-3);
        assert!((block(&strip, 2, (0, 0))[0][1] - 127.5).abs() < 1e-3);
        let mut strip = source(&samples, (2, 2), Sampling::Half);
        strip.fill(0);
        assert!((block(&strip, 2, (0, 0))[0][0] - 63.75).abs() < 1e-3);
        assert!((block(&strip, 1, (0, 0))[0][0] + 0.168_735_9 * 127.5).abs() < 1e-3);
    }

    #[test]
    fn planes_go_in_as_they_are() {
        let luma: Vec<u8> = (0..17 * 3).collect();
        let blue: Vec<u8> = (100..100 + 9 * 2).collect();
        let red: Vec<u8> = (200..200 + 9 * 2).collect();
        let mut strip = Strip::new(Source {
            samples: Samples::Apart([&luma, &blue, &red]),
            width: 17,
            height: 3,
            sampling: Sampling::Half,
        });
        strip.fill(0);
        let corner = |component, column, (x, y): (usize, usize)| {
            block(&strip, component, (column, 0))[y][x] as i32 + 128
        };
        assert_eq!(corner(0, 0, (0, 0)), 0);
        assert_eq!(corner(0, 2, (0, 2)), 50);
        // The last column and the last row stand for those past them.
        assert_eq!(corner(0, 2, (5, 7)), 50);
        assert_eq!(corner(1, 1, (0, 1)), 117);
        assert_eq!(corner(1, 1, (3, 6)), 117);
        assert_eq!(corner(2, 0, (7, 0)), 207);
    }

    #[test]
    fn half_fills_two_rows_of_blocks() {
        let samples: Vec<u8> = (0..16 * 16)
            .flat_map(|at| [(at / 16 * 16) as u8; 3])
            .collect();
        let mut strip = source(&samples, (16, 16), Sampling::Half);
        strip.fill(0);
        for y in 0..16usize {
            let seen = block(&strip, 0, (1, y / 8))[y % 8][3];
            assert!(
                (seen - (y as f32 * 16.0 - 128.0)).abs() < 1e-3,
                "{y}: {seen}"
            );
        }
    }
}
