//! Which URL is asked for next: by Zipf's law, the same sequence every time.

/// Breslau et al., "Web Caching and Zipf-like Distributions" (1999), found 0.64 to 0.83 for proxies of
/// pages; pictures of shops and media are more skewed.
pub(super) const EXPONENT: f64 = 0.9;

pub(super) struct Trace {
    /// Sums of the weights of the URLs up to each.
    sums: Vec<f64>,
    state: u64,
}

impl Trace {
    /// Of so many URLs.
    pub(super) fn zipf(urls: usize) -> Self {
        let mut sum = 0.0;
        let sums = (1..=urls)
            .map(|rank| {
                sum += (rank as f64).powf(-EXPONENT);
                sum
            })
            .collect();
        Self { sums, state: 1 }
    }

    /// The next URL, by its rank.
    pub(super) fn next(&mut self) -> usize {
        let all = self.sums[self.sums.len() - 1];
        // 53 bits: what a double holds.
        let point = (self.random() >> 11) as f64 / (1_u64 << 53) as f64 * all;
        self.sums
            .partition_point(|sum| *sum < point)
            .min(self.sums.len() - 1)
    }

    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        super::ring::mix(self.state)
    }
}
