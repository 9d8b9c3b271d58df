//! The geometry of a frame and its headers: which components, how many blocks, in which order they stand
//! in an interleaved scan.

use super::scan::Slot;
use super::strip::Sampling;
use super::tables::Kind;

/// One component and its blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    /// As the file names it, from 1.
    pub(super) id: u8,
    pub(super) kind: Kind,
    /// Blocks a side in each minimum coded unit, 1 or 2.
    pub(super) factor: usize,
    /// Columns of blocks that hold pixels.
    pub(super) columns: usize,
    /// Rows of blocks that hold pixels.
    pub(super) rows: usize,
}

impl Component {
    pub(super) fn dc(&self) -> Slot {
        match self.kind {
            Kind::Luma => Slot::LumaDc,
            Kind::Chroma => Slot::ChromaDc,
        }
    }

    pub(super) fn ac(&self) -> Slot {
        match self.kind {
            Kind::Luma => Slot::LumaAc,
            Kind::Chroma => Slot::ChromaAc,
        }
    }
}

/// A frame: its size, its units, its components.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) units_wide: usize,
    pub(super) units_high: usize,
    pub(super) components: Vec<Component>,
}

/// Where a block stands: its component by index, its column, its row; `None` if it is only there to
/// fill a unit.
pub(super) type Place = (usize, Option<(usize, usize)>);

impl Frame {
    pub(super) fn new(width: usize, height: usize, sampling: Sampling) -> Self {
        let factor = if sampling == Sampling::Half { 2 } else { 1 };
        let component = |id, kind, own: usize| {
            let blocks = |side: usize| (side * own).div_ceil(factor).div_ceil(8);
            Component {
                id,
                kind,
                factor: own,
                columns: blocks(width),
                rows: blocks(height),
            }
        };
        let mut components = vec![component(1, Kind::Luma, factor)];
        if sampling != Sampling::Grey {
            components.extend([component(2, Kind::Chroma, 1), component(3, Kind::Chroma, 1)]);
        }
        Self {
            width,
            height,
            units_wide: width.div_ceil(8 * factor),
            units_high: height.div_ceil(8 * factor),
            components,
        }
    }

    /// The blocks of one row of units in the order of an interleaved scan.
    pub(super) fn places(&self, unit_row: usize) -> impl Iterator<Item = Place> {
        (0..self.units_wide).flat_map(move |unit| {
            self.components
                .iter()
                .enumerate()
                .flat_map(move |(index, component)| {
                    let factor = component.factor;
                    (0..factor * factor).map(move |at| {
                        let (column, row) =
                            (unit * factor + at % factor, unit_row * factor + at / factor);
                        let inside = column < component.columns && row < component.rows;
                        (index, inside.then_some((column, row)))
                    })
                })
        })
    }

    /// Start of image, JFIF header, quantisation tables and frame header.
    pub(super) fn write_headers(&self, start_of_frame: u8, tables: &[[u8; 64]], out: &mut Vec<u8>) {
        out.extend([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]);
        out.extend(*b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        for (id, table) in (0u8..).zip(tables) {
            out.extend([0xFF, 0xDB, 0, 67, id]);
            out.extend(super::tables::ZIGZAG.map(|at| table[usize::from(at)]));
        }
        let count = self.components.len() as u8;
        out.extend([0xFF, start_of_frame, 0, 8 + 3 * count, 8]);
        out.extend((self.height as u16).to_be_bytes());
        out.extend((self.width as u16).to_be_bytes());
        out.push(count);
        for component in &self.components {
            let factor = component.factor as u8;
            out.extend([
                component.id,
                factor << 4 | factor,
                u8::from(component.kind == Kind::Chroma),
            ]);
        }
    }
}

/// A scan header: the components, the band of zigzag positions, and the bits (high, low).
pub(super) fn scan_header(components: &[Component], band: (u8, u8), bits: (u8, u8)) -> Vec<u8> {
    let count = components.len() as u8;
    let mut out = vec![0xFF, 0xDA, 0, 6 + 2 * count, count];
    for component in components {
        let tables = if component.kind == Kind::Luma {
            0x00
        } else {
            0x11
        };
        out.extend([component.id, tables]);
    }
    out.extend([band.0, band.1, bits.0 << 4 | bits.1]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_broken_unit() {
        let frame = Frame::new(17, 8, Sampling::Half);
        assert_eq!((frame.units_wide, frame.units_high), (2, 1));
        assert_eq!(
            (frame.components[0].columns, frame.components[0].rows),
            (3, 1)
        );
        assert_eq!(
            (frame.components[1].columns, frame.components[1].rows),
            (2, 1)
        );
        let places: Vec<Place> = frame.places(0).collect();
        let first = [
            (0, Some((0, 0))),
            (0, Some((1, 0))),
            (0, None),
            (0, None),
            (1, Some((0, 0))),
            (2, Some((0, 0))),
        ];
        let second = [
            (0, Some((2, 0))),
            (0, None),
            (0, None),
            (0, None),
            (1, Some((1, 0))),
            (2, Some((1, 0))),
        ];
        assert_eq!(places, [first, second].concat());
    }
}
