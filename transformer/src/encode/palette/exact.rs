//! A picture that has no more colours than a palette: nothing is lost.

use super::{CLEAR, COLOURS_MAX, Clear, Indexed};

/// Slots to find colours in; sparse, so that a search is short.
const SLOTS: usize = 2048;
const SLOT_BITS: u32 = SLOTS.trailing_zeros();

/// `None` where there are more colours than a palette holds.
pub(super) fn indexed(pixels: &[[u8; 4]], clear: Clear) -> Option<Indexed> {
    let mut found = Found {
        slots: vec![None; SLOTS],
        colours: Vec::new(),
    };
    if clear == Clear::Always || pixels.iter().any(|pixel| pixel[3] == 0) {
        found.index(CLEAR);
    }
    let mut indices = Vec::with_capacity(pixels.len());
    for &pixel in pixels {
        indices.push(found.index(if pixel[3] == 0 { CLEAR } else { pixel })?);
    }
    let mut order: Vec<usize> = (0..found.colours.len()).collect();
    // The transparent one first, then the translucent ones.
    order.sort_by_key(|&at| found.colours[at][3]);
    let mut places = [0u8; COLOURS_MAX];
    for (place, &at) in order.iter().enumerate() {
        places[at] = place as u8;
    }
    for index in &mut indices {
        *index = places[usize::from(*index)];
    }
    Some(Indexed {
        palette: order.iter().map(|&at| found.colours[at]).collect(),
        indices,
    })
}

struct Found {
    slots: Vec<Option<u8>>,
    colours: Vec<[u8; 4]>,
}

impl Found {
    /// The number of a colour, old or new.
    fn index(&mut self, colour: [u8; 4]) -> Option<u8> {
        // Knuth's multiplicative hash: the upper bits of a product with 2^32 over the golden ratio.
        let product = u32::from_le_bytes(colour).wrapping_mul(2_654_435_769);
        let mut slot = (product >> (32 - SLOT_BITS)) as usize;
        while let Some(index) = self.slots[slot] {
            if self.colours[usize::from(index)] == colour {
                return Some(index);
            }
            slot = (slot + 1) % SLOTS;
        }
        if self.colours.len() == COLOURS_MAX {
            return None;
        }
        let index = self.colours.len() as u8;
        self.slots[slot] = Some(index);
        self.colours.push(colour);
        Some(index)
    }
}
