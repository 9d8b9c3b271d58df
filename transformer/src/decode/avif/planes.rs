//! Rows out of decoded planes: brightness and both differences of colour for each pixel of the result, as
//! numbers from 0 to 1 of the coded range, averaged over several pixels where the result is smaller.

use rusty_av1d::{Picture, PixelLayout, PlanarImageComponent};

use crate::error::Error;

/// One plane.
struct Plane<'a> {
    bytes: &'a [u8],
    /// In bytes.
    stride: usize,
    width: usize,
    height: usize,
    /// Two bytes a sample.
    is_wide: bool,
}

/// The planes of a picture.
pub(super) struct Planes<'a> {
    luma: Plane<'a>,
    chroma: Option<[Plane<'a>; 2]>,
    /// Whether chroma has half the columns, and half the rows.
    shrunk: (bool, bool),
    bits: u8,
}

impl<'a> Planes<'a> {
    /// The planes of `picture`.
    pub(super) fn of(picture: &'a Picture) -> Result<Self, Error> {
        let bits = picture.bits_per_component();
        let bits = bits
            .ok_or_else(|| super::malformed("a depth that AV1 has not"))?
            .0;
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let (shrunk, is_grey) = match picture.pixel_layout() {
            PixelLayout::I400 => ((false, false), true),
            PixelLayout::I420 => ((true, true), false),
            PixelLayout::I422 => ((true, false), false),
            PixelLayout::I444 => ((false, false), false),
        };
        let plane = |component, (across, down): (bool, bool)| Plane {
            bytes: picture.plane(component),
            stride: picture.stride(component) as usize,
            width: if across { width.div_ceil(2) } else { width },
            height: if down { height.div_ceil(2) } else { height },
            is_wide: bits > 8,
        };
        Ok(Self {
            luma: plane(PlanarImageComponent::Y, (false, false)),
            chroma: (!is_grey).then(|| {
                [
                    plane(PlanarImageComponent::U, shrunk),
                    plane(PlanarImageComponent::V, shrunk),
                ]
            }),
            shrunk,
            bits,
        })
    }

    /// Bits of a sample.
    pub(super) const fn bits(&self) -> u8 {
        self.bits
    }

    /// Whether there is colour.
    pub(super) const fn has_colour(&self) -> bool {
        self.chroma.is_some()
    }

    /// Brightness of row `row` of the result, which has one pixel for `by` by `by`.
    pub(super) fn luma(&self, row: usize, by: usize, out: &mut [f32]) {
        self.luma.means((row, self.most()), (by, by), out);
    }

    /// One difference of colour, 0 or 1, of row `row` of the result; `line` is room that is used on the way.
    pub(super) fn chroma(
        &self,
        which: usize,
        (row, by): (usize, usize),
        (out, line): (&mut [f32], &mut Vec<f32>),
    ) {
        let Some(planes) = &self.chroma else { return };
        let plane = &planes[which];
        let each = |shrunk: bool| if shrunk { by / 2 } else { by };
        if by > 1 {
            let by = (each(self.shrunk.0), each(self.shrunk.1));
            plane.means((row, self.most()), by, out);
        } else {
            plane.between((row, self.most()), self.shrunk, (out, line));
        }
    }

    fn most(&self) -> f32 {
        f32::from((1u16 << self.bits) - 1)
    }
}

impl Plane<'_> {
    /// Row `row`, or the last one, added to `out`: each of it has the sum of `across` samples.
    fn add(&self, row: usize, across: usize, out: &mut [f32]) {
        let start = row.min(self.height - 1) * self.stride;
        let row = &self.bytes[start..];
        if self.is_wide {
            let samples = row.as_chunks::<2>().0;
            let samples = &samples[..self.width.min(samples.len())];
            add_sums(samples, across, out, |&sample| u16::from_ne_bytes(sample));
        } else {
            let samples = &row[..self.width.min(row.len())];
            add_sums(samples, across, out, |&sample| sample.into());
        }
    }

    /// Means of `across` by `down` samples, `most` being 1. Their sums are whole numbers that an `f32` holds.
    fn means(&self, (row, most): (usize, f32), (across, down): (usize, usize), out: &mut [f32]) {
        let first = row * down;
        let rows = first..(first + down).min(self.height).max(first + 1);
        let count = rows.len();
        out.fill(0.0);
        for row in rows {
            self.add(row, across, out);
        }
        let whole = (self.width / across).min(out.len());
        let (whole, broken) = out.split_at_mut(whole);
        let divide = |out: &mut [f32], columns: usize| {
            let divisor = (columns * count) as f32 * most;
            for sum in out {
                *sum /= divisor;
            }
        };
        divide(whole, across);
        divide(broken, (self.width % across).max(1));
    }

    /// As many samples as pixels: where there are fewer, between the two that are nearest, three parts of the
    /// nearer and one of the other, on both axes.
    fn between(
        &self,
        (row, most): (usize, f32),
        (across, down): (bool, bool),
        (out, line): (&mut [f32], &mut Vec<f32>),
    ) {
        let (near, far) = if down {
            nearest(row, self.height)
        } else {
            (row, row)
        };
        line.clear();
        line.resize(self.width, 0.0);
        self.add(near, 1, line);
        for sample in line.iter_mut() {
            *sample *= 3.0;
        }
        self.add(far, 1, line);
        let scale = 1.0 / (4.0 * most);
        if !across {
            for (out, sample) in out.iter_mut().zip(line.iter()) {
                *out = sample * scale;
            }
            return;
        }
        for (at, out) in out.iter_mut().enumerate() {
            let (near, far) = nearest(at, self.width);
            *out = (3.0 * line[near] + line[far]) * (scale / 4.0);
        }
    }
}

fn add_sums<Sample>(
    samples: &[Sample],
    across: usize,
    out: &mut [f32],
    value: impl Fn(&Sample) -> u16,
) {
    if across == 1 {
        for (out, sample) in out.iter_mut().zip(samples) {
            *out += f32::from(value(sample));
        }
        return;
    }
    for (out, part) in out.iter_mut().zip(samples.chunks(across)) {
        let sum: u32 = part.iter().map(|sample| u32::from(value(sample))).sum();
        *out += sum as f32;
    }
}

/// Of half as many samples, the nearest to place `at` and the one on its other side.
fn nearest(at: usize, count: usize) -> (usize, usize) {
    let near = (at / 2).min(count - 1);
    let far = if at.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        near + 1
    };
    (near, far.min(count - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five samples a row and one that is no part of it, three rows.
    fn plane(bytes: &[u8]) -> Plane<'_> {
        Plane {
            bytes,
            stride: bytes.len() / 3,
            width: 5,
            height: 3,
            is_wide: bytes.len() > 18,
        }
    }

    #[test]
    fn means_of_whole_and_broken_squares() {
        let narrow: Vec<u8> = (0..18).collect();
        let wide: Vec<u8> = (0..18u16).flat_map(u16::to_ne_bytes).collect();
        for plane in [plane(&narrow), plane(&wide)] {
            let row = |row: usize, by: usize| {
                let mut out = vec![9.0; 5usize.div_ceil(by)];
                plane.means((row, 1.0), (by, by), &mut out);
                out
            };
            assert_eq!(row(1, 1), [6.0, 7.0, 8.0, 9.0, 10.0]);
            assert_eq!(row(0, 2), [3.5, 5.5, 7.0]);
            // The last row stands alone.
            assert_eq!(row(1, 2), [12.5, 14.5, 16.0]);
            assert_eq!(row(0, 8), [8.0]);
        }
    }
}
