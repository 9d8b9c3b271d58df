//! The frame: a start-of-frame segment comes in, its components go out, and with a scale the sizes of
//! blocks, MCUs and planes. Never trusts a number that it has not checked.

use super::error::Error;
use super::header::{Coding, Colour, Header};
use super::scale::Scale;

/// A colour component as the frame declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factor, 1 to 4.
    pub(super) horizontal: u8,
    /// Sampling factor, 1 to 4.
    pub(super) vertical: u8,
    /// Number of the quantisation table, 0 to 3.
    pub(super) quantisation: usize,
}

/// A start-of-frame segment.
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) coding: Coding,
    pub(super) components: Vec<Component>,
}

/// Read a start-of-frame segment; `code` is its marker.
pub(super) fn parse_frame(code: u8, payload: &[u8]) -> Result<Frame, Error> {
    let coding = match code {
        0xC0 | 0xC1 => Coding::Sequential,
        0xC2 => Coding::Progressive,
        0xC3 => return Err(Error::Unsupported("lossless")),
        0xC5..=0xC7 | 0xCD..=0xCF => return Err(Error::Unsupported("hierarchical")),
        _ => return Err(Error::Unsupported("arithmetic-coded")),
    };
    let Some((&[precision, h1, h0, w1, w0, count], rest)) = payload.split_first_chunk() else {
        return Err(Error::Malformed("frame length"));
    };
    if precision != 8 {
        return Err(Error::Unsupported("more than 8-bit"));
    }
    let height = u32::from(u16::from_be_bytes([h1, h0]));
    let width = u32::from(u16::from_be_bytes([w1, w0]));
    if width == 0 || height == 0 {
        return Err(Error::Malformed("a side of zero"));
    }
    if !(1..=4).contains(&count) {
        return Err(Error::Malformed("component count"));
    }
    if rest.len() != usize::from(count) * 3 {
        return Err(Error::Malformed("frame length"));
    }
    let components: Result<Vec<_>, _> = rest
        .as_chunks::<3>()
        .0
        .iter()
        .map(|&[id, sampling, table]| component(id, sampling, table))
        .collect();
    let mut components = components?;
    if let [only] = components.as_mut_slice() {
        // Sampling is relative; libjpeg too ignores it where there is nothing to relate to.
        (only.horizontal, only.vertical) = (1, 1);
    }
    Ok(Frame {
        width,
        height,
        coding,
        components,
    })
}

fn component(id: u8, sampling: u8, table: u8) -> Result<Component, Error> {
    let (horizontal, vertical) = (sampling >> 4, sampling & 15);
    if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) {
        return Err(Error::Malformed("sampling factor"));
    }
    if table > 3 {
        return Err(Error::Malformed("quantisation table number"));
    }
    Ok(Component {
        id,
        horizontal,
        vertical,
        quantisation: usize::from(table),
    })
}

/// Where the blocks and samples of one component lie, at one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// Number of the component's quantisation table, 0 to 3.
    pub(super) quantisation: usize,
    /// Blocks of the component in one MCU, sideways.
    pub(super) horizontal: usize,
    /// Blocks of the component in one MCU, downwards.
    pub(super) vertical: usize,
    /// Samples that a block becomes along one side: 1, 2, 4 or 8.
    pub(super) side: usize,
    /// Blocks that hold something of the picture, in a row; a scan of this component alone has these.
    pub(super) columns: usize,
    /// Rows of blocks that hold something of the picture.
    pub(super) rows: usize,
    /// Blocks in a row, whole MCUs.
    pub(super) columns_padded: usize,
    /// Rows of blocks, whole MCUs.
    pub(super) rows_padded: usize,
    /// Samples of a row that belong to the picture.
    pub(super) width: usize,
    /// Rows of samples that belong to the picture.
    pub(super) height: usize,
}

impl Grid {
    /// Samples from one row of a plane to the next.
    pub(super) const fn stride(&self) -> usize {
        self.columns_padded * self.side
    }

    /// Rows of samples that one row of MCUs gives.
    pub(super) const fn stripe_rows(&self) -> usize {
        self.vertical * self.side
    }

    /// Coefficients, in zigzag order from the first, that the inverse transform of this size looks at.
    pub(super) const fn kept(&self) -> usize {
        match self.side {
            8 => 64,
            4 => 25,
            2 => 5,
            _ => 1,
        }
    }
}

/// All sizes of a picture at one scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) grids: Vec<Grid>,
    /// The largest horizontal sampling factor.
    pub(super) horizontal_max: usize,
    /// The largest vertical sampling factor.
    pub(super) vertical_max: usize,
    /// MCUs of a row, where all components share a scan.
    pub(super) mcu_columns: usize,
    /// Rows of such MCUs.
    pub(super) mcu_rows: usize,
    /// Samples that a block of the largest component becomes along one side.
    pub(super) side: usize,
    /// Pixels of the decoded picture.
    pub(super) width: usize,
    /// Pixels of the decoded picture.
    pub(super) height: usize,
}

/// How large the components that carry colour differences are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    /// As large as brightness, as far as they are stored so.
    Whole,
    /// Half of that along each side, where it is known that the result will be smaller still.
    Half,
}

impl Layout {
    pub(super) fn new(header: &Header, scale: Scale, colours: Colours) -> Self {
        let factors = |of: fn(&Component) -> u8| {
            header
                .components
                .iter()
                .map(of)
                .max()
                .map_or(1, usize::from)
        };
        let horizontal_max = factors(|component| component.horizontal);
        let vertical_max = factors(|component| component.vertical);
        let (width, height) = (header.width as usize, header.height as usize);
        let mut layout = Self {
            grids: Vec::with_capacity(header.components.len()),
            horizontal_max,
            vertical_max,
            mcu_columns: width.div_ceil(8 * horizontal_max),
            mcu_rows: height.div_ceil(8 * vertical_max),
            side: scale.block_side(),
            width: scale.side(header.width) as usize,
            height: scale.side(header.height) as usize,
        };
        for (index, component) in header.components.iter().enumerate() {
            let differences = header.colour == Colour::YCbCr && index > 0;
            let colours = if differences { colours } else { Colours::Whole };
            let grid = layout.grid(component, colours, (width, height));
            layout.grids.push(grid);
        }
        layout
    }

