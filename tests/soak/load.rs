//! One client of the soak: asks for variants, the popular ones more often, and compares every answer with
//! what the same variant was before.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tests::{Answer, Request};

use crate::world::{SOURCES, World};

/// Widths of variants.
const WIDTHS: u64 = 12;
/// What clients accept.
const ACCEPTS: [&str; 3] = ["image/avif,image/webp,*/*", "image/webp,*/*", "*/*"];
/// Reports kept; after the first few they say nothing new.
const REPORTS_MAX: usize = 20;

/// What all clients have seen.
#[derive(Default)]
pub(crate) struct Findings {
    answers: AtomicU64,
    hits: AtomicU64,
    refused: AtomicU64,
    wrong: AtomicU64,
    /// Digest of the body by target and content type, and by entity tag.
    seen: Mutex<HashMap<(String, String), u64>>,
    reports: Mutex<Vec<String>>,
}

/// One client.
pub(crate) struct Loader<'a> {
    world: &'a World,
    findings: &'a Findings,
    state: u64,
}

impl Findings {
    /// Answers, hits among them, refusals, and answers with other bytes than before.
    pub(crate) fn counts(&self) -> (u64, u64, u64, u64) {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (
            get(&self.answers),
            get(&self.hits),
            get(&self.refused),
            get(&self.wrong),
        )
    }

    /// What must not be.
    pub(crate) fn reports(&self) -> Vec<String> {
        self.reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn report(&self, what: String) {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        if reports.len() < REPORTS_MAX {
            reports.push(what);
        }
    }

    fn judge(&self, target: &str, answer: &Answer) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        match answer.status {
            200 => {}
            // The origin fails at times, and the queue may be full.
            502 | 503 => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                return;
            }
            status => return self.report(format!("{target}: {status} {}", answer.text())),
        }
        if answer.is_hit() {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        let kind = answer.header("content-type").unwrap_or("none");
        let mut digest = DefaultHasher::new();
        answer.body.hash(&mut digest);
        let digest = digest.finish();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *seen
            .entry((target.to_owned(), kind.to_owned()))
            .or_insert(digest);
        drop(seen);
        if before != digest {
            self.wrong.fetch_add(1, Ordering::Relaxed);
            self.report(format!("{target}: {kind} is not what it was"));
        }
    }
}

impl<'a> Loader<'a> {
    pub(crate) const fn new(world: &'a World, findings: &'a Findings, seed: u64) -> Self {
        Self {
            world,
            findings,
            state: seed,
        }
    }

    /// Ask until it is over.
    pub(crate) fn run(mut self, over: &AtomicBool) {
        while !over.load(Ordering::Relaxed) {
            self.ask();
        }
    }

    fn ask(&mut self) {
        // The square of a uniform number: the first sources are popular, the last ones are rare.
        let spread = self.below(1000) * self.below(1000);
        let (source, width) = (spread * SOURCES / 1_000_000, 40 + 4 * self.below(WIDTHS));
        let target = self.world.target(source, width);
        let accept = ACCEPTS[self.below(ACCEPTS.len() as u64) as usize];
        let request = Request::get(&target).with("Accept", accept);
        let answer = self.world.edge.send(&request);
        self.findings.judge(&target, &answer);
        let Some(etag) = answer.header("etag").filter(|_| answer.status == 200) else {
            return;
        };
        if self.below(8) == 0 {
            let again = self
                .world
                .edge
                .send(&request.clone().with("If-None-Match", etag));
            if again.status == 304 && again.header("etag") != Some(etag) {
                self.findings
                    .report(format!("{target}: 304 of another rendition"));
            } else if again.status != 304 {
                self.findings.judge(&target, &again);
            }
        }
        if self.below(50) == 0 {
            // A client that leaves before it has its answer.
            drop(request.begin(self.world.edge.address));
        }
    }

    /// A number below `end`, by xorshift: the same run for the same seed.
    const fn below(&mut self, end: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % end
    }
}
