//! What is tried at a speed. `benches/ENCODERS.md` has what each costs and brings.

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Modes of luma that are looked at closely.
    pub(super) modes: usize,
    /// Modes of chroma that are looked at closely, beside that from luma.
    pub(super) chroma_modes: usize,
    /// Whether all transforms are tried for all of these modes.
    pub(super) all_waves: bool,
    /// Whether angles between those of the modes are tried.
    pub(super) deltas: bool,
    /// Whether blocks may be twice as long as wide.
    pub(super) oblong: bool,
    /// The logarithm of the smallest block's side.
    pub(super) smallest_log: u32,
}

impl Effort {
    /// Of a speed of 1 (slow) to 10.
    pub(super) const fn new(speed: u8) -> Self {
        Self {
            modes: match speed {
                ..=2 => 6,
                3..=5 => 4,
                6..=8 => 3,
                9 => 2,
                10.. => 1,
            },
            chroma_modes: if speed <= 5 { 2 } else { 1 },
            all_waves: speed <= 3,
            deltas: speed <= 9,
            oblong: speed <= 7,
            smallest_log: if speed <= 9 { 2 } else { 3 },
        }
    }
}
