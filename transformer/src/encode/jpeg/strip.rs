//! Rows of RGB or grey samples in, blocks of brightness and colour differences out, one row of minimum
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
    pub(super) samples: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) sampling: Sampling,
}

/// Pixels converted at once.
const CHUNK: usize = 16;

/// The blocks of one row of units. `Half` has two rows of brightness blocks.
pub(super) struct Strip<'a> {
    source: Source<'a>,
    /// Blocks from one row of brightness blocks to the next; a chunk more than the picture needs at most.
    stride: usize,
    planes: [Vec<Block>; 3],
}

impl<'a> Strip<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        let stride = source.width.div_ceil(CHUNK) * 2;
        let plane = |blocks| vec![[[0.0; 8]; 8]; blocks];
        let planes = match source.sampling {
            Sampling::Grey => [plane(stride), plane(0), plane(0)],
            Sampling::Full => [plane(stride), plane(stride), plane(stride)],
            Sampling::Half => [plane(stride * 2), plane(stride / 2), plane(stride / 2)],
        };
        Self {
            source,
            stride,
            planes,
        }
    }

    /// The block of a component at a column, in the `row`th row of blocks of this strip.
    #[inline(always)]
    pub(super) fn block(&mut self, component: usize, column: usize, row: usize) -> &mut Block {
        &mut self.planes[component][row * self.stride + column]
    }

    /// Fill the strip with the `unit`th row of units.
    pub(super) fn fill(&mut self, unit: usize) {
        match self.source.sampling {
            Sampling::Grey => (0..8).for_each(|row| self.grey(unit * 8 + row, row)),
            Sampling::Full => (0..8).for_each(|row| self.full(unit * 8 + row, row)),
            Sampling::Half => (0..8).for_each(|row| self.half(unit * 16 + row * 2, row)),
        }
    }

    fn grey(&mut self, y: usize, row: usize) {
        for (column, block) in self.planes[0].iter_mut().enumerate() {
            let samples: [u8; 8] = self.source.chunk::<1, 8>(y, column);
            block[row] = samples.map(|sample| f32::from(sample) - 128.0);
        }
    }

    fn full(&mut self, y: usize, row: usize) {
        let [luma, blue, red] = &mut self.planes;
        let pairs = luma
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(blue.as_chunks_mut::<2>().0);
        for (column, ((luma, blue), red)) in pairs.zip(red.as_chunks_mut::<2>().0).enumerate() {
            let [r, g, b] = deinterleaved(&self.source.chunk::<3, 48>(y, column)).map(widened);
            store(luma, row, &brightness(&r, &g, &b));
            store(blue, row, &weighted([&r, &g, &b], BLUE));
            store(red, row, &weighted([&r, &g, &b], RED));
        }
    }

    fn half(&mut self, y: usize, row: usize) {
        let [luma, blue, red] = &mut self.planes;
        let (upper, lower) = luma.split_at_mut(self.stride);
        let luma = if row < 4 { upper } else { lower };
        let columns = luma.as_chunks_mut::<2>().0.iter_mut().zip(blue).zip(red);
        for (column, ((luma, blue), red)) in columns.enumerate() {
            let above = deinterleaved(&self.source.chunk::<3, 48>(y, column));
            let below = deinterleaved(&self.source.chunk::<3, 48>(y + 1, column));
            let means: [[f32; 8]; 3] = core::array::from_fn(|at| quartered(&above[at], &below[at]));
            for (row, pixels) in [(row * 2 % 8, above), (row * 2 % 8 + 1, below)] {
                let [r, g, b] = pixels.map(widened);
                store(luma, row, &brightness(&r, &g, &b));
            }
            let [r, g, b] = &means;
            blue[row] = weighted([r, g, b], BLUE);
            red[row] = weighted([r, g, b], RED);
        }
    }
}

impl Source<'_> {
    /// `BYTES` bytes of a row, from the `column`th such chunk on.
    #[inline(always)]
    fn chunk<const CHANNELS: usize, const BYTES: usize>(
        &self,
        y: usize,
        column: usize,
    ) -> [u8; BYTES] {
        let stride = self.width * CHANNELS;
        let row = &self.samples[y.min(self.height - 1) * stride..][..stride];
        let rest = row.get(column * BYTES..).unwrap_or_default();
        match rest.first_chunk() {
            Some(chunk) => *chunk,
            None => padded::<CHANNELS, BYTES>(row, rest),
        }
    }
}

