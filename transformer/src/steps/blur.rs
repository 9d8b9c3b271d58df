//! Gaussian blur. A narrow one is a separable convolution with the exact kernel; a wide one is done on a
//! shrunk copy that is enlarged again, so its cost does not grow with its width.

use super::resample::{BOX, TRIANGLE, Window, divide_alpha, multiply_alpha, resample};
use super::{room, size, wrap};
use crate::geometry::Size;
use crate::picture::Picture;

/// Standard deviation in pixels up to which the kernel is applied as it is: 25 weights. From there on half
/// the resolution holds all that is left, to within two and a half levels at the hardest edges.
const SIGMA_DIRECT_MAX: f32 = 4.0;
/// Standard deviation to which a wider blur is brought by shrinking. What the triangles of the enlarging add
/// is then a tenth of the width.
const SIGMA_SHRUNK: f32 = 4.0;
/// Standard deviations on each side of the kernel's middle; 0.3 % of the weight lies outside.
const REACH_SIGMAS: f32 = 3.0;
/// The kernel's weights add up to this.
const ONE: u32 = 1 << 16;
/// Variance, in shrunk pixels, of the box that shrinks and of the triangle that enlarges.
const RESAMPLE_VARIANCE: f32 = 1.0 / 12.0 + 1.0 / 6.0;

/// Blur with a standard deviation of `sigma` pixels.
pub(super) fn blur(mut picture: Picture, sigma: f32) -> Option<Picture> {
    multiply_alpha(&mut picture)?;
    let mut blurred = if sigma <= SIGMA_DIRECT_MAX {
        convolve(&picture, [sigma; 2])?
    } else {
        wide(picture, sigma)?
    };
    divide_alpha(&mut blurred)?;
    Some(blurred)
}

/// Shrink, blur by what is left, enlarge.
fn wide(picture: Picture, sigma: f32) -> Option<Picture> {
    let full = size(&picture);
    // By a whole factor, so that each box holds as many pixels as the next.
    let shrink = (sigma / SIGMA_SHRUNK).max(2.0) as u32;
    let side = |pixels: u32| pixels.div_ceil(shrink);
    let small = Size {
        width: side(full.width),
        height: side(full.height),
    };
    let reduced = resample(picture, whole(full), small, BOX)?;
    // Each axis is shrunk by a factor of its own, after rounding.
    let left = |full: u32, small: u32| {
        let factor = full as f32 / small as f32;
        (sigma * sigma / (factor * factor) - RESAMPLE_VARIANCE)
            .max(0.0)
            .sqrt()
    };
    let sigmas = [
        left(full.width, small.width),
        left(full.height, small.height),
    ];
    let blurred = convolve(&reduced, sigmas)?;
    resample(blurred, whole(small), full, TRIANGLE)
}

fn whole(size: Size) -> Window {
    Window {
        left: 0.0,
        top: 0.0,
        width: f64::from(size.width),
        height: f64::from(size.height),
    }
}

/// Convolve rows, then columns, the edge pixels drawn out.
fn convolve(picture: &Picture, [across, down]: [f32; 2]) -> Option<Picture> {
    let layout = picture.layout();
    let (across, down) = (kernel(across), kernel(down));
    let mut between = room(size(picture), layout)?;
    rows(picture, &across, &mut between);
    let mut samples = room(size(picture), layout)?;
    columns(&between, picture.stride(), &down, &mut samples);
    wrap(size(picture), layout, samples)
}

/// Weights from the middle outwards on both sides, an odd number of them.
fn kernel(sigma: f32) -> Vec<u32> {
    let reach = (sigma * REACH_SIGMAS).ceil().max(0.0) as i32;
    let weight = |at: i32| {
        let distance = at as f32 / sigma.max(f32::MIN_POSITIVE);
        (-0.5 * distance * distance).exp()
    };
    let sum: f32 = (-reach..=reach).map(weight).sum();
    let scaled = |at| (weight(at) / sum * ONE as f32).round() as u32;
    let mut kernel: Vec<u32> = (-reach..=reach).map(scaled).collect();
    // What rounding leaves over belongs to the middle: a flat picture must stay exactly as it is.
    let others: u32 = kernel.iter().sum::<u32>() - kernel[reach as usize];
    kernel[reach as usize] = ONE - others;
    kernel
}

fn rows(picture: &Picture, kernel: &[u32], samples: &mut [u8]) {
    let channels = picture.layout().channels();
    let reach = kernel.len() / 2;
    let stride = picture.stride();
    let mut padded = vec![0; stride + 2 * reach * channels];
    let targets = samples.chunks_exact_mut(stride);
    for (row, target) in picture.samples().chunks_exact(stride).zip(targets) {
        let (before, rest) = padded.split_at_mut(reach * channels);
        let (middle, after) = rest.split_at_mut(stride);
        middle.copy_from_slice(row);
        before
            .chunks_exact_mut(channels)
            .for_each(|edge| edge.copy_from_slice(&row[..channels]));
        let last = &row[stride - channels..];
        after
            .chunks_exact_mut(channels)
            .for_each(|edge| edge.copy_from_slice(last));
        let taps: Vec<&[u8]> = (0..kernel.len())
            .map(|tap| &padded[tap * channels..][..stride])
            .collect();
        weigh(&taps, kernel, target);
    }
}

fn columns(between: &[u8], stride: usize, kernel: &[u32], samples: &mut [u8]) {
    let reach = kernel.len() / 2;
    let last = between.len() / stride - 1;
    for (y, target) in samples.chunks_exact_mut(stride).enumerate() {
        let taps: Vec<&[u8]> = (0..kernel.len())
            .map(|tap| (y + tap).saturating_sub(reach).min(last))
            .map(|row| &between[row * stride..][..stride])
            .collect();
        weigh(&taps, kernel, target);
    }
}

/// Samples that are summed at once: few enough for the sums to stay in registers.
const LANES: usize = 16;

/// Each sample of `target` is the weighted sum of those at the same place of all `taps`.
fn weigh(taps: &[&[u8]], kernel: &[u32], target: &mut [u8]) {
    let whole = target.len() - target.len() % LANES;
    let (chunks, rest) = target.split_at_mut(whole);
    for (place, chunk) in chunks.chunks_exact_mut(LANES).enumerate() {
        weigh_lanes::<LANES>(taps, kernel, (place * LANES, chunk));
    }
    for (place, sample) in rest.chunks_exact_mut(1).enumerate() {
        weigh_lanes::<1>(taps, kernel, (whole + place, sample));
    }
}

/// Plain enough for the compiler to use vectors. The kernel is symmetric: one product for two taps.
fn weigh_lanes<const N: usize>(taps: &[&[u8]], kernel: &[u32], (from, target): (usize, &mut [u8])) {
    let reach = kernel.len() / 2;
    let mut sums = [ONE / 2; N];
    let pairs = taps.iter().zip(taps.iter().rev()).zip(kernel);
    for ((left, right), &weight) in pairs.take(reach) {
        let (left, right) = (&left[from..from + N], &right[from..from + N]);
        for ((sum, &left), &right) in sums.iter_mut().zip(left).zip(right) {
            *sum += (u32::from(left) + u32::from(right)) * weight;
        }
    }
    for (sum, &sample) in sums.iter_mut().zip(&taps[reach][from..from + N]) {
        *sum += u32::from(sample) * kernel[reach];
    }
    for (sample, sum) in target.iter_mut().zip(sums) {
        *sample = (sum >> 16) as u8;
    }
}

#[cfg(test)]
mod tests;
