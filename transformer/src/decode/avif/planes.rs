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

    /// One difference of colour, 0 or 1, of row `row` of the result.
    pub(super) fn chroma(&self, which: usize, (row, by): (usize, usize), out: &mut [f32]) {
        let Some(planes) = &self.chroma else { return };
        let plane = &planes[which];
        let each = |shrunk: bool| if shrunk { by / 2 } else { by };
        if by > 1 {
            let by = (each(self.shrunk.0), each(self.shrunk.1));
            plane.means((row, self.most()), by, out);
        } else {
            plane.between((row, self.most()), self.shrunk, out);
        }
    }

    fn most(&self) -> f32 {
        f32::from((1u16 << self.bits) - 1)
    }
}

impl Plane<'_> {
    /// Row `row`, or the last one; called with each sample's place and value.
    fn each(&self, row: usize, mut see: impl FnMut(usize, u16)) {
        let start = row.min(self.height - 1) * self.stride;
        let row = &self.bytes[start..];
        if self.is_wide {
            let samples = row.as_chunks::<2>().0.iter().take(self.width);
            samples
                .enumerate()
                .for_each(|(at, &sample)| see(at, u16::from_ne_bytes(sample)));
        } else {
            let samples = row.iter().take(self.width);
            samples
                .enumerate()
                .for_each(|(at, &sample)| see(at, sample.into()));
        }
    }

    /// Means of `across` by `down` samples, `most` being 1.
    fn means(&self, (row, most): (usize, f32), (across, down): (usize, usize), out: &mut [f32]) {
        let mut sums = vec![0u32; out.len()];
        let first = row * down;
        let rows = first..(first + down).min(self.height).max(first + 1);
        let count = rows.len();
        for row in rows {
            self.each(row, |at, sample| {
                if let Some(sum) = sums.get_mut(at / across) {
                    *sum += u32::from(sample);
                }
            });
        }
        for (at, (out, sum)) in out.iter_mut().zip(sums).enumerate() {
            let columns = across.min(self.width.saturating_sub(at * across)).max(1);
            *out = sum as f32 / ((columns * count) as f32 * most);
        }
    }

    /// As many samples as pixels: where there are fewer, between the two that are nearest, three parts of the
    /// nearer and one of the other, on both axes.
    fn between(&self, (row, most): (usize, f32), (across, down): (bool, bool), out: &mut [f32]) {
        let mut line = vec![0f32; self.width];
        let (near, far) = if down {
            nearest(row, self.height)
        } else {
            (row, row)
        };
        self.each(near, |at, sample| line[at] = 3.0 * f32::from(sample));
        self.each(far, |at, sample| line[at] += f32::from(sample));
        let scale = 1.0 / (4.0 * most);
        if !across {
            for (out, sample) in out.iter_mut().zip(line) {
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