#[cold]
fn padded<const CHANNELS: usize, const BYTES: usize>(row: &[u8], rest: &[u8]) -> [u8; BYTES] {
    let last = &row[row.len() - CHANNELS..];
    core::array::from_fn(|at| rest.get(at).copied().unwrap_or(last[at % CHANNELS]))
}

fn deinterleaved(pixels: &[u8; 48]) -> [[u8; CHUNK]; 3] {
    core::array::from_fn(|channel| core::array::from_fn(|at| pixels[at * 3 + channel]))
}

#[inline(always)]
fn widened(samples: [u8; CHUNK]) -> [f32; CHUNK] {
    samples.map(f32::from)
}

/// The means of two by two samples.
#[inline(always)]
fn quartered(above: &[u8; CHUNK], below: &[u8; CHUNK]) -> [f32; 8] {
    core::array::from_fn(|at| {
        let sum = |row: &[u8; CHUNK]| u16::from(row[at * 2]) + u16::from(row[at * 2 + 1]);
        f32::from(sum(above) + sum(below)) * 0.25
    })
}

// JFIF's equations (ITU-R BT.601, full range).
const BLUE: [f32; 3] = [-0.168_735_9, -0.331_264_1, 0.5];
const RED: [f32; 3] = [0.5, -0.418_687_6, -0.081_312_4];

#[inline(always)]
fn brightness(r: &[f32; CHUNK], g: &[f32; CHUNK], b: &[f32; CHUNK]) -> [f32; CHUNK] {
    core::array::from_fn(|at| 0.299 * r[at] + 0.587 * g[at] + (0.114 * b[at] - 128.0))
}

#[inline(always)]
fn weighted<const N: usize>(rgb: [&[f32; N]; 3], weights: [f32; 3]) -> [f32; N] {
    let [r, g, b] = rgb;
    core::array::from_fn(|at| weights[0] * r[at] + weights[1] * g[at] + weights[2] * b[at])
}

#[inline(always)]
fn store(blocks: &mut [Block; 2], row: usize, values: &[f32; CHUNK]) {
    let (halves, _) = values.as_chunks::<8>();
    blocks[0][row] = halves[0];
    blocks[1][row] = halves[1];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(samples: &[u8], size: (usize, usize), sampling: Sampling) -> Strip<'_> {
        Strip::new(Source {
            samples,
            width: size.0,
            height: size.1,
            sampling,
        })
    }

    #[test]
    fn edges_repeat() {
        let samples = [10, 20, 30, 40, 50, 60];
        let mut strip = source(&samples, (3, 2), Sampling::Grey);
        strip.fill(0);
        let block = *strip.block(0, 0, 0);
        assert_eq!(block[0][..4], [-118.0, -108.0, -98.0, -98.0]);
        assert_eq!(
            block[7],
            [-88.0, -78.0, -68.0, -68.0, -68.0, -68.0, -68.0, -68.0]
        );
    }

    #[test]
    fn white_red_and_their_mean() {
        let samples = [255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0];
        let mut strip = source(&samples, (2, 2), Sampling::Full);
        strip.fill(0);
        assert!((strip.block(0, 0, 0)[0][0] - 127.0).abs() < 1e-3);
        assert!((strip.block(0, 0, 0)[0][1] - (76.245 - 128.0)).abs() < 1e-3);
        assert!(strip.block(2, 0, 0)[0][0].abs() < 1e-3);
        assert!((strip.block(2, 0, 0)[0][1] - 127.5).abs() < 1e-3);
        let mut strip = source(&samples, (2, 2), Sampling::Half);
        strip.fill(0);
        assert!((strip.block(2, 0, 0)[0][0] - 63.75).abs() < 1e-3);
        assert!((strip.block(1, 0, 0)[0][0] + 0.168_735_9 * 127.5).abs() < 1e-3);
    }

    #[test]
    fn half_fills_two_rows_of_blocks() {
        let samples: Vec<u8> = (0..16 * 16)
            .flat_map(|at| [(at / 16 * 16) as u8; 3])
            .collect();
        let mut strip = source(&samples, (16, 16), Sampling::Half);
        strip.fill(0);
        for y in 0..16usize {
            let seen = strip.block(0, 1, y / 8)[y % 8][3];
            assert!(
                (seen - (y as f32 * 16.0 - 128.0)).abs() < 1e-3,
                "{y}: {seen}"
            );
        }
    }
}
