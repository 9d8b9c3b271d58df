//! Samples around a macroblock in, its predictions out, as a decoder makes them (RFC 6386, 12.2).

use super::transform::Block;
use crate::lanes::{I16x8, U8x16, narrow_to_u8, widen};

/// Modes of whole macroblocks, luma and chroma, in the order of the RFC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Mean,
    Vertical,
    Horizontal,
    TrueMotion,
}

impl Mode {
    pub(super) const ALL: [Self; 4] = [
        Self::Mean,
        Self::Vertical,
        Self::Horizontal,
        Self::TrueMotion,
    ];
}

/// What a decoder takes for samples above the picture, and to the left of it.
pub(super) const ABOVE_PICTURE: u8 = 127;
pub(super) const LEFT_OF_PICTURE: u8 = 129;

/// The decoded samples around a square of 16 or of 8 samples a side (the rest is not looked at).
#[derive(Debug, Clone)]
pub(super) struct Edges {
    pub(super) above: [u8; 16],
    pub(super) left: [u8; 16],
    pub(super) corner: u8,
    pub(super) has_above: bool,
    pub(super) has_left: bool,
}

/// Predict a square of `blocks.len()` blocks: 16 for luma, 4 for chroma.
#[inline(always)]
pub(super) fn predict<const BLOCKS: usize>(mode: Mode, edges: &Edges) -> [Block; BLOCKS] {
    let side = if BLOCKS == 16 { 4 } else { 2 };
    match mode {
        Mode::Mean => [[mean(edges, side * 4); 16]; BLOCKS],
        Mode::Vertical => std::array::from_fn(|block| {
            let from = block % side * 4;
            std::array::from_fn(|at| edges.above[from + at % 4])
        }),
        Mode::Horizontal => std::array::from_fn(|block| {
            let from = block / side * 4;
            std::array::from_fn(|at| edges.left[from + at / 4])
        }),
        Mode::TrueMotion => std::array::from_fn(|block| {
            let above = &edges.above[block % side * 4..][..4];
            let left = &edges.left[block / side * 4..][..4];
            true_motion([above[0], above[1], above[2], above[3]], left, edges.corner)
        }),
    }
}

fn mean(edges: &Edges, side: usize) -> u8 {
    let sum = |samples: &[u8]| -> u32 { samples.iter().map(|&sample| u32::from(sample)).sum() };
    let (above, left) = (sum(&edges.above[..side]), sum(&edges.left[..side]));
    let (side, sum) = (
        side as u32,
        match (edges.has_above, edges.has_left) {
            (true, true) => above + left,
            (true, false) => above * 2,
            (false, true) => left * 2,
            (false, false) => return 128,
        },
    );
    ((sum + side) / (side * 2)) as u8
}

#[inline(always)]
fn true_motion(above: [u8; 4], left: &[u8], corner: u8) -> Block {
    let corner = i16::from(corner);
    std::array::from_fn(|at| {
        (i16::from(above[at % 4]) + i16::from(left[at / 4]) - corner).clamp(0, 255) as u8
    })
}

/// Modes of blocks, in the order of the RFC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum BlockMode {
    Mean,
    TrueMotion,
    Vertical,
    Horizontal,
    LeftDown,
    RightDown,
    VerticalRight,
    VerticalLeft,
    HorizontalDown,
    HorizontalUp,
}

impl BlockMode {
    pub(super) const ALL: [Self; 10] = [
        Self::Mean,
        Self::TrueMotion,
        Self::Vertical,
        Self::Horizontal,
        Self::LeftDown,
        Self::RightDown,
        Self::VerticalRight,
        Self::VerticalLeft,
        Self::HorizontalDown,
        Self::HorizontalUp,
    ];
}

/// The samples around a block: four to the left from below, the corner, eight above; three that are not
/// looked at fill up the lanes.
pub(super) type BlockEdges = [u8; 16];

/// Places of what predictions pick from: the edge smoothed over three samples, smoothed over two (from `TWO`),
/// and the lowest sample to the left (`LOWEST`).
const TWO: u8 = 16;
const LOWEST: u8 = TWO + 12;

/// Each sample of the edge's neighbour towards the lower left, and towards the upper right.
const BEFORE: Block = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 11, 11];
const AFTER: Block = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 12, 12, 12];
/// The second table with the first sample of the edge in `LOWEST`.
const WITH_LOWEST: Block = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 12, 12, 12];

const ABOVE: Block = [5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8];
const LEFT: Block = [3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0];

const LEFT_DOWN: Block = [6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12];
const RIGHT_DOWN: Block = [4, 5, 6, 7, 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4];
const VERTICAL_RIGHT: Block = [
    TWO + 4,
    TWO + 5,
    TWO + 6,
    TWO + 7,
    4,
    5,
    6,
    7,
    3,
    TWO + 4,
    TWO + 5,
    TWO + 6,
    2,
    4,
    5,
    6,
];
const VERTICAL_LEFT: Block = [
    TWO + 5,
    TWO + 6,
    TWO + 7,
    TWO + 8,
    6,
    7,
    8,
    9,
    TWO + 6,
    TWO + 7,
    TWO + 8,
    10,
    7,
    8,
    9,
    11,
];
const HORIZONTAL_DOWN: Block = [
    TWO + 3,
    4,
    5,
    6,
    TWO + 2,
    3,
    TWO + 3,
    4,
    TWO + 1,
    2,
    TWO + 2,
    3,
    TWO,
    1,
    TWO + 1,
    2,
];
const HORIZONTAL_UP: Block = [
    TWO + 2,
    2,
    TWO + 1,
    1,
    TWO + 1,
    1,
    TWO,
    0,
    TWO,
    0,
    LOWEST,
    LOWEST,
    LOWEST,
    LOWEST,
    LOWEST,
    LOWEST,
];

/// All ten predictions of a block, in the order of `BlockMode::ALL`.
#[inline(always)]
pub(super) fn predict_block(edges: &BlockEdges) -> [Block; 10] {
    let edge = U8x16::new(edges);
    let (before, after) = (edge.pick(edge, &BEFORE), edge.pick(edge, &AFTER));
    // (before + 2 edge + after + 2) / 4 and (edge + after + 1) / 2.
    let smooth = edge.mean(before.mean_down(after));
    let two = edge.mean(after).pick(edge, &WITH_LOWEST);
    let pick = |places: &Block| smooth.pick(two, places).lanes();
    let sum: u16 = [0, 1, 2, 3, 5, 6, 7, 8]
        .map(|at| u16::from(edges[at]))
        .iter()
        .sum();
    [
        [((sum + 4) >> 3) as u8; 16],
        true_motion_block(edge, edges[4]),
        pick(&ABOVE),
        pick(&LEFT),
        pick(&LEFT_DOWN),
        pick(&RIGHT_DOWN),
        pick(&VERTICAL_RIGHT),
        pick(&VERTICAL_LEFT),
        pick(&HORIZONTAL_DOWN),
        pick(&HORIZONTAL_UP),
    ]
}

/// As `true_motion`, of a block's edge.
#[inline(always)]
fn true_motion_block(edge: U8x16, corner: u8) -> Block {
    let (above, left) = (
        edge.pick(edge, &ABOVE).lanes(),
        edge.pick(edge, &LEFT).lanes(),
    );
    let (above, left) = (widen(&above), widen(&left));
    let corner = I16x8::splat(i16::from(corner));
    narrow_to_u8(
        above.0.add(left.0).sub(corner),
        above.1.add(left.1).sub(corner),
    )
}
