//! All probabilities of a picture, and what each symbol costs by them.

use super::range::Cdf;
use super::tables::{COEFFICIENTS, MODES};

/// A bit, in the unit of costs.
pub(super) const BIT: u32 = 512;

/// Declares the probabilities and the costs with the same shape.
macro_rules! probabilities {
    ($($(#[$doc:meta])* $name:ident: $symbols:literal, $contexts:expr;)*) => {
        /// Probabilities by context.
        #[derive(Debug, Clone)]
        pub(super) struct Cdfs {
            $($(#[$doc])* pub(super) $name: [Cdf<$symbols>; $contexts],)*
        }

        /// Costs of symbols by context, in 512ths of a bit.
        #[derive(Debug, Clone)]
        pub(super) struct Costs {
            $(pub(super) $name: [[u16; $symbols]; $contexts],)*
        }

        impl Costs {
            pub(super) fn new(cdfs: &Cdfs) -> Self {
                Self { $($name: std::array::from_fn(|context| costs(&cdfs.$name[context])),)* }
            }
        }

        impl Cdfs {
            fn read(from: &mut impl Iterator<Item = u16>) -> Self {
                Self { $($name: std::array::from_fn(|_| read(from)),)* }
            }
        }
    };
}

probabilities! {
    // In the order of the tables of coefficients.
    /// By size of transform and neighbours.
    all_zero: 2, 5 * 13;
    /// How far the coefficients go, by kind of plane and class of transform.
    end_16: 5, 4;
    end_32: 6, 4;
    end_64: 7, 4;
    end_128: 8, 4;
    end_256: 9, 4;
    end_512: 10, 2;
    end_1024: 11, 2;
    end_extra: 2, 5 * 2 * 11;
    base_end: 3, 5 * 2 * 4;
    base: 4, 5 * 2 * 41;
    more: 4, 4 * 2 * 21;
    constant_sign: 2, 2 * 3;
    // In the order of the table of modes.
    y_mode: 13, 25;
    uv_mode: 14, 13;
    partition_8: 4, 4;
    /// Of 16, 32 and 64.
    partition: 10, 12;
    angle: 7, 8;
    cfl_signs: 8, 1;
    cfl_alpha: 16, 6;
    skip: 2, 3;
    transform_7: 7, 2 * 13;
    transform_5: 5, 3 * 13;
}

impl Cdfs {
    /// What a picture starts with, by its quantiser.
    pub(super) fn new(quantiser: u8) -> Self {
        let coefficients = match quantiser {
            ..=20 => &COEFFICIENTS[0],
            21..=60 => &COEFFICIENTS[1],
            61..=120 => &COEFFICIENTS[2],
            121.. => &COEFFICIENTS[3],
        };
        Self::read(&mut coefficients.iter().chain(&MODES).copied())
    }
}

fn read<const SYMBOLS: usize>(from: &mut impl Iterator<Item = u16>) -> Cdf<SYMBOLS> {
    let mut cdf = [0; SYMBOLS];
    for (bound, from) in cdf[..SYMBOLS - 1].iter_mut().zip(from) {
        *bound = from;
    }
    cdf
}

fn costs<const SYMBOLS: usize>(cdf: &Cdf<SYMBOLS>) -> [u16; SYMBOLS] {
    let mut from = 0;
    std::array::from_fn(|symbol| {
        let to = if symbol + 1 < SYMBOLS {
            cdf[symbol]
        } else {
            32_768
        };
        let cost = cost(to.saturating_sub(from));
        from = to;
        cost
    })
}

/// The cost of what has a probability in 32,768ths.
pub(super) fn cost(probability: u16) -> u16 {
    // The coder leaves no symbol without a place.
    let probability = u32::from(probability).clamp(16, 32_767);
    let shift = probability.leading_zeros() - 17;
    let mantissa = (probability << shift) >> 6 & 255;
    (shift * BIT) as u16 + FRACTIONS[mantissa as usize]
}

/// `-512 * log2` of a half and the half's 512ths.
static FRACTIONS: [u16; 256] = fractions();

const fn fractions() -> [u16; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        // One fraction of a bit after another, by squaring; between a step and the next.
        let mut value = ((512 + 2 * at + 1) as u64) << 22;
        let mut log = 0;
        let mut bit = 256;
        while bit > 0 {
            value = (value * value) >> 31;
            if value >= 1 << 32 {
                value >>= 1;
                log += bit;
            }
            bit >>= 1;
        }
        table[at] = 512 - log;
        at += 1;
    }
    table
}
