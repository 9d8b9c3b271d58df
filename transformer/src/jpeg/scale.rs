//! How much smaller than stored a JPEG is decoded. A scale comes in, sizes go out.

/// A fraction of the stored size. The smaller ones are cheaper: fewer frequencies are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// 1/1.
    Full,
    /// 1/2.
    Half,
    /// 1/4.
    Quarter,
    /// 1/8.
    Eighth,
}

impl Scale {
    /// Every scale, from the largest picture to the smallest.
    pub const ALL: [Self; 4] = [Self::Full, Self::Half, Self::Quarter, Self::Eighth];

    /// Samples that a block of 8x8 becomes, along one side: 8, 4, 2 or 1.
    pub const fn block_side(self) -> usize {
        match self {
            Self::Full => 8,
            Self::Half => 4,
            Self::Quarter => 2,
            Self::Eighth => 1,
        }
    }

    /// A side of the decoded picture, rounded up as libjpeg does.
    pub const fn side(self, stored: u32) -> u32 {
        match self {
            Self::Full => stored,
            Self::Half => stored.div_ceil(2),
            Self::Quarter => stored.div_ceil(4),
            Self::Eighth => stored.div_ceil(8),
        }
    }

    /// The smallest scale whose picture is at least this large on both sides, `Full` if none is.
    pub fn at_least(stored: (u32, u32), wanted: (u32, u32)) -> Self {
        let fits =
            |scale: &Self| scale.side(stored.0) >= wanted.0 && scale.side(stored.1) >= wanted.1;
        Self::ALL.into_iter().rev().find(fits).unwrap_or(Self::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_round_up() {
        let sides = |scale: Scale| [1, 8, 9, 65_535].map(|side| scale.side(side));
        assert_eq!(sides(Scale::Full), [1, 8, 9, 65_535]);
        assert_eq!(sides(Scale::Half), [1, 4, 5, 32_768]);
        assert_eq!(sides(Scale::Quarter), [1, 2, 3, 16_384]);
        assert_eq!(sides(Scale::Eighth), [1, 1, 2, 8_192]);
    }

    #[test]
    fn both_sides_must_be_large_enough() {
        assert_eq!(Scale::at_least((800, 800), (100, 100)), Scale::Eighth);
        assert_eq!(Scale::at_least((800, 800), (100, 101)), Scale::Quarter);
        assert_eq!(Scale::at_least((800, 400), (100, 100)), Scale::Quarter);
        assert_eq!(Scale::at_least((800, 400), (801, 1)), Scale::Full);
    }
}
