//! How often each symbol occurs in, the best code for them out (T.81 annex K.2): at most 16 bits long,
//! and never all ones.

/// Occurrences of each symbol.
pub(super) type Counts = [u32; 256];

/// The longest code that a file can state.
const LENGTH_MAX: usize = 16;

/// A code for each symbol that occurs.
pub(super) struct Table {
    /// How many codes have each length, from 1.
    pub(super) lengths: [u8; LENGTH_MAX],
    /// Symbols, shortest code first.
    pub(super) symbols: Vec<u8>,
    /// By symbol: the code in the upper 16 bits, its length in the lower. Zero where it does not occur.
    pub(super) codes: [u32; 256],
}

impl Table {
    /// The best table for these counts.
    pub(super) fn new(counts: &Counts) -> Self {
        let lengths_by_symbol = limited(lengths(counts));
        let mut symbols: Vec<u8> = (0..=255)
            .filter(|&symbol| counts[usize::from(symbol)] > 0)
            .collect();
        // Common symbols get the short lengths; equal counts keep their order, so that nothing is left to chance.
        symbols.sort_by_key(|&symbol| core::cmp::Reverse(counts[usize::from(symbol)]));
        let mut codes = [0; 256];
        let (mut code, mut at) = (0u32, 0);
        for (length, &count) in (1u32..).zip(&lengths_by_symbol) {
            for &symbol in &symbols[at..at + usize::from(count)] {
                codes[usize::from(symbol)] = code << 16 | length;
                code += 1;
            }
            at += usize::from(count);
            code <<= 1;
        }
        Self {
            lengths: lengths_by_symbol,
            symbols,
            codes,
        }
    }
}

/// How many codes have each length, without a limit: index is the length. One more symbol than occurs
/// is coded, the rarest of all, so that the code of all ones stays free.
fn lengths(counts: &Counts) -> [u32; 64] {
    struct Tree {
        count: u64,
        depths: Vec<u32>,
    }
    let mut trees: Vec<Tree> = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| Tree {
            count: u64::from(count),
            depths: vec![0],
        })
        .collect();
    trees.push(Tree {
        count: 0,
        depths: vec![0],
    });
    if trees.len() == 1 {
        return [0; 64];
    }
    // Stable, largest first: the two smallest are popped and their sum put back in its place.
    trees.sort_by_key(|tree| core::cmp::Reverse(tree.count));
    while let (Some(a), Some(b)) = (trees.pop(), trees.pop()) {
        let count = a.count + b.count;
        let depths: Vec<u32> = a
            .depths
            .iter()
            .chain(&b.depths)
            .map(|depth| depth + 1)
            .collect();
        let merged = Tree { count, depths };
        if trees.is_empty() {
            let mut lengths = [0; 64];
            merged
                .depths
                .iter()
                .for_each(|&depth| lengths[(depth as usize).min(63)] += 1);
            return lengths;
        }
        let at = trees.partition_point(|tree| tree.count > count);
        trees.insert(at, merged);
    }
    [0; 64]
}

/// Shorten codes over 16 bits by pairing them with prefixes of shorter ones (T.81 figure K.3), then
/// take the reserved code, one of the longest, away.
fn limited(mut lengths: [u32; 64]) -> [u8; LENGTH_MAX] {
    for length in (LENGTH_MAX + 1..64).rev() {
        while lengths[length] > 0 {
            let donor = (1..length - 1)
                .rev()
                .find(|&donor| lengths[donor] > 0)
                .unwrap_or(1);
            lengths[length] -= 2;
            lengths[length - 1] += 1;
            lengths[donor + 1] += 2;
            lengths[donor] -= 1;
        }
    }
    if let Some(longest) = lengths.iter().rposition(|&count| count > 0) {
        lengths[longest] -= 1;
    }
    core::array::from_fn(|at| lengths[at + 1] as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sum over codes of 2^-length, in units of 2^-16.
    fn used(table: &Table) -> u32 {
        (1u32..)
            .zip(&table.lengths)
            .map(|(length, &count)| u32::from(count) << (16 - length))
            .sum()
    }

    #[test]
    fn one_symbol_gets_one_bit() {
        let mut counts = [0; 256];
        counts[7] = 5;
        let table = Table::new(&counts);
        assert_eq!((table.symbols, table.codes[7]), (vec![7], 1));
    }

    #[test]
    fn no_symbol_gives_an_empty_table() {
        let table = Table::new(&[0; 256]);
        assert!(table.symbols.is_empty() && table.lengths == [0; 16]);
    }

    #[test]
    fn steep_counts_stay_within_sixteen_bits() {
        let mut counts = [0; 256];
        let (mut a, mut b) = (1u32, 1u32);
        for count in counts.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a.saturating_add(b));
        }
        let table = Table::new(&counts);
        assert_eq!(table.symbols.len(), 40);
        assert_eq!(
            table
                .lengths
                .iter()
                .map(|&count| u32::from(count))
                .sum::<u32>(),
            40
        );
        assert!(used(&table) < 1 << 16, "the code of all ones is free");
        assert_eq!(table.codes[39] & 0xFFFF, 1, "the commonest is shortest");
    }

    #[test]
    fn all_symbols_alike() {
        let table = Table::new(&[3; 256]);
        assert_eq!(table.symbols.len(), 256);
        assert!(used(&table) < 1 << 16);
        assert!(
            table
                .codes
                .iter()
                .all(|code| (8..=9).contains(&(code & 0xFFFF)))
        );
    }
}
