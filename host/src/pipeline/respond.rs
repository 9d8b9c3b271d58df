//! A rendition or a failure becomes an HTTP answer. Headers of success stand on success only, and no
//! error can be cached.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use http_body_util::Full;
use request::image_request::Source;
use request::signature::Keyring;

use crate::error::Error;
use crate::flights::Role;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::store::Stored;
use crate::pipeline::timing::Timing;
use crate::rendition::Rendition;
use crate::server::Response;

/// A year, the longest that caches take seriously (RFC 9111 has no bound, older HTTP had this one).
const SIGNED_MAX_AGE_SECONDS: u64 = 31_536_000;
/// An unsigned URL promises nothing about its picture: a day.
const UNSIGNED_MAX_AGE_SECONDS: u64 = 86_400;
/// When to come back after 503: about what a full queue takes to drain by a few places.
const RETRY_AFTER_SECONDS: &str = "1";

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Where a rendition came from, in the words of RFC 9211.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// From the cache.
    Hit,
    /// Made for this request, and kept.
    Stored,
    /// Made for this request, and not kept: the cache refused it.
    NotStored,
    /// Made for another request that came first.
    Collapsed,
    /// Made from an upload, which is never kept.
    Bypass,
}

impl Outcome {
    /// Of a rendition that had to be made.
    pub(crate) const fn of_miss(role: Role, stored: Stored) -> Self {
        match (role, stored) {
            (Role::Follower, _) => Self::Collapsed,
            (Role::Leader, Stored::Kept) => Self::Stored,
            (Role::Leader, Stored::Refused) => Self::NotStored,
        }
    }

    const fn cache_status(self) -> &'static str {
        match self {
            Self::Hit => "darkroom; hit",
            Self::Stored => "darkroom; fwd=miss; stored",
            Self::NotStored => "darkroom; fwd=miss",
            Self::Collapsed => "darkroom; fwd=miss; collapsed",
            Self::Bypass => "darkroom; fwd=bypass",
        }
    }
}

/// How long an answer may be kept by others.
#[derive(Debug, Clone, Copy)]
enum Freshness {
    /// The URL was signed: it means the same for ever, or until it expires (seconds from now).
    Signed(Option<u64>),
    /// Anybody may ask anything.
    Unsigned,
    /// An upload's answer belongs to the client that sent it.
    Private,
}

/// Everything about an answer that is not the rendition itself.
pub(crate) struct Circumstances {
    /// Where the rendition came from.
    pub outcome: Outcome,
    freshness: Freshness,
    negotiated: bool,
}

impl Circumstances {
    /// Those of a variant that is looked for at `now`. A hit, until somebody says otherwise.
    pub(crate) fn of(variant: &Variant, keyring: &Keyring, now: SystemTime) -> Self {
        let is_upload = matches!(variant.request.source, Source::Upload);
        let freshness = match (is_upload, keyring.is_unsigned()) {
            (true, _) => Freshness::Private,
            (false, true) => Freshness::Unsigned,
            (false, false) => Freshness::Signed(seconds_left(variant.request.expires, now)),
        };
        let outcome = if is_upload {
            Outcome::Bypass
        } else {
            Outcome::Hit
        };
        Self {
            outcome,
            freshness,
            negotiated: variant.negotiated,
        }
    }
}

/// A finished picture, or 304 where the client has it already.
pub(crate) fn rendition(
    rendition: &Rendition,
    about: &Circumstances,
    asked: &HeaderMap,
    timing: &Timing,
) -> Response {
    let etag = format!("\"{:016x}\"", rendition.checksum);
    let unchanged = has_it_already(asked, &etag);
    let mut response = Response::new(Full::new(if unchanged {
        Bytes::new()
    } else {
        rendition.body.clone()
    }));
    let headers = response.headers_mut();
    if !unchanged {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(rendition.media.content_type()),
        );
        headers.insert(
            header::CONTENT_LENGTH,
            HeaderValue::from(rendition.body.len()),
        );
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        insert(
            headers,
            header::LAST_MODIFIED,
            &httpdate::fmt_http_date(rendition.made_at),
        );
    }
    insert(headers, header::ETAG, &etag);
    insert(
        headers,
        header::CACHE_CONTROL,
        &cache_control(about.freshness),
    );
    headers.insert(
        CACHE_STATUS,
        HeaderValue::from_static(about.outcome.cache_status()),
    );
    insert(headers, SERVER_TIMING, &timing.header());
    if about.negotiated {
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

/// RFC 9110, 13.1.2: a list of tags or `*`, compared weakly.
fn has_it_already(asked: &HeaderMap, etag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| {
            list.split(',')
                .map(str::trim)
                .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
        })
}

fn cache_control(freshness: Freshness) -> String {
    match freshness {
        Freshness::Signed(None) => format!("public, max-age={SIGNED_MAX_AGE_SECONDS}, immutable"),
        Freshness::Signed(Some(left)) => {
            format!(
                "public, max-age={}, immutable",
                left.min(SIGNED_MAX_AGE_SECONDS)
            )
        }
        Freshness::Unsigned => format!("public, max-age={UNSIGNED_MAX_AGE_SECONDS}"),
        Freshness::Private => "private, no-store".to_owned(),
    }
}

/// A failure, as JSON. `negotiated` answers say `Vary` also when they fail.
pub(crate) fn failure(error: &Error) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(error.body())));
    *response.status_mut() = error.status();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let methods = HeaderValue::from_static("GET, HEAD, POST");
        response.headers_mut().insert(header::ALLOW, methods);
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(
            header::RETRY_AFTER,
            HeaderValue::from_static(RETRY_AFTER_SECONDS),
        );
    }
    response
}

/// Seconds left until `expires`.
fn seconds_left(expires: Option<u64>, now: SystemTime) -> Option<u64> {
    let now = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    expires.map(|expires| expires.saturating_sub(now))
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // Every value here is made of printable ASCII; one that is not would be left out, not sent.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
