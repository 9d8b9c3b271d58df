//! Blocks as they were decided on, and their symbols (AV1 specification, 5.11.5 and on).

use super::cdf::{Cdfs, Costs};
use super::coefficients::{self, Context};
use super::frame::Place;
use super::modes::Mode;
use super::range::RangeCoder;
use super::transform::{Size, Wave, Waves};

/// How chroma is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chroma {
    pub(super) mode: Mode,
    pub(super) delta: i8,
    /// What luma counts, in eighths, for blue and red, if chroma is predicted from it.
    pub(super) alphas: [i8; 2],
}

/// A block with one transform for each plane.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) place: Place,
    pub(super) mode: Mode,
    pub(super) delta: i8,
    pub(super) waves: Waves,
    pub(super) chroma: Option<Chroma>,
    /// By plane, in coding order, up to the last that is not zero.
    pub(super) levels: [Vec<i16>; 3],
    /// By plane, what they are to the neighbours: the sum and the constant's sign.
    pub(super) traces: [(u8, u8); 3],
}

impl Block {
    pub(super) fn skip(&self) -> bool {
        self.levels.iter().all(Vec::is_empty)
    }
}

/// How an area is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partition {
    None,
    Horizontal,
    Vertical,
    Split,
}

/// An area as it was divided.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    Blocks(Partition, Vec<Block>),
    Split(Vec<Self>),
    /// Beyond the edge.
    Nothing,
}

/// The contexts of a block's symbols.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contexts {
    pub(super) mode: usize,
    pub(super) skip: usize,
    pub(super) planes: [Context; 3],
}

/// The row of the probabilities of a mode's angles.
const fn angle_row(mode: Mode) -> usize {
    mode as usize - Mode::Vertical as usize
}

/// Whether angles between those of the modes are coded.
pub(super) const fn has_deltas(size: Size) -> bool {
    size.width_log + size.height_log >= 6 && size.width_log > 2 && size.height_log > 2
}

/// What a mode of luma costs.
pub(super) fn mode_cost(
    costs: &Costs,
    context: usize,
    size: Size,
    (mode, delta): (Mode, i8),
) -> u32 {
    u32::from(costs.y_mode[context][mode as usize]) + delta_cost(costs, size, mode, delta)
}

fn delta_cost(costs: &Costs, size: Size, mode: Mode, delta: i8) -> u32 {
    if mode.is_directional() && has_deltas(size) {
        costs.angle[angle_row(mode)][(delta + 3) as usize].into()
    } else {
        0
    }
}

/// What a mode of chroma costs; the size is that of the block's luma.
pub(super) fn chroma_cost(costs: &Costs, size: Size, luma: Mode, chroma: Chroma) -> u32 {
    let mode = u32::from(costs.uv_mode[luma as usize][chroma.mode as usize]);
    if chroma.mode != Mode::FromLuma {
        return mode + delta_cost(costs, size, chroma.mode, chroma.delta);
    }
    let signs = alpha_signs(chroma.alphas);
    let alphas = alpha_symbols(chroma.alphas).into_iter().flatten();
    let alphas: u32 = alphas
        .map(|(row, symbol)| u32::from(costs.cfl_alpha[row][symbol]))
        .sum();
    mode + u32::from(costs.cfl_signs[0][signs]) + alphas
}

const fn sign_of(alpha: i8) -> usize {
    match alpha {
        0 => 0,
        ..0 => 1,
        1.. => 2,
    }
}

const fn alpha_signs([blue, red]: [i8; 2]) -> usize {
    sign_of(blue) * 3 + sign_of(red) - 1
}

/// Context and symbol of each alpha that is coded.
fn alpha_symbols([blue, red]: [i8; 2]) -> [Option<(usize, usize)>; 2] {
    let one = |alpha: i8, other: i8| {
        (alpha != 0).then(|| {
            let context = (sign_of(alpha) - 1) * 3 + sign_of(other);
            (context, usize::from(alpha.unsigned_abs()) - 1)
        })
    };
    [one(blue, red), one(red, blue)]
}

/// The symbol of a transform, and the row of its probabilities; whether there are seven or five.
fn waves_symbol(size: Size, mode: Mode, waves: Waves) -> Option<(usize, usize, bool)> {
    let (short, long) = (
        size.width_log.min(size.height_log),
        size.width_log.max(size.height_log),
    );
    if long > 4 {
        return None;
    }
    let seven = short < 4;
    let (cosines, sines) = if seven { (1, 4) } else { (1, 2) };
    let symbol = match (waves.0, waves.1) {
        (Wave::Cosine, Wave::Cosine) => cosines,
        (Wave::Sine, Wave::Sine) => sines,
        (Wave::Sine, Wave::Cosine) => sines + 1,
        (Wave::Cosine, Wave::Sine) => sines + 2,
    };
    Some(((short - 2) as usize * 13 + mode as usize, symbol, seven))
}

/// What a transform of luma costs.
pub(super) fn waves_cost(costs: &Costs, size: Size, mode: Mode, waves: Waves) -> u32 {
    match waves_symbol(size, mode, waves) {
        Some((row, symbol, true)) => costs.transform_7[row][symbol].into(),
        Some((row, symbol, false)) => costs.transform_5[row][symbol].into(),
        None => 0,
    }
}

/// Write all of a block.
pub(super) fn write(coder: &mut RangeCoder, cdfs: &mut Cdfs, contexts: &Contexts, block: &Block) {
    let skip = block.skip();
    coder.symbol(&mut cdfs.skip[contexts.skip], usize::from(skip));
    coder.symbol(&mut cdfs.y_mode[contexts.mode], block.mode as usize);
    write_delta(coder, cdfs, block.place.size, (block.mode, block.delta));
    if let Some(chroma) = block.chroma {
        write_chroma(coder, cdfs, block, chroma);
    }
    if skip {
        return;
    }
    let planes = if block.chroma.is_some() { 3 } else { 1 };
    for plane in 0..planes {
        let (context, levels) = (contexts.planes[plane], &block.levels[plane]);
        let none = levels.is_empty();
        coder.symbol(
            &mut cdfs.all_zero[context.all_zero_row()],
            usize::from(none),
        );
        if none {
            continue;
        }
        if plane == 0 {
            match waves_symbol(context.size, block.mode, block.waves) {
                Some((row, symbol, true)) => coder.symbol(&mut cdfs.transform_7[row], symbol),
                Some((row, symbol, false)) => coder.symbol(&mut cdfs.transform_5[row], symbol),
                None => {}
            }
        }
        coefficients::write(coder, cdfs, context, levels);
    }
}

fn write_delta(coder: &mut RangeCoder, cdfs: &mut Cdfs, size: Size, (mode, delta): (Mode, i8)) {
    if mode.is_directional() && has_deltas(size) {
        coder.symbol(&mut cdfs.angle[angle_row(mode)], (delta + 3) as usize);
    }
}

fn write_chroma(coder: &mut RangeCoder, cdfs: &mut Cdfs, block: &Block, chroma: Chroma) {
    coder.symbol(&mut cdfs.uv_mode[block.mode as usize], chroma.mode as usize);
    if chroma.mode == Mode::FromLuma {
        coder.symbol(&mut cdfs.cfl_signs[0], alpha_signs(chroma.alphas));
        for (row, symbol) in alpha_symbols(chroma.alphas).into_iter().flatten() {
            coder.symbol(&mut cdfs.cfl_alpha[row], symbol);
        }
    }
    write_delta(coder, cdfs, block.place.size, (chroma.mode, chroma.delta));
}
