//! Requests by endpoint, status and what the cache had to do with it, and how long they took. Path, status
//! and headers of an answer come in; only words of ours become labels.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use request::dialect::imaginary::Endpoint;

use super::histogram::Histogram;

/// Pages of the server itself that are counted by name.
const PAGES: [&str; 3] = ["health", "ready", "form"];
/// Any other path: one that leads nowhere, and those of other dialects.
const OTHER: &str = "other";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    endpoint: &'static str,
    status: u32,
    cache: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheLabel {
    cache: &'static str,
}

/// What the cache had to do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Hit,
    Stored,
    NotStored,
    Collapsed,
    Bypass,
    None,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Hit,
        Self::Stored,
        Self::NotStored,
        Self::Collapsed,
        Self::Bypass,
        Self::None,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stored => "stored",
            Self::NotStored => "not_stored",
            Self::Collapsed => "collapsed",
            Self::Bypass => "bypass",
            Self::None => "none",
        }
    }

    /// As the answer's own `Cache-Status` says (RFC 9211).
    fn of(headers: &HeaderMap) -> Self {
        let Some(status) = headers.get("cache-status").map(HeaderValue::as_bytes) else {
            return Self::None;
        };
        let says = |word: &[u8]| {
            status
                .split(|byte| *byte == b';')
                .any(|part| part.trim_ascii() == word)
        };
        if says(b"hit") {
            Self::Hit
        } else if says(b"collapsed") {
            Self::Collapsed
        } else if says(b"stored") {
            Self::Stored
        } else if says(b"fwd=bypass") {
            Self::Bypass
        } else {
            Self::NotStored
        }
    }
}

/// The counters.
pub(crate) struct RequestMetrics {
    all: Family<Labels, Counter>,
    /// What most requests are, found without looking it up: hits with 200, by endpoint.
    hits: Vec<(&'static str, Counter)>,
    seconds: [Histogram; Outcome::ALL.len()],
}

impl RequestMetrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let all = Family::<Labels, Counter>::default();
        registry.register(
            "requests",
            "Requests answered, by endpoint, status and what the cache had to do with it",
            all.clone(),
        );
        let seconds = Family::<CacheLabel, Histogram>::default();
        registry.register(
            "request_seconds",
            "Time from a request's head to its answer's, the body not counted",
            seconds.clone(),
        );
        Self {
            hits: Endpoint::ALL
                .iter()
                .map(|endpoint| {
                    let labels = Labels {
                        endpoint: endpoint.name(),
                        status: 200,
                        cache: Outcome::Hit.name(),
                    };
                    (endpoint.name(), all.get_or_create_owned(&labels))
                })
                .collect(),
            seconds: Outcome::ALL.map(|outcome| {
                let cache = outcome.name();
                seconds.get_or_create_owned(&CacheLabel { cache })
            }),
            all,
        }
    }

    /// A request for `path` was answered.
    pub(crate) fn count(
        &self,
        path: &str,
        (status, headers): (StatusCode, &HeaderMap),
        took: Duration,
    ) {
        let outcome = Outcome::of(headers);
        self.seconds[outcome as usize].observe(took);
        // Below a prefix or not, the last part says what is wanted.
        let last = path.rsplit('/').next().unwrap_or_default();
        if outcome == Outcome::Hit
            && status == StatusCode::OK
            && let Some((_, counter)) = self.hits.iter().find(|(name, _)| *name == last)
        {
            counter.inc();
            return;
        }
        let labels = Labels {
            endpoint: endpoint(last),
            status: status.as_u16().into(),
            cache: outcome.name(),
        };
        self.all.get_or_create(&labels).inc();
    }
}

fn endpoint(last: &str) -> &'static str {
    Endpoint::ALL
        .iter()
        .map(|endpoint| endpoint.name())
        .chain(PAGES)
        .find(|name| *name == last)
        .unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    fn status(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static("cache-status"),
            HeaderValue::from_static(text),
        )])
    }

    #[test]
    fn outcomes_are_read_from_the_answer() {
        for (text, outcome) in [
            ("darkroom; hit", Outcome::Hit),
            ("darkroom; hit; detail=memory", Outcome::Hit),
            ("darkroom; fwd=miss; stored", Outcome::Stored),
            ("darkroom; fwd=miss", Outcome::NotStored),
            ("darkroom; fwd=miss; collapsed", Outcome::Collapsed),
            ("darkroom; fwd=bypass", Outcome::Bypass),
        ] {
            assert_eq!(Outcome::of(&status(text)), outcome, "{text}");
        }
        assert_eq!(Outcome::of(&HeaderMap::new()), Outcome::None);
    }

    #[test]
    fn what_a_client_writes_is_no_label() {
        let mut registry = Registry::default();
        let metrics = RequestMetrics::new(&mut registry);
        let took = Duration::from_millis(2);
        let hit = status("darkroom; hit");
        metrics.count("/resize", (StatusCode::OK, &hit), took);
        metrics.count("/prefix/resize", (StatusCode::OK, &hit), took);
        for path in ["/evil\"} 1", "/", "", "/resize/more"] {
            metrics.count(path, (StatusCode::NOT_FOUND, &HeaderMap::new()), took);
        }
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        assert!(
            text.contains("requests_total{endpoint=\"resize\",status=\"200\",cache=\"hit\"} 2\n"),
            "{text}"
        );
        assert!(
            text.contains("requests_total{endpoint=\"other\",status=\"404\",cache=\"none\"} 4\n"),
            "{text}"
        );
        assert!(!text.contains("evil"));
    }
}
