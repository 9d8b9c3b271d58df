//! Levels to the decisions that code them (RFC 6386, section 13), kept until their probabilities are
//! known, and counted.

use super::boolean::Writer;
use super::quantise::Levels;
use super::tables::{BANDS, Probabilities};

/// Kinds of blocks, which have probabilities of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Luma whose constant coefficient is coded elsewhere.
    LumaRest,
    LumaConstants,
    Chroma,
    Luma,
}

impl Kind {
    /// The first coefficient that is coded.
    pub(super) const fn first(self) -> usize {
        matches!(self, Self::LumaRest) as usize
    }
}

/// A decision of a level's code: a branch of the tree with probabilities of its own, or fixed odds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Branch {
    Tree(usize),
    Fixed(u8),
}

/// The extra bits' probabilities of codes for ranges of levels, and the lowest level of each range.
const RANGES: [(u32, &[u8]); 6] = [
    (5, &[159]),
    (7, &[165, 145]),
    (11, &[173, 148, 140]),
    (19, &[176, 155, 140, 135]),
    (35, &[180, 157, 141, 134, 130]),
    (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129]),
];

/// The decisions that code a level of 1 or more, the sign left out.
#[inline(always)]
pub(super) fn walk(level: u32, mut decide: impl FnMut(Branch, bool)) {
    use Branch::{Fixed, Tree};
    decide(Tree(2), level > 1);
    if level == 1 {
        return;
    }
    decide(Tree(3), level > 4);
    if level <= 4 {
        decide(Tree(4), level > 2);
        if level > 2 {
            decide(Tree(5), level > 3);
        }
        return;
    }
    let range = RANGES
        .iter()
        .rposition(|range| level >= range.0)
        .unwrap_or(0);
    decide(Tree(6), range > 1);
    if range < 2 {
        decide(Tree(7), range > 0);
    } else {
        decide(Tree(8), range > 3);
        decide(Tree(if range > 3 { 10 } else { 9 }), range % 2 == 1);
    }
    let (lowest, extra) = RANGES[range];
    for (at, &probability) in extra.iter().enumerate() {
        let bit = (level - lowest) >> (extra.len() - 1 - at) & 1 == 1;
        decide(Fixed(probability), bit);
    }
}

/// Each decision in two bytes: the outcome, whether the odds are fixed, and the odds or where they
/// stand among the probabilities.
const OUTCOME: u16 = 1 << 15;
const FIXED: u16 = 1 << 14;
const SITES: usize = 4 * 8 * 3 * 11;
/// Decisions are kept in pages of this many: one growing list would be held twice while it grows.
const PAGE: usize = 1 << 16;

/// All decisions about coefficients of a frame, in order.
#[derive(Debug)]
pub(super) struct Tokens {
    pages: Vec<Vec<u16>>,
    /// The page that is being filled.
    page: Vec<u16>,
    /// How often each site was decided, and how often it was `true`.
    counts: Vec<[u32; 2]>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self {
            pages: Vec::new(),
            page: Vec::with_capacity(PAGE),
            counts: vec![[0; 2]; SITES],
        }
    }

    /// Code a block in the context of how many neighbours have coefficients.
    pub(super) fn put(&mut self, kind: Kind, context: usize, levels: &Levels) {
        let mut at = kind.first();
        let mut site = site(kind, at, context);
        if levels.nonzero == 0 {
            self.decide(site, false);
            return;
        }
        let last = 31 - levels.nonzero.leading_zeros() as usize;
        self.decide(site, true);
        loop {
            let level = levels.magnitudes[at] as u32;
            self.decide(site + 1, level != 0);
            if level != 0 {
                walk(level, |branch, bit| match branch {
                    Branch::Tree(branch) => self.decide(site + branch, bit),
                    Branch::Fixed(odds) => self.put_fixed(odds, bit),
                });
                self.put_fixed(128, levels.negative >> at & 1 == 1);
            }
            at += 1;
            if at == 16 {
                return;
            }
            site = self::site(kind, at, level.min(2) as usize);
            if level != 0 {
                self.decide(site, at <= last);
                if at > last {
                    return;
                }
            }
        }
    }

    #[inline(always)]
    fn push(&mut self, token: u16) {
        if self.page.len() == PAGE {
            let full = std::mem::replace(&mut self.page, Vec::with_capacity(PAGE));
            self.pages.push(full);
        }
        self.page.push(token);
    }

    #[inline(always)]
    fn decide(&mut self, site: usize, outcome: bool) {
        let count = &mut self.counts[site];
        count[0] += 1;
        count[1] += u32::from(outcome);
        self.push(site as u16 | if outcome { OUTCOME } else { 0 });
    }

    #[inline(always)]
    fn put_fixed(&mut self, odds: u8, outcome: bool) {
        let outcome = if outcome { OUTCOME } else { 0 };
        self.push(u16::from(odds) | FIXED | outcome);
    }

    /// Decisions and `true` ones at each site.
    pub(super) fn counts(&self) -> &[[u32; 2]] {
        &self.counts
    }

    pub(super) fn write(&self, probabilities: &Probabilities) -> Vec<u8> {
        let odds: Vec<u8> = (probabilities.as_flattened().as_flattened().as_flattened()).to_vec();
        let mut writer = Writer::new((self.pages.len() + 1) * PAGE / 8);
        for &token in self.pages.iter().chain([&self.page]).flatten() {
            let outcome = token & OUTCOME != 0;
            let rest = token & !(OUTCOME | FIXED);
            let odds = if token & FIXED == 0 {
                odds[usize::from(rest)]
            } else {
                rest as u8
            };
            writer.put(outcome, odds);
        }
        writer.finish()
    }
}

/// Where the probabilities of a coefficient stand.
#[inline(always)]
fn site(kind: Kind, at: usize, context: usize) -> usize {
    ((kind as usize * 8 + BANDS[at]) * 3 + context) * 11
}
