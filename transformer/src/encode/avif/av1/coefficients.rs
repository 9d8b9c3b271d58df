//! Levels to symbols, and what the symbols cost (AV1 specification, 5.11.39).

use super::cdf::{BIT, Cdfs, Costs};
use super::range::RangeCoder;
use super::scan::{self, LEVELS, Place, end_context, seen};
use super::transform::Size;

/// The highest level that needs no bits of its own length.
const LEVEL_CODED_MAX: i32 = 14;

/// Which probabilities a block's coefficients have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) size: Size,
    /// 0 for luma, 1 for chroma.
    pub(super) kind: usize,
    /// Of whether there is any.
    pub(super) all_zero: usize,
    /// Of the constant's sign.
    pub(super) sign: usize,
}

impl Context {
    /// 0 for 4x4 to 3 for 32x32.
    pub(super) const fn size_class(self) -> usize {
        ((self.size.width_log + self.size.height_log).div_ceil(2) - 2) as usize
    }

    pub(super) const fn all_zero_row(self) -> usize {
        self.size_class() * 13 + self.all_zero
    }

    const fn base_row(self) -> usize {
        (self.size_class() * 2 + self.kind) * 41
    }

    const fn more_row(self) -> usize {
        (self.size_class() * 2 + self.kind) * 21
    }

    const fn end_row(self) -> usize {
        (self.size_class() * 2 + self.kind) * 4
    }

    const fn extra_row(self) -> usize {
        (self.size_class() * 2 + self.kind) * 11
    }

    const fn sign_row(self) -> usize {
        self.kind * 3 + self.sign
    }
}

/// Where coefficients end: the class of the count, and the count within.
const fn split_count(count: usize) -> (usize, u32) {
    if count <= 1 {
        return (0, 0);
    }
    let class = (count - 1).ilog2() as usize + 1;
    (class, (count - 1 - (1 << (class - 1))) as u32)
}

/// Costs of one block's levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct LevelCosts<'a> {
    costs: &'a Costs,
    context: Context,
}

impl<'a> LevelCosts<'a> {
    pub(super) const fn new(costs: &'a Costs, context: Context) -> Self {
        Self { costs, context }
    }

    /// Of there being none, or any.
    pub(super) fn all_zero(&self, zero: bool) -> u32 {
        self.costs.all_zero[self.context.all_zero_row()][usize::from(zero)].into()
    }

    /// Of there being so many.
    pub(super) fn count(&self, count: usize) -> u32 {
        let (class, within) = split_count(count);
        let (costs, context) = (self.costs, self.context);
        let row = context.kind * 2;
        let class_cost = match context.size.width_log + context.size.height_log {
            4 => costs.end_16[row][class],
            5 => costs.end_32[row][class],
            6 => costs.end_64[row][class],
            7 => costs.end_128[row][class],
            8 => costs.end_256[row][class],
            9 => costs.end_512[context.kind][class],
            _ => costs.end_1024[context.kind][class],
        };
        if class < 2 {
            return class_cost.into();
        }
        let first = within >> (class - 2) & 1;
        let extra = costs.end_extra[context.extra_row() + class][first as usize];
        u32::from(class_cost) + u32::from(extra) + (class - 2) as u32 * BIT
    }

    /// Costs of the bases and of what is beyond, for a place.
    #[inline(always)]
    pub(super) fn rows(&self, place: Place, levels: &[u8; LEVELS]) -> (&'a [u16; 4], &'a [u16; 4]) {
        let base = self.context.base_row() + place.base_context(levels);
        (
            &self.costs.base[base],
            self.more(place.more_context(levels)),
        )
    }

    /// The same for the last place.
    #[inline(always)]
    pub(super) fn end_rows(&self, at: usize, place: Place) -> (&'a [u16; 3], &'a [u16; 4]) {
        let base = self.context.end_row() + end_context(at, self.context.size);
        (
            &self.costs.base_end[base],
            self.more(place.last_more_context()),
        )
    }

