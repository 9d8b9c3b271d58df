//! Colour models: rows of components come in, a row of interleaved pixels goes out. Fixed point with
//! 14 fraction bits, rounded to nearest as libjpeg rounds.

use super::header::{Colour, Ink};
use crate::lanes::{I16x8, I32x4, interleave_3, narrow_to_u8, widen};

/// What the bytes of a decoded pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pixel {
    /// One byte of luma.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 255 is full ink.
    Cmyk,
}

impl Pixel {
    /// Bytes of a pixel.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }

    pub(super) const fn of(colour: Colour) -> Self {
        match colour {
            Colour::Grey => Self::Grey,
            Colour::Rgb | Colour::YCbCr => Self::Rgb,
            Colour::Cmyk | Colour::Ycck => Self::Cmyk,
        }
    }
}

/// Fraction bits of the factors.
const FACTOR_BITS: u32 = 14;
const ONE: i16 = 1 << FACTOR_BITS;
const HALF: i32 = 1 << (FACTOR_BITS - 1);
/// 1.402, 1.772, -0.344136 and -0.714136 of ITU-T T.871, with `FACTOR_BITS` fraction bits.
const RED_CR: i16 = 22_970;
const BLUE_CB: i16 = 29_032;
const GREEN_CB: i16 = -5_638;
const GREEN_CR: i16 = -11_700;

/// Write a row of pixels. Each of `rows` has at least as many samples as `out` has pixels.
pub(super) fn convert(colour: Colour, ink: Ink, rows: [&[u8]; 4], out: &mut [u8]) {
    match colour {
        Colour::Grey => out.copy_from_slice(&rows[0][..out.len()]),
        Colour::Rgb => three(rows, out, |red, green, blue| [*red, *green, *blue]),
        Colour::YCbCr => three(rows, out, rgb),
        Colour::Cmyk => {
            let flip = if ink == Ink::Inverted { 255 } else { 0 };
            let (pixels, _) = out.as_chunks_mut::<4>();
            for (x, pixel) in pixels.iter_mut().enumerate() {
                *pixel = rows.map(|row| row[x] ^ flip);
            }
        }
        Colour::Ycck => ycck(ink, rows, out),
    }
}

/// Sixteen pixels at a time through `kernel`; the rest in a padded sixteen of its own.
#[inline(always)]
fn three(
    rows: [&[u8]; 4],
    out: &mut [u8],
    kernel: impl Fn(&[u8; 16], &[u8; 16], &[u8; 16]) -> [[u8; 16]; 3],
) {
    let width = out.len() / 3;
    let [first, second, third] = [0, 1, 2].map(|row: usize| rows[row][..width].as_chunks::<16>());
    let (chunks, rest) = out.as_chunks_mut::<48>();
    let sources = first.0.iter().zip(second.0).zip(third.0);
    for (chunk, ((first, second), third)) in chunks.iter_mut().zip(sources) {
        *chunk = interleave_3(kernel(first, second, third));
    }
    let padded = |row: &[u8]| {
        let mut samples = [0; 16];
        samples[..row.len()].copy_from_slice(row);
        samples
    };
    let pixels = interleave_3(kernel(
        &padded(first.1),
        &padded(second.1),
        &padded(third.1),
    ));
    rest.copy_from_slice(&pixels[..rest.len()]);
}

/// Sixteen pixels of luma and colour differences as red, green and blue.
#[inline(always)]
fn rgb(luma: &[u8; 16], cb: &[u8; 16], cr: &[u8; 16]) -> [[u8; 16]; 3] {
    let (luma, cb, cr) = (widen(luma), widen(cb), widen(cr));
    let low = rgb_8(luma.0, cb.0, cr.0);
    let high = rgb_8(luma.1, cb.1, cr.1);
    std::array::from_fn(|channel| narrow_to_u8(low[channel], high[channel]))
}

