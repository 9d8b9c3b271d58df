//! A ring of points, 160 for each pod, as nginx's and Envoy's ring hashes have them: a URL belongs to the
//! pod of the next point. A pod that comes or goes moves its own share and nothing else.

const POINTS_PER_POD: u64 = 160;

#[derive(Default)]
pub(super) struct Ring {
    points: Vec<(u64, usize)>,
}

impl Ring {
    pub(super) fn join(&mut self, pod: usize) {
        let points = (0..POINTS_PER_POD).map(|number| (mix(mix(pod as u64 + 1) ^ number), pod));
        self.points.extend(points);
        self.points.sort_unstable();
    }

    pub(super) fn leave(&mut self, pod: usize) {
        self.points.retain(|(_, other)| *other != pod);
    }

    pub(super) fn place(&self, url: usize) -> usize {
        let hash = mix(url as u64 ^ 0x5bd1_e995_0000_0000);
        let next = self.points.partition_point(|(point, _)| *point < hash);
        self.points[next % self.points.len()].1
    }
}

/// `SplitMix64`'s last step: every bit of the input moves half of the output's.
pub(super) fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
