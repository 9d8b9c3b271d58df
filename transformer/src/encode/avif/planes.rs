//! Samples in, the planes of an AV1 picture out: one of luma and, of coloured pictures, two of chroma
//! with half its sides (BT.601, full range). Whole numbers only, so that all machines round the same way.

use crate::picture::{Layout, Picture};

/// Samples of one kind, row by row.
#[derive(Debug)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) samples: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, samples: Vec<u8>) -> Self {
        Self { width, samples }
    }
}

/// One plane of a grey picture, three of a coloured one. Alpha is not looked at.
pub(super) fn of((width, height): (usize, usize), layout: Layout, samples: &[u8]) -> Vec<Plane> {
    match layout {
        Layout::Grey => vec![Plane::new(width, samples.to_vec())],
        Layout::GreyAlpha => {
            let pixels = samples.as_chunks::<2>().0.iter();
            vec![Plane::new(width, pixels.map(|pixel| pixel[0]).collect())]
        }
        Layout::Rgb => colours::<3>((width, height), samples),
        Layout::Rgba => colours::<4>((width, height), samples),
    }
}

fn colours<const CHANNELS: usize>((width, height): (usize, usize), samples: &[u8]) -> Vec<Plane> {
    let pixels = samples.as_chunks::<CHANNELS>().0;
    let luma = pixels.iter().map(luma).collect();
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut blue = Vec::with_capacity(half_width * half_height);
    let mut red = Vec::with_capacity(half_width * half_height);
    for y in (0..height).step_by(2) {
        let upper = &pixels[y * width..][..width];
        let lower = &pixels[(y + 1).min(height - 1) * width..][..width];
        for x in (0..width).step_by(2) {
            // At an odd edge the last sample counts twice.
            let right = (x + 1).min(width - 1);
            let four = [upper[x], upper[right], lower[x], lower[right]];
            let sum = |channel: usize| -> i32 {
                four.iter().map(|pixel| i32::from(pixel[channel])).sum()
            };
            let (b, r) = chroma([sum(0), sum(1), sum(2)]);
            blue.push(b);
            red.push(r);
        }
    }
    vec![
        Plane::new(width, luma),
        Plane::new(half_width, blue),
        Plane::new(half_width, red),
    ]
}

/// 0.299, 0.587 and 0.114 in 65,536ths.
fn luma<const CHANNELS: usize>(pixel: &[u8; CHANNELS]) -> u8 {
    let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
    ((19_595 * r + 38_470 * g + 7_471 * b + (1 << 15)) >> 16) as u8
}

/// From the sums of four pixels: blue's difference and red's.
fn chroma([r, g, b]: [i32; 3]) -> (u8, u8) {
    let centre = (128 << 18) + (1 << 17);
    let blue = (-11_059 * r - 21_709 * g + 32_768 * b + centre) >> 18;
    let red = (32_768 * r - 27_439 * g - 5_329 * b + centre) >> 18;
    (blue.clamp(0, 255) as u8, red.clamp(0, 255) as u8)
}

/// The samples of a picture with alpha, where what cannot be seen takes the colour of what can be seen
/// beside it, so that it costs no bits and does not bleed into it.
pub(super) fn cover_transparent(picture: &Picture) -> Vec<u8> {
    let mut samples = picture.samples().to_vec();
    let row_bytes = picture.width() as usize * picture.layout().channels();
    match picture.layout() {
        Layout::Rgba => cover::<4>(&mut samples, row_bytes),
        Layout::GreyAlpha => cover::<2>(&mut samples, row_bytes),
        Layout::Grey | Layout::Rgb => {}
    }
    samples
}

fn cover<const CHANNELS: usize>(samples: &mut [u8], row_bytes: usize) {
    // Before anything has been seen: middle grey.
    let mut last = [128; CHANNELS];
    for row in samples.chunks_exact_mut(row_bytes) {
        let row = row.as_chunks_mut::<CHANNELS>().0;
        if let Some(first) = row.iter().find(|pixel| pixel[CHANNELS - 1] != 0) {
            last = *first;
        }
        for pixel in row {
            if pixel[CHANNELS - 1] == 0 {
                pixel[..CHANNELS - 1].copy_from_slice(&last[..CHANNELS - 1]);
            } else {
                last = *pixel;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours() {
        let samples = [255, 0, 0, 255, 0, 0, 0, 0, 255];
        let planes = of((3, 1), Layout::Rgb, &samples);
        assert_eq!(planes[0].samples, [76, 76, 29]);
        assert_eq!(planes[1].samples, [85, 255]);
        assert_eq!(planes[2].samples, [255, 107]);
        let white = of((1, 1), Layout::Rgba, &[255, 255, 255, 0]);
        assert_eq!(white.map_samples(), [vec![255], vec![128], vec![128]]);
    }

    #[test]
    fn grey_has_one_plane() {
        let planes = of((2, 1), Layout::GreyAlpha, &[7, 255, 9, 0]);
        assert_eq!(planes.map_samples(), [vec![7, 9]]);
    }

    #[test]
    fn what_is_not_seen_looks_like_its_neighbours() {
        let mut samples = [1, 0, 5, 9, 2, 0, 3, 0, 4, 0, 6, 0];
        cover::<2>(&mut samples, 6);
        assert_eq!(samples, [5, 0, 5, 9, 5, 0, 5, 0, 5, 0, 5, 0]);
    }

    trait MapSamples {
        fn map_samples(&self) -> Vec<Vec<u8>>;
    }

    impl MapSamples for Vec<Plane> {
        fn map_samples(&self) -> Vec<Vec<u8>> {
            self.iter().map(|plane| plane.samples.clone()).collect()
        }
    }
}
