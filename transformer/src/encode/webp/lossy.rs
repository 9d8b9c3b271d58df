//! Pixels to a VP8 key frame (RFC 6386): what the lossy chunk of a WebP file holds. Alpha is not looked
//! at. The same pixels and quality always give the same bytes.
//!
//! Each macroblock is decided on once, under the probabilities learnt so far; its coefficients are kept
//! as decisions, whose own probabilities are known when all have been seen.

#![expect(
    clippy::inline_always,
    reason = "lane operations and what is made of them cost nothing only when inlined"
)]
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "a binary decision is what an arithmetic coder codes"
)]

mod border;
mod boolean;
mod cost;
mod decide;
mod header;
mod planes;
mod predict;
mod quantise;
mod segments;
mod tables;
mod tokens;
mod transform;

use border::{Border, CONSTANTS, Nonzero};
use cost::{Costs, ModeCosts, mode_costs};
use decide::{Coded, Luma, Scene, Segment, decide};
use header::{Header, Modes, as_blocks, probabilities};
pub(super) use planes::Planes;
use predict::BlockMode;
use segments::Segments;
use tokens::{Kind, Tokens};

/// How often costs follow what was counted: after each eighth of the picture, but not more often than
/// after so many macroblocks.
const RELEARN_EIGHTHS: usize = 8;
const RELEARN_MIN: usize = 96;

/// What the first partition may hold, in 256ths of a bit: its bytes are counted in 19 bits, and 4 KB are
/// kept for the header.
const MODES_RATE_MAX: u64 = ((1 << 19) - (4 << 10)) * 8 * 256;
/// What is counted for a macroblock's segment and for whether it is skipped: three bits.
const FLAGS_RATE: u32 = 3 * 256;
/// The most that the modes of sixteen blocks, and of a whole macroblock, can take: 20 and 11 bits.
const BLOCKS_RATE_MAX: u64 = 16 * 20 * 256;
const WHOLE_RATE_MAX: u64 = 11 * 256;

/// Sides from 1 to 16,383. `None` where there are more macroblocks (some 250 million pixels) than modes fit
/// into the first partition.
pub(super) fn encode(planes: &Planes, quality: u8) -> Option<Vec<u8>> {
    let segments = Segments::new(planes, quality);
    let mut frame = Frame::new(planes, &segments);
    for y in 0..planes.rows {
        for x in 0..planes.columns {
            frame.code(planes, (x, y));
        }
        frame.end_row();
    }
    frame.finish(planes.size)
}

/// A picture while it is coded.
struct Frame<'a> {
    segments: &'a Segments,
    columns: usize,
    kinds: [Segment; segments::SEGMENTS],
    luma: Border,
    chroma: [Border; 2],
    nonzero: Nonzero,
    modes_above: Vec<[BlockMode; 4]>,
    modes_left: [BlockMode; 4],
    mode_costs: Box<ModeCosts>,
    costs: Costs,
    relearn: usize,
    tokens: Tokens,
    macroblocks: Vec<Modes>,
    /// What is in `macroblocks`, in 256ths of a bit, and how many there will be.
    modes_rate: u64,
    count: usize,
}

impl<'a> Frame<'a> {
    fn new(planes: &Planes, segments: &'a Segments) -> Self {
        let columns = planes.columns;
        let count = columns * planes.rows;
        Self {
            segments,
            columns,
            kinds: segments.indices.map(Segment::new),
            luma: Border::new(columns, 16),
            chroma: [Border::new(columns, 8), Border::new(columns, 8)],
            nonzero: Nonzero::new(columns),
            modes_above: vec![[BlockMode::Mean; 4]; columns],
            modes_left: [BlockMode::Mean; 4],
            mode_costs: mode_costs(),
            costs: Costs::new(&tables::DEFAULT),
            relearn: (count / RELEARN_EIGHTHS).max(RELEARN_MIN),
            tokens: Tokens::new(),
            macroblocks: Vec::with_capacity(count),
            modes_rate: 0,
            count,
        }
    }

    /// So many modes that the first partition is enough for all macroblocks.
    fn modes_allowed(&self) -> decide::Modes {
        let done = self.macroblocks.len() as u64 + 1;
        let share = MODES_RATE_MAX * done / self.count as u64;
        if self.modes_rate + BLOCKS_RATE_MAX <= share {
            decide::Modes::All
        } else if self.modes_rate + WHOLE_RATE_MAX <= share {
            decide::Modes::Whole
        } else {
            decide::Modes::Mean
        }
    }

