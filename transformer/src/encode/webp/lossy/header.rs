//! What was decided about a picture in, the first partition and the whole frame out (RFC 6386, section
//! 9): the header, the coefficients' probabilities, and the modes of all macroblocks.

use super::boolean::Writer;
use super::cost::{MODE_PATHS, bit};
use super::decide::Luma;
use super::predict::{BlockMode, Mode};
use super::segments::{SEGMENTS, Segments};
use super::tables::{BLOCK_MODES, DEFAULT, Probabilities, UNCHANGED};

/// The modes of a macroblock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Modes {
    pub(super) segment: u8,
    /// Nothing is coded but the modes.
    pub(super) skipped: bool,
    pub(super) luma: Luma,
    pub(super) chroma: Mode,
}

/// The blocks' modes that a macroblock counts for where its neighbours are predicted by blocks.
pub(super) fn as_blocks(luma: &Luma) -> [BlockMode; 16] {
    match luma {
        Luma::Blocks(modes) => *modes,
        Luma::Whole(mode) => {
            [match mode {
                Mode::Mean => BlockMode::Mean,
                Mode::Vertical => BlockMode::Vertical,
                Mode::Horizontal => BlockMode::Horizontal,
                Mode::TrueMotion => BlockMode::TrueMotion,
            }; 16]
        }
    }
}

/// The probabilities that serve what was counted best, the header's bits for them included, in 256ths.
pub(super) fn probabilities(counts: impl Iterator<Item = [u32; 2]>) -> Probabilities {
    let mut chosen = DEFAULT;
    let sites = chosen
        .as_flattened_mut()
        .as_flattened_mut()
        .as_flattened_mut();
    let unchanged = UNCHANGED.as_flattened().as_flattened().as_flattened();
    for ((odds, [all, ones]), &unchanged) in sites.iter_mut().zip(counts).zip(unchanged) {
        let new = if ones == 0 {
            255
        } else {
            (255 - u64::from(ones) * 255 / u64::from(all)) as u8
        };
        let cost = |odds: u8| {
            u64::from(all - ones) * u64::from(bit(false, odds))
                + u64::from(ones) * u64::from(bit(true, odds))
        };
        let new_cost = cost(new) + u64::from(bit(true, unchanged)) + 8 * 256;
        if new_cost < cost(*odds) + u64::from(bit(false, unchanged)) {
            *odds = new;
        }
    }
    chosen
}

/// Everything before the coefficients.
pub(super) struct Header<'a> {
    pub(super) segments: &'a Segments,
    pub(super) probabilities: &'a Probabilities,
    pub(super) macroblocks: &'a [Modes],
    pub(super) columns: usize,
}

