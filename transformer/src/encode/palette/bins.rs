//! Pixels to a few thousand colours with weights: pixels that differ by less than a dithering step share a
//! bin, whose place is their mean.

use super::space::{Point, point};

/// How many pixels a place stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighted {
    pub place: Point,
    pub weight: f32,
}

/// A bin while it is filled. Tens of millions of pixels may be of one colour, which a sum of 32 bits loses.
#[derive(Default)]
struct Bin {
    sum: [f64; 4],
    count: u64,
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
    let mut bins: Vec<Bin> = Vec::new();
    for &pixel in pixels.iter().filter(|pixel| pixel[3] != 0) {
        let number = &mut numbers[key(pixel, alpha_bits)];
        if *number == 0 {
            bins.push(Bin::default());
            *number = bins.len() as u32;
        }
        bins[*number as usize - 1].add(point(pixel));
    }
    bins.iter().map(Bin::weighted).collect()
}

impl Bin {
    fn add(&mut self, place: Point) {
        for (sum, along) in self.sum.iter_mut().zip(place) {
            *sum += f64::from(along);
        }
        self.count += 1;
    }

    fn weighted(&self) -> Weighted {
        Weighted {
            place: self.sum.map(|sum| (sum / self.count as f64) as f32),
            weight: self.count as f32,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_equal_pixels_keep_their_colour() {
        let colour = [201, 87, 33, 255];
        let bins = of(&vec![colour; 20_000_000]);
        let [bin] = bins.as_slice() else {
            panic!("{} bins", bins.len());
        };
        assert!((bin.weight - 20_000_000.0).abs() < 1.0);
        assert_eq!(super::super::space::colour(bin.place), colour);
    }
}