#[inline(always)]
fn rgb_8(luma: I16x8, cb: I16x8, cr: I16x8) -> [I16x8; 3] {
    let mix = |a: I16x8, b: I16x8, factors: (i16, i16), bias: i32| {
        let factors = I16x8::pairs(factors.0, factors.1);
        let sum = |pairs: I16x8| {
            let sum = pairs.dot(factors).add(I32x4::splat(bias));
            sum.shr::<FACTOR_BITS>()
        };
        sum(a.zip_low(b)).narrow(sum(a.zip_high(b)))
    };
    // The differences are stored with 128 added, which the bias takes away again.
    let bias = |first: i16, second: i16| HALF - 128 * (i32::from(first) + i32::from(second));
    let red = mix(luma, cr, (ONE, RED_CR), bias(RED_CR, 0));
    let blue = mix(luma, cb, (ONE, BLUE_CB), bias(BLUE_CB, 0));
    let green = mix(cb, cr, (GREEN_CB, GREEN_CR), bias(GREEN_CB, GREEN_CR));
    [red, luma.add(green), blue]
}

/// Three inks as luma and colour differences: what comes out as red is the absence of cyan.
fn ycck(ink: Ink, rows: [&[u8]; 4], out: &mut [u8]) {
    let (colour_flip, black_flip) = match ink {
        Ink::Inverted => (0, 255),
        Ink::Direct => (255, 0),
    };
    let width = out.len() / 4;
    let mut colours = [0; 48];
    let (chunks, _) = out.as_chunks_mut::<4>();
    for (index, pixels) in chunks.chunks_mut(16).enumerate() {
        let from = index * 16;
        let to = width.min(from + 16);
        let part = rows.map(|row| &row[from..to]);
        let colours = &mut colours[..pixels.len() * 3];
        three(part, colours, rgb);
        for ((pixel, colour), black) in pixels
            .iter_mut()
            .zip(colours.as_chunks::<3>().0)
            .zip(part[3])
        {
            let [cyan, magenta, yellow] = colour.map(|sample| sample ^ colour_flip);
            *pixel = [cyan, magenta, yellow, black ^ black_flip];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_triple_is_within_half_a_level_of_the_definition() {
        for luma in (0..=255).step_by(5) {
            for cb in (0..=255).step_by(3) {
                let cr: [u8; 16] = std::array::from_fn(|lane| (lane * 17) as u8);
                let got = rgb(&[luma; 16], &[cb; 16], &cr);
                for lane in 0..16 {
                    let (y, b) = (f64::from(luma), f64::from(cb) - 128.0);
                    let r = f64::from(cr[lane]) - 128.0;
                    let wanted = [
                        y + 1.402 * r,
                        y - 0.344_136 * b - 0.714_136 * r,
                        y + 1.772 * b,
                    ];
                    for (channel, wanted) in wanted.into_iter().enumerate() {
                        let off = f64::from(got[channel][lane]) - wanted.clamp(0.0, 255.0);
                        assert!(
                            off.abs() < 0.52,
                            "{luma} {cb} {} channel {channel}: {off}",
                            cr[lane]
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn widths_around_sixteen_come_out_whole() {
        for width in 1..40 {
            let row: Vec<u8> = (0..width).collect();
            let mut out = vec![0; usize::from(width) * 3];
            convert(Colour::Rgb, Ink::Direct, [&row; 4], &mut out);
            assert!(
                out.chunks(3)
                    .zip(0..width)
                    .all(|(pixel, at)| pixel == [at; 3])
            );
        }
    }

    #[test]
    fn ink_comes_out_direct() {
        let row = [[10], [20], [30], [40]];
        let rows = [&row[0][..], &row[1], &row[2], &row[3]];
        let mut out = [0; 4];
        convert(Colour::Cmyk, Ink::Direct, rows, &mut out);
        assert_eq!(out, [10, 20, 30, 40]);
        convert(Colour::Cmyk, Ink::Inverted, rows, &mut out);
        assert_eq!(out, [245, 235, 225, 215]);
        let grey = [[100], [128], [128], [40]];
        let rows = [&grey[0][..], &grey[1], &grey[2], &grey[3]];
        convert(Colour::Ycck, Ink::Inverted, rows, &mut out);
        assert_eq!(out, [100, 100, 100, 215]);
        convert(Colour::Ycck, Ink::Direct, rows, &mut out);
        assert_eq!(out, [155, 155, 155, 40]);
    }
}