    #[inline(always)]
    fn more(&self, context: usize) -> &'a [u16; 4] {
        &self.costs.more[self.context.more_row() + context]
    }

    /// Of a sign.
    #[inline(always)]
    pub(super) fn sign(&self, at: usize, negative: bool) -> u32 {
        if at == 0 {
            self.costs.constant_sign[self.context.sign_row()][usize::from(negative)].into()
        } else {
            BIT
        }
    }
}

/// What a level costs beyond its base of 3.
#[inline(always)]
pub(super) fn beyond(level: i32, more: &[u16; 4]) -> u32 {
    if level < 3 {
        return 0;
    }
    let beyond = (level - 3) as u32;
    if beyond < 12 {
        return beyond / 3 * u32::from(more[3]) + u32::from(more[(beyond % 3) as usize]);
    }
    let bits = 2 * (beyond - 11).ilog2() + 1;
    4 * u32::from(more[3]) + bits * BIT
}

/// Write levels in coding order, of which the last is not zero.
pub(super) fn write(coder: &mut RangeCoder, cdfs: &mut Cdfs, context: Context, levels: &[i16]) {
    write_count(coder, cdfs, context, levels.len());
    let mut around = [0; LEVELS];
    let places = scan::places(context.size);
    for (at, (level, place)) in levels.iter().zip(places).enumerate().rev() {
        let magnitude = i32::from(*level).abs();
        if at + 1 == levels.len() {
            let row = context.end_row() + end_context(at, context.size);
            coder.symbol(&mut cdfs.base_end[row], magnitude.min(3) as usize - 1);
        } else {
            let row = context.base_row() + place.base_context(&around);
            coder.symbol(&mut cdfs.base[row], magnitude.min(3) as usize);
        }
        if magnitude > 2 {
            let row = context.more_row() + place.more_context(&around);
            write_more(coder, &mut cdfs.more[row], magnitude - 3);
        }
        around[usize::from(place.level)] = seen(magnitude);
    }
    for (at, level) in levels.iter().enumerate().filter(|(_, level)| **level != 0) {
        if at == 0 {
            let row = context.sign_row();
            coder.symbol(&mut cdfs.constant_sign[row], usize::from(*level < 0));
        } else {
            coder.literal(u32::from(*level < 0), 1);
        }
        let magnitude = i32::from(*level).abs();
        if magnitude > LEVEL_CODED_MAX {
            let rest = (magnitude - LEVEL_CODED_MAX) as u32;
            let bits = rest.ilog2();
            coder.literal(0, bits);
            coder.literal(rest, bits + 1);
        }
    }
}

fn write_more(coder: &mut RangeCoder, cdf: &mut [u16; 4], mut beyond: i32) {
    for _ in 0..4 {
        coder.symbol(cdf, beyond.min(3) as usize);
        if beyond < 3 {
            return;
        }
        beyond -= 3;
    }
}

fn write_count(coder: &mut RangeCoder, cdfs: &mut Cdfs, context: Context, count: usize) {
    let (class, within) = split_count(count);
    let row = context.kind * 2;
    match context.size.width_log + context.size.height_log {
        4 => coder.symbol(&mut cdfs.end_16[row], class),
        5 => coder.symbol(&mut cdfs.end_32[row], class),
        6 => coder.symbol(&mut cdfs.end_64[row], class),
        7 => coder.symbol(&mut cdfs.end_128[row], class),
        8 => coder.symbol(&mut cdfs.end_256[row], class),
        9 => coder.symbol(&mut cdfs.end_512[context.kind], class),
        _ => coder.symbol(&mut cdfs.end_1024[context.kind], class),
    }
    if class >= 2 {
        let bits = class as u32 - 2;
        let first = (within >> bits & 1) as usize;
        coder.symbol(&mut cdfs.end_extra[context.extra_row() + class], first);
        coder.literal(within & ((1 << bits) - 1), bits);
    }
}
