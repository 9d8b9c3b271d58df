//! A histogram of times that a hit can afford: each thread adds to a part of its own, with two atomic
//! additions and no lock, and who asks gets the sum of all parts. (That of the library is behind a mutex,
//! which all threads would take three times a hit.)

use std::array::from_fn;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

use super::SECONDS;

/// Parts: more threads than these share some.
const PARTS: usize = 16;
/// The last holds what is longer than all bounds.
const BUCKETS: usize = SECONDS.len() + 1;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static PART: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PARTS;
}

/// Times, counted by [`SECONDS`].
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram(Arc<[Part; PARTS]>);

/// Two cache lines apart from the next: processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Part {
    buckets: [AtomicU64; BUCKETS],
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// It took so long.
    pub(super) fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let bucket = SECONDS.partition_point(|bound| *bound < seconds);
        // A thread that is ending has no part any more.
        let part = &self.0[PART.try_with(|part| *part).unwrap_or_default()];
        part.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        let nanoseconds = took.as_nanos() as u64;
        part.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Bounds with what lies below each and above the one before, and the sum in seconds.
    fn read(&self) -> ([(f64, u64); BUCKETS], f64) {
        let sum = |of: &dyn Fn(&Part) -> &AtomicU64| -> u64 {
            let parts = self.0.iter();
            parts.map(|part| of(part).load(Ordering::Relaxed)).sum()
        };
        let buckets = from_fn(|bucket| {
            let bound = SECONDS.get(bucket).copied().unwrap_or(f64::INFINITY);
            (bound, sum(&|part| &part.buckets[bucket]))
        });
        let nanoseconds = sum(&|part| &part.nanoseconds);
        (buckets, nanoseconds as f64 / 1e9)
    }
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let (buckets, sum) = self.read();
        let count = buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;
    use prometheus_client::metrics::histogram::Histogram as Reference;
    use prometheus_client::registry::Registry;

    use super::*;

    fn text(histogram: impl prometheus_client::registry::Metric) -> String {
        let mut registry = Registry::default();
        registry.register("took_seconds", "Time", histogram);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        text
    }

    #[test]
    fn it_says_what_the_librarys_own_says() {
        let (ours, reference) = (Histogram::default(), Reference::new(SECONDS));
        let micros = [
            0, 99, 100, 101, 250, 3000, 3000, 29_999_000, 30_000_000, 31_000_000,
        ];
        std::thread::scope(|scope| {
            for micros in micros {
                let took = Duration::from_micros(micros);
                reference.observe(took.as_secs_f64());
                let ours = &ours;
                scope.spawn(move || ours.observe(took));
            }
        });
        let (ours, reference) = (text(ours), text(reference));
        // The library adds seconds as they come and rounds each time; here it is nanoseconds.
        let split = |text: &str| -> (Vec<String>, f64) {
            let (sums, others): (Vec<&str>, Vec<&str>) = text
                .lines()
                .partition(|line| line.starts_with("took_seconds_sum "));
            let sum = sums[0].rsplit(' ').next().unwrap().parse().unwrap();
            (others.into_iter().map(str::to_owned).collect(), sum)
        };
        let ((ours, sum), (reference, reference_sum)) = (split(&ours), split(&reference));
        assert_eq!(ours, reference);
        assert!((sum - reference_sum).abs() < 1e-9, "{sum} {reference_sum}");
    }

    #[test]
    fn no_observation_of_many_threads_is_lost() {
        let histogram = Histogram::default();
        std::thread::scope(|scope| {
            for _ in 0..2 * PARTS {
                scope.spawn(|| (0..1000).for_each(|_| histogram.observe(Duration::from_millis(3))));
            }
        });
        let (buckets, sum) = histogram.read();
        let count: u64 = buckets.iter().map(|(_, count)| count).sum();
        assert_eq!(count, 2000 * PARTS as u64);
        assert!((sum - 6.0 * PARTS as f64).abs() < 1e-6, "{sum}");
    }
}
