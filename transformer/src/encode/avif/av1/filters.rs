//! What decoders do to whole pictures, and how the headers say so.

use super::bits::Bits;

/// Strengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filters {
    /// Of the edges of blocks: luma's vertical and horizontal ones, and both chroma planes'.
    pub(super) edges: [u8; 4],
    pub(super) sharpness: u8,
}

impl Filters {
    /// By the step of luma's quantiser.
    pub(super) fn new(step: u32) -> Self {
        let level = ((step * 17_563).saturating_sub(421_574) >> 18).min(63) as u8;
        Self {
            edges: [level; 4],
            sharpness: 0,
        }
    }

    pub(super) const fn has_directional(self) -> bool {
        false
    }

    pub(super) fn describe(self, coloured: bool, bits: &mut Bits) {
        bits.put(self.edges[0].into(), 6);
        bits.put(self.edges[1].into(), 6);
        if coloured && (self.edges[0] > 0 || self.edges[1] > 0) {
            bits.put(self.edges[2].into(), 6);
            bits.put(self.edges[3].into(), 6);
        }
        bits.put(self.sharpness.into(), 3);
        bits.flag(false); // levels by reference
    }
}
