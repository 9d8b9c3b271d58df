//! How strongly decoders smooth the edges of transforms, and how the headers say so.

use super::bits::Bits;

/// Levels of 0 to 63 for luma's vertical and horizontal edges, and for those of both chroma planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filters {
    pub(super) edges: [u8; 4],
}

impl Filters {
    /// By the step of luma's quantiser: what libaom fits for key frames.
    pub(super) fn new(step: u32) -> Self {
        let level = ((step * 17_563).saturating_sub(421_574) >> 18).min(63) as u8;
        Self { edges: [level; 4] }
    }

    pub(super) fn describe(self, coloured: bool, bits: &mut Bits) {
        bits.put(self.edges[0].into(), 6);
        bits.put(self.edges[1].into(), 6);
        if coloured && (self.edges[0] > 0 || self.edges[1] > 0) {
            bits.put(self.edges[2].into(), 6);
            bits.put(self.edges[3].into(), 6);
        }
        bits.put(0, 3); // sharpness
        bits.flag(false); // levels by reference
    }
}