    fn grid(&self, component: &Component, colours: Colours, stored: (usize, usize)) -> Grid {
        let horizontal = usize::from(component.horizontal);
        let vertical = usize::from(component.vertical);
        let side = self.component_side((horizontal, vertical), colours);
        Grid {
            quantisation: component.quantisation,
            horizontal,
            vertical,
            side,
            columns: (stored.0 * horizontal).div_ceil(8 * self.horizontal_max),
            rows: (stored.1 * vertical).div_ceil(8 * self.vertical_max),
            columns_padded: self.mcu_columns * horizontal,
            rows_padded: self.mcu_rows * vertical,
            width: (stored.0 * horizontal * side).div_ceil(8 * self.horizontal_max),
            height: (stored.1 * vertical * side).div_ceil(8 * self.vertical_max),
        }
    }

    /// A component stored at half the size is decoded at twice the scale, so that it needs no
    /// enlarging: cheaper and sharper. libjpeg-turbo chooses the same.
    fn component_side(&self, (horizontal, vertical): (usize, usize), colours: Colours) -> usize {
        let fraction = match colours {
            Colours::Whole => 1,
            Colours::Half => 2,
        };
        let mut side = (self.side / fraction).max(1);
        while side < 8
            && (self.horizontal_max * self.side).is_multiple_of(horizontal * side * 2 * fraction)
            && (self.vertical_max * self.side).is_multiple_of(vertical * side * 2 * fraction)
        {
            side *= 2;
        }
        side
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(precision: u8, size: [u8; 4], components: &[u8]) -> Vec<u8> {
        let mut payload = vec![precision];
        payload.extend(size);
        payload.push((components.len() / 3) as u8);
        payload.extend(components);
        payload
    }

    #[test]
    fn colours_are_decoded_whole_or_at_half() {
        let sides = |sampling: u8, scale, colours| {
            let components = [1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0];
            let file = [
                &[0xFF, 0xD8, 0xFF, 0xC0, 0, 17][..],
                &frame(8, [1, 0, 1, 0], &components),
                &[0xFF, 0xDA, 0, 3, 3],
            ];
            let header = Header::read(&file.concat()).unwrap();
            let layout = Layout::new(&header, scale, colours);
            (
                layout.grids[0].side,
                layout.grids[1].side,
                layout.grids[1].width,
            )
        };
        // Stored at half the size: enlarged by the transform as far as it goes, or left as stored.
        for (scale, whole, half) in [
            (Scale::Full, (8, 8, 128), (8, 8, 128)),
            (Scale::Half, (4, 8, 128), (4, 4, 64)),
            (Scale::Quarter, (2, 4, 64), (2, 2, 32)),
            (Scale::Eighth, (1, 2, 32), (1, 1, 16)),
        ] {
            assert_eq!(sides(0x22, scale, Colours::Whole), whole, "{scale:?}");
            assert_eq!(sides(0x22, scale, Colours::Half), half, "{scale:?}");
        }
        // Stored whole: never less than a sample a block.
        for (scale, whole, half) in [
            (Scale::Full, (8, 8, 256), (8, 4, 128)),
            (Scale::Quarter, (2, 2, 64), (2, 1, 32)),
            (Scale::Eighth, (1, 1, 32), (1, 1, 32)),
        ] {
            assert_eq!(sides(0x11, scale, Colours::Whole), whole, "{scale:?}");
            assert_eq!(sides(0x11, scale, Colours::Half), half, "{scale:?}");
        }
    }

    #[test]
    fn kinds_that_are_not_read_are_named() {
        let payload = frame(8, [0, 1, 0, 1], &[1, 0x11, 0]);
        for (code, name) in [
            (0xC3, "lossless"),
            (0xC5, "hierarchical"),
            (0xC9, "arithmetic-coded"),
            (0xCA, "arithmetic-coded"),
            (0xCF, "hierarchical"),
        ] {
            let error = parse_frame(code, &payload).err();
            assert_eq!(error, Some(Error::Unsupported(name)));
        }
        let deep = frame(12, [0, 1, 0, 1], &[1, 0x11, 0]);
        let error = parse_frame(0xC1, &deep).err();
        assert_eq!(error, Some(Error::Unsupported("more than 8-bit")));
    }

    #[test]
    fn broken_rules_are_named() {
        let check = |payload: &[u8], name| {
            let error = parse_frame(0xC0, payload).err();
            assert_eq!(error, Some(Error::Malformed(name)));
        };
        check(&frame(8, [0, 0, 0, 1], &[1, 0x11, 0]), "a side of zero");
        check(&frame(8, [0, 1, 0, 0], &[1, 0x11, 0]), "a side of zero");
        check(&frame(8, [0, 1, 0, 1], &[]), "component count");
        check(&frame(8, [0, 1, 0, 1], &[1, 0x51, 0]), "sampling factor");
        check(&frame(8, [0, 1, 0, 1], &[1, 0x10, 0]), "sampling factor");
        check(
            &frame(8, [0, 1, 0, 1], &[1, 0x11, 4]),
            "quantisation table number",
        );
        check(&[8, 0, 1, 0, 1, 2, 1, 0x11, 0], "frame length");
        check(&[8, 0, 1], "frame length");
    }
}
