//! The names of predictions, and what the format ties to them.

use super::transform::{Size, Waves};

/// Predictions of luma, in the format's order; chroma's are these and one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    Constant,
    Vertical,
    Horizontal,
    Degrees45,
    Degrees135,
    Degrees113,
    Degrees157,
    Degrees203,
    Degrees67,
    Smooth,
    SmoothVertical,
    SmoothHorizontal,
    Paeth,
    /// Of chroma only: from luma.
    FromLuma,
}

impl Mode {
    /// All of luma's.
    pub(super) const LUMA: [Self; 13] = [
        Self::Constant,
        Self::Vertical,
        Self::Horizontal,
        Self::Degrees45,
        Self::Degrees135,
        Self::Degrees113,
        Self::Degrees157,
        Self::Degrees203,
        Self::Degrees67,
        Self::Smooth,
        Self::SmoothVertical,
        Self::SmoothHorizontal,
        Self::Paeth,
    ];

    /// The angle of a directional one, in degrees.
    pub(super) const fn angle(self) -> Option<i32> {
        Some(match self {
            Self::Vertical => 90,
            Self::Horizontal => 180,
            Self::Degrees45 => 45,
            Self::Degrees135 => 135,
            Self::Degrees113 => 113,
            Self::Degrees157 => 157,
            Self::Degrees203 => 203,
            Self::Degrees67 => 67,
            _ => return None,
        })
    }

    pub(super) const fn is_directional(self) -> bool {
        self.angle().is_some()
    }

    pub(super) const fn is_smooth(self) -> bool {
        matches!(
            self,
            Self::Smooth | Self::SmoothVertical | Self::SmoothHorizontal
        )
    }

    /// The context that it is for its neighbours (AV1 specification, 8.3.2).
    pub(super) const fn context(self) -> usize {
        match self {
            Self::Constant | Self::Smooth | Self::Paeth | Self::FromLuma => 0,
            Self::Vertical | Self::SmoothVertical => 1,
            Self::Horizontal | Self::SmoothHorizontal => 2,
            Self::Degrees45 | Self::Degrees67 => 3,
            Self::Degrees135 | Self::Degrees113 | Self::Degrees157 | Self::Degrees203 => 4,
        }
    }

    /// The transform that chroma has by its mode (5.11.47), where the size has it.
    pub(super) const fn waves(self, size: Size) -> Waves {
        if size.width_log > 4 || size.height_log > 4 {
            return Waves::COSINES;
        }
        match self {
            Self::Constant | Self::Degrees45 | Self::FromLuma => Waves::COSINES,
            Self::Vertical | Self::Degrees113 | Self::Degrees67 | Self::SmoothVertical => {
                Waves::SINE_COSINE
            }
            Self::Horizontal | Self::Degrees157 | Self::Degrees203 | Self::SmoothHorizontal => {
                Waves::COSINE_SINE
            }
            Self::Degrees135 | Self::Smooth | Self::Paeth => Waves::SINES,
        }
    }
}