impl Header<'_> {
    pub(super) fn write(&self) -> Vec<u8> {
        let mut writer = Writer::new(self.macroblocks.len() * 4 + 1024);
        writer.put_number(0, 2); // colour space, and whether clamping may be left out
        let tree = self.put_segments(&mut writer);
        writer.put_even(false); // the normal loop filter
        // Without a level here, decoders do not look at the segments' levels.
        let filter = self.segments.filter_levels.into_iter().max().unwrap_or(0);
        writer.put_number(u32::from(filter), 6);
        writer.put_number(0, 3); // sharpness
        writer.put_even(false); // no adjustment by mode
        writer.put_number(0, 2); // one partition of coefficients
        self.put_indices(&mut writer);
        writer.put_even(false); // probabilities are not kept: there is no next frame
        self.put_probabilities(&mut writer);
        let coded = self
            .macroblocks
            .iter()
            .filter(|modes| !modes.skipped)
            .count();
        let not_skipped = odds(coded, self.macroblocks.len());
        writer.put_even(true);
        writer.put_number(u32::from(not_skipped), 8);
        self.put_modes(&mut writer, tree, not_skipped);
        writer.finish()
    }

    /// Gives the probabilities of the segments' tree.
    fn put_segments(&self, writer: &mut Writer) -> [u8; 3] {
        let mut counts = [0; SEGMENTS];
        for modes in self.macroblocks {
            counts[usize::from(modes.segment)] += 1;
        }
        let [a, b, c, d] = counts;
        let tree = [odds(a + b, a + b + c + d), odds(a, a + b), odds(c, c + d)];
        writer.put_even(true); // there are segments
        writer.put_even(true); // and a map of them
        writer.put_even(true); // and values for each,
        writer.put_even(true); // which stand for themselves
        for indices in self.segments.indices {
            writer.put_optional(indices.index.into(), 7);
        }
        for level in self.segments.filter_levels {
            writer.put_optional(level.into(), 6);
        }
        for odds in tree {
            writer.put_even(odds != 255);
            if odds != 255 {
                writer.put_number(odds.into(), 8);
            }
        }
        tree
    }

    fn put_indices(&self, writer: &mut Writer) {
        let indices = self.segments.indices[0];
        writer.put_number(indices.index.into(), 7);
        writer.put_optional(0, 4); // luma's constants
        writer.put_optional(0, 4); // the constants' block
        writer.put_optional(0, 4);
        writer.put_optional(indices.chroma_constant.into(), 4);
        writer.put_optional(indices.chroma_other.into(), 4);
    }

    fn put_probabilities(&self, writer: &mut Writer) {
        let flat = |probabilities: &Probabilities| -> Vec<u8> {
            probabilities
                .as_flattened()
                .as_flattened()
                .as_flattened()
                .to_vec()
        };
        let (new, old) = (flat(self.probabilities), flat(&DEFAULT));
        for ((new, old), unchanged) in new.into_iter().zip(old).zip(flat(&UNCHANGED)) {
            writer.put(new != old, unchanged);
            if new != old {
                writer.put_number(new.into(), 8);
            }
        }
    }

    fn put_modes(&self, writer: &mut Writer, tree: [u8; 3], not_skipped: u8) {
        let mut above = vec![[BlockMode::Mean; 4]; self.columns];
        let mut left = [BlockMode::Mean; 4];
        for (at, modes) in self.macroblocks.iter().enumerate() {
            let column = at % self.columns;
            if column == 0 {
                left = [BlockMode::Mean; 4];
            }
            let upper = modes.segment > 1;
            writer.put(upper, tree[0]);
            writer.put(modes.segment % 2 == 1, tree[1 + usize::from(upper)]);
            writer.put(modes.skipped, not_skipped);
            put_luma(writer, &modes.luma, (&above[column], &left));
            put_chroma(writer, modes.chroma);
            let blocks = as_blocks(&modes.luma);
            above[column].copy_from_slice(&blocks[12..]);
            left = [3, 7, 11, 15].map(|at| blocks[at]);
        }
    }
}

fn put_luma(writer: &mut Writer, luma: &Luma, (above, left): (&[BlockMode; 4], &[BlockMode; 4])) {
    writer.put(matches!(luma, Luma::Whole(_)), 145);
    match luma {
        Luma::Whole(mode) => {
            let second = matches!(mode, Mode::Horizontal | Mode::TrueMotion);
            writer.put(second, 156);
            if second {
                writer.put(*mode == Mode::TrueMotion, 128);
            } else {
                writer.put(*mode == Mode::Vertical, 163);
            }
        }
        Luma::Blocks(modes) => {
            let (mut above, mut left) = (*above, *left);
            for (at, &mode) in modes.iter().enumerate() {
                let (above, left) = (&mut above[at % 4], &mut left[at / 4]);
                let odds = &BLOCK_MODES[*above as usize][*left as usize];
                for &(branch, outcome) in MODE_PATHS[mode as usize] {
                    writer.put(outcome, odds[branch]);
                }
                (*above, *left) = (mode, mode);
            }
        }
    }
}

fn put_chroma(writer: &mut Writer, mode: Mode) {
    writer.put(mode != Mode::Mean, 142);
    if mode != Mode::Mean {
        writer.put(mode != Mode::Vertical, 114);
        if mode != Mode::Vertical {
            writer.put(mode != Mode::Horizontal, 183);
        }
    }
}

/// The probability of `false`, of 255, where it occurs so often.
const fn odds(falses: usize, all: usize) -> u8 {
    if all == 0 {
        return 255;
    }
    let odds = (falses as u64 * 255 + all as u64 / 2) / all as u64;
    if odds == 0 { 1 } else { odds as u8 }
}
