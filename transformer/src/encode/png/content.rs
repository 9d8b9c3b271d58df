//! Samples in, what kind of picture they are out, as far as it matters to compression. A guess from
//! exact repetitions, made in one look at each pixel at most.

use crate::picture::Layout;

/// What compresses a picture well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Hardly two pixels alike.
    Photograph,
    /// Many pixels like their neighbour.
    Drawing,
    /// So few colours that differences between neighbours only hide them.
    FewColours,
}

/// Few colours: what a palette holds.
const COLOURS_MAX: usize = 256;
/// Slots to remember them in; sparse, so that a search is short.
const SLOTS: usize = 2048;

/// Guess.
pub(super) fn of(layout: Layout, samples: &[u8]) -> Content {
    match layout {
        Layout::Grey => of_pixels(samples.as_chunks::<1>().0),
        Layout::GreyAlpha => of_pixels(samples.as_chunks::<2>().0),
        Layout::Rgb => of_pixels(samples.as_chunks::<3>().0),
        Layout::Rgba => of_pixels(samples.as_chunks::<4>().0),
    }
}

fn of_pixels<const CHANNELS: usize>(pixels: &[[u8; CHANNELS]]) -> Content {
    // One channel never has more colours than a palette, so that they say nothing.
    if CHANNELS > 1 && has_few_colours(pixels) {
        return Content::FewColours;
    }
    let repeated = pixels
        .array_windows()
        .filter(|[left, right]| left == right)
        .count();
    // Photographs have up to a tenth, drawings more than half.
    if repeated * 4 > pixels.len() {
        Content::Drawing
    } else {
        Content::Photograph
    }
}

fn has_few_colours<const CHANNELS: usize>(pixels: &[[u8; CHANNELS]]) -> bool {
    let mut seen = vec![None; SLOTS];
    let mut count = 0;
    for pixel in pixels {
        let key = pixel
            .iter()
            .fold(0u32, |key, &sample| key << 8 | u32::from(sample));
        // Knuth's multiplicative hash: the upper bits of a product with 2^32 over the golden ratio.
        let mut slot = (key.wrapping_mul(2_654_435_769) >> 21) as usize % SLOTS;
        while seen[slot].is_some_and(|seen| seen != key) {
            slot = (slot + 1) % SLOTS;
        }
        if seen[slot].is_none() {
            seen[slot] = Some(key);
            count += 1;
        }
        if count > COLOURS_MAX {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let noise = |at: u32| (at.wrapping_mul(2_654_435_769) >> 13) as u8;
        let photograph: Vec<u8> = (0..3000).map(noise).collect();
        assert_eq!(of(Layout::Rgb, &photograph), Content::Photograph);
        assert_eq!(of(Layout::Grey, &photograph), Content::Photograph);
        let drawing: Vec<u8> = (0..4000u32)
            .flat_map(|at| [noise(at / 3), noise(at / 3 + 7), 3])
            .collect();
        assert_eq!(of(Layout::Rgb, &drawing), Content::Drawing);
        let few: Vec<u8> = (0..4000u32)
            .flat_map(|at| [noise(at) / 64, 9, noise(at + 5) / 64, 255])
            .collect();
        assert_eq!(of(Layout::Rgba, &few), Content::FewColours);
    }

    #[test]
    fn colours_up_to_a_palette_obeyed_and_violated() {
        let colours = |count: u32| -> Vec<[u8; 3]> {
            (0..count)
                .map(|at| [(at % 7) as u8, (at / 7) as u8, (at * 5) as u8])
                .collect()
        };
        assert!(has_few_colours(&colours(256)));
        assert!(!has_few_colours(&colours(257)));
    }
}
