//! URLs that were let in and read lately, so that a hot one is not verified and read again for each
//! answer. Only what `verify` let in and `parse` read ever comes in here; what is found is what those two
//! would say again of the same bytes, except for the time, which is looked at each time.

use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};
use request::image_request::ImageRequest;
use request::operation::Format;
use sha2::{Digest as _, Sha256};

use crate::pipeline::lookup::Unversioned;
use crate::pipeline::originals::Originals;

/// What all of it may weigh: 15,000 URLs of usual length.
const BYTES_MAX: u64 = 16 << 20;
/// What an `ImageRequest` weighs beside the text that it was read from, of which it holds a part.
const OVERHEAD_BYTES: u64 = 768;
/// URLs longer than this are rare, and read each time.
const TARGET_BYTES_MAX: usize = 4096;
/// So that each shard takes the longest URL many times.
const SHARDS: usize = 16;

/// A URL that was let in and read.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) request: Arc<ImageRequest>,
    /// What it is made from; none where its source is an upload.
    pub(super) originals: Option<Originals>,
    wish: Arc<OnceLock<(Option<Format>, Unversioned)>>,
}

/// The URLs; see the first lines.
pub(crate) struct Memo {
    known: Cache<Fingerprint, Remembered, ByTarget>,
}

/// A digest of every byte of path and query, signature included. Looking one up compares digests, so that
/// the time it takes says nothing about a signature.
type Fingerprint = [u8; 32];

#[derive(Clone)]
struct Remembered {
    known: Known,
    bytes: u64,
}

#[derive(Clone)]
struct ByTarget;

impl Weighter<Fingerprint, Remembered> for ByTarget {
    fn weight(&self, _: &Fingerprint, remembered: &Remembered) -> u64 {
        remembered.bytes
    }
}

impl Known {
    /// Of what `parse` read.
    pub(super) fn new(request: ImageRequest) -> Self {
        Self {
            originals: Originals::new(&request),
            request: Arc::new(request),
            wish: Arc::default(),
        }
    }

    /// Of what a Lambda@Edge URL asks for.
    pub(super) fn of_lambda_edge(request: ImageRequest) -> Self {
        Self {
            originals: Originals::of_lambda_edge(&request.source),
            request: Arc::new(request),
            wish: Arc::default(),
        }
    }

    /// What is wished for in `format` of `originals`, worked out once for the format that is asked for first:
    /// mostly there is no other. Originals that a client sees otherwise are others.
    pub(super) fn wish(
        &self,
        (format, originals): (Option<Format>, &Originals),
        work_out: impl Fn() -> Unversioned,
    ) -> Unversioned {
        if !self.originals.as_ref().is_some_and(|own| own.is(originals)) {
            return work_out();
        }
        let (first, wish) = self.wish.get_or_init(|| (format, work_out()));
        if *first == format { *wish } else { work_out() }
    }
}

impl Default for Memo {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            .weight_capacity(BYTES_MAX)
            .estimated_items_capacity((BYTES_MAX / OVERHEAD_BYTES) as usize)
            .shards(SHARDS)
            .build()
            .expect("weight and estimate are set");
        Self {
            known: Cache::with_options(
                options,
                ByTarget,
                quick_cache::DefaultHashBuilder::default(),
                quick_cache::sync::DefaultLifecycle::default(),
            ),
        }
    }
}

impl Memo {
    /// What `target`, path and query of a GET, means, if that is known and its time is not over.
    pub(super) fn get(&self, target: &str, now: SystemTime) -> Option<Known> {
        let known = self.known.get(&fingerprint(target))?.known;
        // A clock before 1970 is broken: what expires has then expired, as for `verify`.
        let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let expires = known.request.expires;
        expires.is_none_or(|end| end > now).then_some(known)
    }

    /// `target` was let in, and means this.
    pub(super) fn remember(&self, target: &str, known: &Known) {
        if target.len() <= TARGET_BYTES_MAX {
            let remembered = Remembered {
                known: known.clone(),
                bytes: target.len() as u64 + OVERHEAD_BYTES,
            };
            self.known.insert(fingerprint(target), remembered);
        }
    }
}

fn fingerprint(target: &str) -> Fingerprint {
    Sha256::digest(target).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use request::image_request::{Action, Source};

    use super::*;

    fn known(expires: Option<u64>) -> Known {
        Known::new(ImageRequest {
            source: Source::File("a.jpg".into()),
            overlays: Vec::new(),
            action: Action::Inspect,
            auto: false,
            expires,
        })
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn every_byte_counts() {
        let memo = Memo::default();
        memo.remember("/info?file=a.jpg&sign=abc", &known(None));
        assert!(memo.get("/info?file=a.jpg&sign=abc", at(0)).is_some());
        for other in [
            "/info?file=a.jpg&sign=abd",
            "/info?file=a.jpg&sign=ab",
            "/info?file=a.jpg",
            "/info?sign=abc&file=a.jpg",
        ] {
            assert!(memo.get(other, at(0)).is_none(), "{other}");
        }
    }

    #[test]
    fn an_expired_url_is_not_known_any_more() {
        let memo = Memo::default();
        memo.remember("/info", &known(Some(100)));
        assert!(memo.get("/info", at(99)).is_some());
        assert!(memo.get("/info", at(100)).is_none());
        assert!(memo.get("/info", at(99)).is_some(), "a clock set back");
    }

    #[test]
    fn length_of_a_url_obeyed_and_violated() {
        let memo = Memo::default();
        for (length, is_kept) in [(TARGET_BYTES_MAX, true), (TARGET_BYTES_MAX + 1, false)] {
            let target = "x".repeat(length);
            memo.remember(&target, &known(None));
            assert_eq!(memo.get(&target, at(0)).is_some(), is_kept);
        }
    }

    #[test]
    fn the_weight_of_all_is_bounded() {
        let memo = Memo::default();
        let known = known(None);
        for number in 0..2 * BYTES_MAX / OVERHEAD_BYTES {
            memo.remember(&format!("/{number}"), &known);
        }
        assert!(memo.known.weight() <= BYTES_MAX);
        assert!(memo.known.len() > 10_000);
    }
}
