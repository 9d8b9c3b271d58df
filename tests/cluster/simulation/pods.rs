//! Pods with a least-recently-used cache each, and the way requests are spread over them.

use std::collections::{BTreeMap, HashMap};

use super::ring::Ring;
use super::trace::Trace;

/// Which pod a request goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// The one that its URL hashes to.
    ByHash,
    /// The next.
    InTurn,
}

/// What came of some requests.
#[derive(Default)]
pub(super) struct Counts {
    requests: usize,
    /// Renditions made.
    pub(super) made: usize,
    /// Of these: kept by another pod at that moment.
    pub(super) duplicates: usize,
}

impl Counts {
    pub(super) fn hit_ratio(&self) -> f64 {
        1.0 - self.made as f64 / self.requests as f64
    }
}

pub(super) struct Pods {
    caches: BTreeMap<usize, Cache>,
    ring: Ring,
    spread: Spread,
    kept_max: usize,
    turn: usize,
}

impl Pods {
    pub(super) fn new(count: usize, spread: Spread, kept_max: usize) -> Self {
        let mut pods = Self {
            caches: BTreeMap::new(),
            ring: Ring::default(),
            spread,
            kept_max,
            turn: 0,
        };
        for _ in 0..count {
            pods.join();
        }
        pods
    }

    /// One more, with nothing kept.
    pub(super) fn join(&mut self) {
        let pod = self.caches.keys().next_back().map_or(0, |last| last + 1);
        self.caches.insert(pod, Cache::default());
        self.ring.join(pod);
    }

    pub(super) fn leave(&mut self, pod: usize) {
        self.caches.remove(&pod);
        self.ring.leave(pod);
    }

    /// The pod that a URL hashes to.
    pub(super) fn place(&self, url: usize) -> usize {
        self.ring.place(url)
    }

    pub(super) fn ask(&mut self, trace: &mut Trace, requests: usize) -> Counts {
        let mut counts = Counts::default();
        for _ in 0..requests {
            let url = trace.next();
            let pod = self.choose(url);
            counts.requests += 1;
            let cache = self.caches.get_mut(&pod).unwrap();
            if cache.use_it(url) {
                continue;
            }
            cache.keep(url, self.kept_max);
            counts.made += 1;
            let elsewhere = |(other, cache): (&usize, &Cache)| *other != pod && cache.has(url);
            counts.duplicates += usize::from(self.caches.iter().any(elsewhere));
        }
        counts
    }

    fn choose(&mut self, url: usize) -> usize {
        match self.spread {
            Spread::ByHash => self.place(url),
            Spread::InTurn => {
                self.turn += 1;
                *self
                    .caches
                    .keys()
                    .nth(self.turn % self.caches.len())
                    .unwrap()
            }
        }
    }
}

/// Least recently used goes first.
#[derive(Default)]
struct Cache {
    used_at: HashMap<usize, u64>,
    by_use: BTreeMap<u64, usize>,
    clock: u64,
}

impl Cache {
    fn has(&self, url: usize) -> bool {
        self.used_at.contains_key(&url)
    }

    /// Whether it was kept; if so, it is now the newest.
    fn use_it(&mut self, url: usize) -> bool {
        let Some(used_at) = self.used_at.get_mut(&url) else {
            return false;
        };
        self.clock += 1;
        self.by_use.remove(used_at);
        *used_at = self.clock;
        self.by_use.insert(self.clock, url);
        true
    }

    fn keep(&mut self, url: usize, kept_max: usize) {
        if self.used_at.len() == kept_max
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.used_at.remove(&oldest);
        }
        self.clock += 1;
        self.used_at.insert(url, self.clock);
        self.by_use.insert(self.clock, url);
    }
}
