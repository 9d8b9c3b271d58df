//! A picture as its brightness and its colour differences, the latter with half the sides: what a JPEG stores,
//! and what JPEG, WebP and AVIF are written from. One that only changes its size and way up between the two
//! never becomes red, green and blue.

use crate::orientation::Orientation;
use crate::picture::Picture;
use crate::steps;

/// BT.601 with the full range of 8 bits (ITU-T T.871). All planes are grey pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planar {
    pub luma: Picture,
    /// Blue's and red's difference, 128 where there is none: a sample for two by two of brightness, which at an
    /// odd right or lower edge reaches past it.
    pub chroma: [Picture; 2],
}

impl Planar {
    /// Width and height in pixels.
    pub(crate) const fn size(&self) -> (u32, u32) {
        (self.luma.width(), self.luma.height())
    }

    /// The planes' samples: brightness, blue's difference, red's.
    pub(crate) fn samples(&self) -> [&[u8]; 3] {
        let [blue, red] = &self.chroma;
        [&self.luma, blue, red].map(Picture::samples)
    }

    /// Turned. `None` where no address space holds it.
    pub(crate) fn turned(self, orientation: Orientation) -> Option<Self> {
        if orientation == Orientation::UPRIGHT {
            return Some(self);
        }
        let [blue, red] = self.chroma;
        Some(Self {
            luma: steps::turn(self.luma, orientation)?,
            chroma: [
                steps::turn(blue, orientation)?,
                steps::turn(red, orientation)?,
            ],
        })
    }
}
