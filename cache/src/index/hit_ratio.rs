//! The order of use against theory: on a skewed trace the index hits as often as an ideal LRU does.

use super::{File, Gather, Hold, Index};
use crate::key::{Key, Name, Tag};

/// Draws 1 to `keys` with a probability that falls as rank to the power of 0.9, as requests for pictures do.
fn zipf(keys: usize) -> Vec<f64> {
    let weights: Vec<f64> = (1..=keys).map(|rank| (rank as f64).powf(-0.9)).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The hit ratio of an ideal LRU of `room` entries by Che's approximation.
fn theoretical_hit_ratio(probabilities: &[f64], room: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e12);
    for _ in 0..100 {
        let time = f64::midpoint(low, high);
        let filled: f64 = probabilities
            .iter()
            .map(|probability| 1.0 - (-probability * time).exp())
            .sum();
        if filled < room {
            low = time;
        } else {
            high = time;
        }
    }
    probabilities
        .iter()
        .map(|probability| probability * (1.0 - (-probability * low).exp()))
        .sum()
}

#[test]
fn hit_ratio_is_that_of_an_ideal_lru() {
    const KEYS: usize = 10_000;
    let probabilities = zipf(KEYS);
    let cumulated: Vec<f64> = probabilities
        .iter()
        .scan(0.0, |sum, probability| {
            *sum += probability;
            Some(*sum)
        })
        .collect();
    for room in [KEYS / 100, KEYS / 20, KEYS / 5] {
        let mut index = Index::new(room as u64 * 512, 0);
        let (mut state, mut hits) = (88_172_645_463_325_252_u64, 0);
        for request in 0..400_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let rank = cumulated
                .partition_point(|sum| *sum < (state >> 11) as f64 / (1_u64 << 53) as f64)
                .min(KEYS - 1);
            let mut key = [0; 32];
            key[..8].copy_from_slice(&(rank as u64).to_le_bytes());
            if index.touch(&Key(key), 0).is_some() {
                hits += u32::from(request >= 100_000);
                continue;
            }
            let mut hold = Hold::new(512);
            while let Gather::Evict(files) = index.gather(&mut hold) {
                index.gone(files.iter().map(|file| file.bytes).sum());
            }
            let name = Name {
                key: Key(key),
                tag: Tag(0),
                version: index.issue_version(),
            };
            assert_eq!(
                index.insert(
                    &hold,
                    &File {
                        name,
                        bytes: 512,
                        used_at: 0
                    }
                ),
                None
            );
        }
        assert_eq!(index.entries(), room);
        let (measured, theory) = (
            f64::from(hits) / 300_000.0,
            theoretical_hit_ratio(&probabilities, room as f64),
        );
        assert!(
            (measured - theory).abs() < 0.01,
            "{room} of {KEYS}: {measured} measured, {theory} by theory"
        );
    }
}
