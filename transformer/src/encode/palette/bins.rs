//! Pixels to a few thousand colours with weights: pixels that differ by less than a dithering step share a
//! bin, whose place is their mean.

use super::space::{Point, plus, point};

/// How many pixels a place stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighted {
    pub place: Point,
    pub weight: f32,
}

/// Bits of red, green and blue that tell bins apart; of alpha as many as of green less two.
const BITS: [u32; 4] = [5, 6, 5, 4];

/// The bins of all pixels but the wholly transparent ones, in the order in which they come.
pub(super) fn of(pixels: &[[u8; 4]]) -> Vec<Weighted> {
    let is_opaque = pixels.iter().all(|pixel| matches!(pixel[3], 0 | 255));
    let alpha_bits = if is_opaque { 0 } else { BITS[3] };
    let key_bits = BITS[0] + BITS[1] + BITS[2] + alpha_bits;
    // One more than the bin's number; 0 is none.
    let mut numbers = vec![0u32; 1 << key_bits];
    let mut bins: Vec<Weighted> = Vec::new();
    for &pixel in pixels.iter().filter(|pixel| pixel[3] != 0) {
        let number = &mut numbers[key(pixel, alpha_bits)];
        if *number == 0 {
            bins.push(Weighted {
                place: [0.0; 4],
                weight: 0.0,
            });
            *number = bins.len() as u32;
        }
        let bin = &mut bins[*number as usize - 1];
        bin.place = plus(bin.place, point(pixel), 1.0);
        bin.weight += 1.0;
    }
    for bin in &mut bins {
        bin.place = bin.place.map(|sum| sum / bin.weight);
    }
    bins
}

fn key([red, green, blue, alpha]: [u8; 4], alpha_bits: u32) -> usize {
    let upper = |level: u8, bits: u32| usize::from(level >> (8 - bits));
    let colour = upper(red, BITS[0]) << (BITS[1] + BITS[2])
        | upper(green, BITS[1]) << BITS[2]
        | upper(blue, BITS[2]);
    if alpha_bits == 0 {
        return colour;
    }
    colour << alpha_bits | upper(alpha, alpha_bits)
}
