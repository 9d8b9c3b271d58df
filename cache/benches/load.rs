//! The operations that are measured, each as its mean time: by the clock, and on a processor.

use std::fmt;
use std::ops::Range;
use std::time::Instant;

use cache::{DiskCache, Key};

/// Enough for a mean, and the rest of a large cache stays untouched.
const GETS: u64 = 200_000;

/// Microseconds for one operation.
pub(crate) struct Mean {
    pub(crate) wall: f64,
    /// What is left of it when the machine has other things to do, too.
    pub(crate) processor: f64,
}

impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ({:.1}) µs", self.wall, self.processor)
    }
}

pub(crate) fn key(number: u64) -> Key {
    Key(std::array::from_fn(|at| {
        (cache::checksum(&[number.to_le_bytes(), [at as u8 / 8; 8]].concat()) >> (at % 8 * 8)) as u8
    }))
}

pub(crate) fn put(cache: &DiskCache, numbers: Range<u64>, body_bytes: usize) -> Mean {
    let body = vec![7; body_bytes];
    mean(numbers.end - numbers.start, || {
        for number in numbers {
            cache.put(&key(number), b"meta", &body).unwrap();
        }
    })
}

/// Every entry is found: which one is random.
pub(crate) fn get(cache: &DiskCache, entries: u64) -> Mean {
    mean(GETS, || get_some(cache, entries, 1))
}

/// Gets per second by two threads at once.
pub(crate) fn get_by_two(cache: &DiskCache, entries: u64) -> f64 {
    let microseconds = mean(2 * GETS, || {
        std::thread::scope(|scope| {
            for seed in [2, 3] {
                scope.spawn(move || get_some(cache, entries, seed));
            }
        });
    });
    1e6 / microseconds.wall
}

/// Stores until the cache evicts; the next number to use.
pub(crate) fn fill_up(cache: &DiskCache, entries: u64, body_bytes: usize) -> u64 {
    let mut number = entries;
    while cache.stats().evictions == 0 {
        put(cache, number..number + 100, body_bytes);
        number += 100;
    }
    number
}

/// Synced, one by one.
pub(crate) fn remove(cache: &DiskCache, numbers: Range<u64>) -> Mean {
    mean(numbers.end - numbers.start, || {
        for number in numbers {
            assert!(cache.remove(&key(number)).unwrap());
        }
    })
}

fn get_some(cache: &DiskCache, entries: u64, seed: u64) {
    for number in 0..GETS {
        let chosen =
            cache::checksum(&[number.to_le_bytes(), seed.to_le_bytes()].concat()) % entries;
        assert!(cache.get(&key(chosen)).is_some());
    }
}

fn mean(times: u64, run: impl FnOnce()) -> Mean {
    let (start, processor) = (Instant::now(), processor_nanoseconds());
    run();
    let wall = start.elapsed().as_secs_f64() * 1e6 / times as f64;
    Mean {
        wall,
        processor: (processor_nanoseconds() - processor) as f64 / 1e3 / times as f64,
    }
}

/// What this thread has run for, as the kernel's scheduler counts.
fn processor_nanoseconds() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}
