//! Hit ratios of the whole cache, files and all, on a Zipf(0.9) trace beside those of an ideal LRU.

use std::path::Path;

use cache::{Config, DiskCache};

use crate::load::key;

const KEYS: usize = 100_000;
/// The first are not counted: the cache is filling.
const WARM_UP: u64 = 300_000;
const REQUESTS: u64 = 1_000_000;

pub(crate) fn print(directory: &Path) {
    let weights: Vec<f64> = (1..=KEYS).map(|rank| (rank as f64).powf(-0.9)).collect();
    let sum: f64 = weights.iter().sum();
    let probabilities: Vec<f64> = weights.into_iter().map(|weight| weight / sum).collect();
    println!(
        "{KEYS} keys of equal size, Zipf(0.9), {} requests after {WARM_UP}.\n",
        REQUESTS - WARM_UP
    );
    println!("| room for | of the keys | hit ratio | theory (Che) |");
    println!("|---:|---:|---:|---:|");
    for percent in [1, 5, 20] {
        let (entries, measured) = measure(directory, &probabilities, KEYS as u64 * percent / 100);
        let theory = theory(&probabilities, entries as f64);
        let share = entries as f64 / KEYS as f64;
        println!(
            "| {entries} | {:.1} % | {:.2} % | {:.2} % |",
            share * 100.0,
            measured * 100.0,
            theory * 100.0
        );
    }
}

fn measure(directory: &Path, probabilities: &[f64], room: u64) -> (u64, f64) {
    let _ = std::fs::remove_dir_all(directory);
    let bytes_max = (room + 4 + 64 + 3) * 4096;
    let config = Config {
        directory: directory.into(),
        bytes_max,
        free_bytes_min: 0,
        entry_bytes_max: 4096,
    };
    let cache = DiskCache::open(config).unwrap();
    let mut sum = 0.0;
    let cumulated: Vec<f64> = probabilities
        .iter()
        .map(|probability| {
            sum += probability;
            sum
        })
        .collect();
    let mut hits = 0;
    for request in 0..REQUESTS {
        let random = (cache::checksum(&request.to_le_bytes()) >> 11) as f64 / (1_u64 << 53) as f64;
        let key = key(cumulated.partition_point(|sum| *sum < random).min(KEYS - 1) as u64);
        if cache.get(&key).is_some() {
            hits += u64::from(request >= WARM_UP);
        } else {
            cache.put(&key, b"", b"a body").unwrap();
        }
    }
    let entries = cache.stats().entries;
    drop(cache);
    let _ = std::fs::remove_dir_all(directory);
    (entries, hits as f64 / (REQUESTS - WARM_UP) as f64)
}

/// Che's approximation: an entry stays for a characteristic time after each use, the same for all.
fn theory(probabilities: &[f64], room: f64) -> f64 {
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