    /// Decide on the next macroblock, the one at `position`, and record it.
    fn code(&mut self, planes: &Planes, position: (usize, usize)) -> Coded {
        let at = self.macroblocks.len();
        if at > 0 && at.is_multiple_of(self.relearn) {
            self.costs = Costs::new(&probabilities(self.tokens.counts()));
        }
        let segment = self.segments.of[at];
        let scene = Scene {
            segment: &self.kinds[usize::from(segment)],
            costs: &self.costs,
            mode_costs: &self.mode_costs,
            luma: &self.luma,
            chroma: &self.chroma,
            above: self.nonzero.above[position.0],
            left: self.nonzero.left,
            modes_above: self.modes_above[position.0],
            modes_left: self.modes_left,
        };
        let source = (&planes.luma(position), &planes.chroma(position));
        let coded = decide(&scene, source, self.modes_allowed());
        self.modes_rate += u64::from(coded.modes_rate + FLAGS_RATE);
        let skipped = is_empty(&coded);
        self.put_levels(&coded, position.0, skipped);
        self.luma.advance(&coded.luma_samples);
        for (border, samples) in self.chroma.iter_mut().zip(&coded.chroma_samples) {
            border.advance(samples);
        }
        let blocks = as_blocks(&coded.luma);
        self.modes_above[position.0].copy_from_slice(&blocks[12..]);
        self.modes_left = [3, 7, 11, 15].map(|at| blocks[at]);
        self.macroblocks.push(Modes {
            segment,
            skipped,
            luma: coded.luma,
            chroma: coded.chroma,
        });
        coded
    }

    /// Record coefficients, and where there are any.
    fn put_levels(&mut self, coded: &Coded, column: usize, skipped: bool) {
        let (above, left) = (&mut self.nonzero.above[column], &mut self.nonzero.left);
        let whole = matches!(coded.luma, Luma::Whole(_));
        if skipped {
            // A macroblock without a constants' block leaves that flag as it is.
            let keep = (above[CONSTANTS], left[CONSTANTS]);
            (*above, *left) = ([0; 9], [0; 9]);
            if !whole {
                (above[CONSTANTS], left[CONSTANTS]) = keep;
            }
            return;
        }
        let mut put = |kind, levels, (column, row): (usize, usize)| {
            let (above, left) = (&mut above[column], &mut left[row]);
            self.tokens.put(kind, usize::from(*above + *left), levels);
            (*above, *left) = (u8::from(levels.nonzero != 0), u8::from(levels.nonzero != 0));
        };
        if whole {
            put(
                Kind::LumaConstants,
                &coded.constants,
                (CONSTANTS, CONSTANTS),
            );
        }
        let kind = if whole { Kind::LumaRest } else { Kind::Luma };
        for (at, levels) in coded.luma_levels.iter().enumerate() {
            put(kind, levels, (at % 4, at / 4));
        }
        for (at, levels) in coded.chroma_levels.iter().enumerate() {
            let plane = 4 + at / 4 * 2;
            put(Kind::Chroma, levels, (plane + at % 2, plane + at % 4 / 2));
        }
    }

    fn end_row(&mut self) {
        self.nonzero.left = [0; 9];
        self.modes_left = [BlockMode::Mean; 4];
    }

    /// `None` where the modes do not fit into their partition.
    fn finish(self, (width, height): (usize, usize)) -> Option<Vec<u8>> {
        let probabilities = probabilities(self.tokens.counts());
        let header = Header {
            segments: self.segments,
            probabilities: &probabilities,
            macroblocks: &self.macroblocks,
            columns: self.columns,
        };
        let first = header.write();
        let rest = self.tokens.write(&probabilities);
        // The tag: a key frame, version 0, to be shown, and the bytes of the first partition in 19 bits.
        let tag = 1 << 4 | (first.len() as u32) << 5;
        if first.len() >= 1 << 19 {
            return None;
        }
        let mut out = Vec::with_capacity(10 + first.len() + rest.len());
        out.extend(&tag.to_le_bytes()[..3]);
        out.extend([0x9D, 0x01, 0x2A]);
        out.extend((width as u16).to_le_bytes());
        out.extend((height as u16).to_le_bytes());
        out.extend(first);
        out.extend(rest);
        Some(out)
    }
}

fn is_empty(coded: &Coded) -> bool {
    let blocks = coded.luma_levels.iter().chain(&coded.chroma_levels);
    blocks
        .chain([&coded.constants])
        .all(|levels| levels.nonzero == 0)
}

#[cfg(test)]
mod tests;
