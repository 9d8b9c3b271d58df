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

/// Each decision in two bytes: the outcome, and where the odds stand: among the probabilities, or behind them where
/// they are fixed.
const OUTCOME: u16 = 1 << 15;
const SITES: usize = 4 * 8 * 3 * 11;
const FIXED: u16 = SITES as u16;
/// All places, rounded up to what the lower bits can name.
const PLACES: usize = 1 << 11;
/// Decisions are kept in pages of this many: one growing list would be held twice while it grows.
const PAGE: usize = 1 << 16;
/// More than a block has: one, and for each coefficient 18 of its level, a sign and whether another follows.
const BLOCK_MAX: usize = 512;

/// All decisions about coefficients of a frame, in order.
#[derive(Debug)]
pub(super) struct Tokens {
    pages: Vec<Vec<u16>>,
    /// The page that is being filled.
    page: Vec<u16>,
    /// How often each site was decided, and in the upper half how often it was `true`.
    counts: Box<[u64; SITES]>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self {
            pages: Vec::new(),
            page: Vec::with_capacity(PAGE),
            counts: Box::new([0; SITES]),
        }
    }

    /// Code a block in the context of how many neighbours have coefficients.
    #[inline(always)]
    pub(super) fn put(&mut self, kind: Kind, context: usize, levels: &Levels) {
        let mut block = Decisions {
            tokens: [0; BLOCK_MAX],
            len: 0,
            counts: &mut self.counts,
        };
        block.put(kind, context, levels);
        let tokens = &block.tokens[..block.len];
        if self.page.len() + tokens.len() > PAGE {
            let full = std::mem::replace(&mut self.page, Vec::with_capacity(PAGE));
            self.pages.push(full);
        }
        self.page.extend_from_slice(tokens);
    }

    /// Decisions and `true` ones at each site.
    pub(super) fn counts(&self) -> impl Iterator<Item = [u32; 2]> {
        let halves = |count: &u64| [*count as u32, (*count >> 32) as u32];
        self.counts.iter().map(halves)
    }

    pub(super) fn write(&self, probabilities: &Probabilities) -> Vec<u8> {
        let learnt = probabilities.as_flattened().as_flattened().as_flattened();
        let mut odds = [0; PLACES];
        let (of_sites, fixed) = odds.split_at_mut(SITES);
        of_sites.copy_from_slice(learnt);
        (0..=255).zip(fixed).for_each(|(odds, place)| *place = odds);
        let mut writer = Writer::new((self.pages.len() + 1) * PAGE / 8);
        for page in self.pages.iter().chain([&self.page]) {
            writer.put_all(page.iter().map(|&token| {
                let place = usize::from(token) % PLACES;
                (token & OUTCOME != 0, odds[place])
            }));
        }
        writer.finish()
    }
}

/// The decisions of a block.
struct Decisions<'a> {
    tokens: [u16; BLOCK_MAX],
    len: usize,
    counts: &'a mut [u64; SITES],
}

impl Decisions<'_> {
    #[inline(always)]
    fn put(&mut self, kind: Kind, context: usize, levels: &Levels) {
        let mut at = kind.first();
        let mut site = site(kind, at, context);
        if levels.nonzero == 0 {
            self.decide(site, false);
            return;
        }
        let last = 31 - levels.nonzero.leading_zeros() as usize;
        self.decide(site, true);
        loop {
            let level = levels.magnitudes[at & 15] as u32;
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
        self.tokens[self.len % BLOCK_MAX] = token;
        self.len += 1;
    }

    #[inline(always)]
    fn decide(&mut self, site: usize, outcome: bool) {
        self.counts[site] += 1 | u64::from(outcome) << 32;
        self.push(site as u16 | if outcome { OUTCOME } else { 0 });
    }

    #[inline(always)]
    fn put_fixed(&mut self, odds: u8, outcome: bool) {
        let outcome = if outcome { OUTCOME } else { 0 };
        self.push((FIXED + u16::from(odds)) | outcome);
    }
}

/// Where the probabilities of a coefficient stand.
#[inline(always)]
fn site(kind: Kind, at: usize, context: usize) -> usize {
    ((kind as usize * 8 + BANDS[at]) * 3 + context) * 11
}
