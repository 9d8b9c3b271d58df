//! Originals by where they came from: how many, with what end, how long it took. Hosts are those that the
//! operator has listed; all others are one.

use std::sync::OnceLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use url::Url;

use super::SECONDS;
use crate::origins::{Fault, FetchError, SourceRef};

/// Hosts that are counted by name; more are `other`. Each is some 30 lines of `/metrics`.
const HOSTS_MAX: usize = 50;
/// A file of the mount.
const MOUNT: &str = "mount";
/// A host that is not listed by name.
const OTHER: &str = "other";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Host {
    host: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Fetched {
    host: String,
    outcome: &'static str,
}

/// The counters.
pub(crate) struct OriginMetrics {
    requests: Family<Fetched, Counter>,
    seconds: Family<Host, Histogram, fn() -> Histogram>,
    hosts: OnceLock<Vec<String>>,
}

impl OriginMetrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let requests = Family::default();
        registry.register(
            "origin_requests",
            "Originals asked for, by host and what came of it",
            requests.clone(),
        );
        let seconds = Family::<Host, Histogram, fn() -> Histogram>::new_with_constructor(|| {
            Histogram::new(SECONDS)
        });
        registry.register(
            "origin_seconds",
            "Time until an original was whole, or was given up",
            seconds.clone(),
        );
        Self {
            requests,
            seconds,
            hosts: OnceLock::new(),
        }
    }

    /// Count these hosts by name: the entries of the allow-list.
    pub(crate) fn name_hosts(&self, allowed: &[String]) {
        let hosts = allowed
            .iter()
            .take(HOSTS_MAX)
            .filter_map(|entry| host_of(entry));
        // Only the first configuration of a process counts; there is no second.
        let _ = self.hosts.set(hosts.collect());
    }

    /// `source` was asked for.
    pub(crate) fn count(
        &self,
        source: SourceRef<'_>,
        failure: Option<&FetchError>,
        took: Duration,
    ) {
        let host = match source {
            SourceRef::File(_) => MOUNT.to_owned(),
            SourceRef::Url(url) | SourceRef::Base(url) => self.host(url),
        };
        let outcome = failure.map_or("ok", kind_of);
        self.seconds
            .get_or_create(&Host { host: host.clone() })
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&Fetched { host, outcome })
            .inc();
    }

    fn host(&self, url: &str) -> String {
        let asked = Url::parse(url).ok();
        let asked = asked.as_ref().and_then(Url::host_str).unwrap_or_default();
        let is_listed = |host: &&String| match host.strip_prefix('*') {
            Some(ending) => asked.ends_with(ending),
            None => asked == host.as_str(),
        };
        let listed = self.hosts.get().into_iter().flatten().find(is_listed);
        listed.map_or_else(|| OTHER.to_owned(), Clone::clone)
    }
}

/// `images.example.com` of `https://images.example.com:8443/path`; wildcards stay.
fn host_of(entry: &str) -> Option<String> {
    let rest = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// What went wrong, in one of a few words.
pub(crate) fn kind_of(error: &FetchError) -> &'static str {
    match (error, error.fault()) {
        (FetchError::OriginStatus { status, .. }, _) if status.is_client_error() => "client_error",
        (FetchError::OriginStatus { .. }, _) => "server_error",
        (FetchError::TooSlow(_), _) => "timeout",
        (_, Fault::Client) => "refused",
        (_, Fault::Origin) => "failed",
        (_, Fault::Host) => "busy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_hosts_are_named() {
        let metrics = OriginMetrics::new(&mut Registry::default());
        assert_eq!(metrics.host("https://a.test/x"), OTHER);
        metrics.name_hosts(&[
            "https://a.test/path".to_owned(),
            "http://B.test:81".to_owned(),
            "https://*.c.test".to_owned(),
        ]);
        for (url, host) in [
            ("https://a.test/x?y", "a.test"),
            ("http://b.test:81/", "b.test"),
            ("https://one.c.test/", "*.c.test"),
            ("https://c.test/", OTHER),
            ("https://evila.test/", OTHER),
            ("nonsense", OTHER),
        ] {
            assert_eq!(metrics.host(url), host, "{url}");
        }
    }
}
