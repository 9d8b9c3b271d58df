//! A rendition or a failure becomes an HTTP answer. Headers of success stand on success only, and no
//! error can be cached. Conditions and ranges are answered here, from what is there; nothing is made.

mod conditional;
mod freshness;
mod range;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;

use crate::error::Error;
use crate::flights::Role;
use crate::keeping::Tier;
use crate::pipeline::respond::conditional::{Validators, Verdict};
pub(super) use crate::pipeline::respond::freshness::Circumstances;
use crate::pipeline::respond::range::Wanted;
use crate::pipeline::timing::Timing;
use crate::rendition::kept::Kept;
use crate::server::Response;
use crate::traces;

/// When to come back after 503: about what a full queue takes to drain by a few places.
const RETRY_AFTER_SECONDS: &str = "1";
/// Headers of the fullest answer, the server's `Date` included: the table is made once.
const HEADERS_MAX: usize = 16;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Where a rendition came from, in the words of RFC 9211.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// From the cache.
    Hit(Tier),
    /// From the object store that pods share.
    HitElsewhere,
    /// Not even looked at: the client named the tag that it has.
    Unchanged,
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
    /// For one of those who waited for a rendition that had to be made.
    pub(crate) const fn seen_by(self, role: Role) -> Self {
        match (role, self) {
            (Role::Follower, Self::Stored | Self::NotStored) => Self::Collapsed,
            (Role::Follower | Role::Leader, outcome) => outcome,
        }
    }

    /// What stands in `Cache-Status` before and behind the seconds of freshness.
    const fn cache_status(self) -> (&'static str, &'static str) {
        match self {
            Self::Hit(Tier::Memory) => ("darkroom; hit", "; detail=memory"),
            Self::Hit(Tier::Disk) => ("darkroom; hit", "; detail=disk"),
            Self::HitElsewhere => ("darkroom; hit", "; detail=store"),
            Self::Unchanged => ("darkroom; hit", "; detail=etag"),
            Self::Stored => ("darkroom; fwd=miss; stored", ""),
            Self::NotStored => ("darkroom; fwd=miss", ""),
            Self::Collapsed => ("darkroom; fwd=miss; collapsed", ""),
            Self::Bypass => ("darkroom; fwd=bypass", ""),
        }
    }
}

/// What a client asked for beside the picture itself.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) headers: &'a HeaderMap,
}

/// A finished picture, or the parts asked for, or what its conditions come to.
pub(super) fn rendition(
    kept: &Kept,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: &Timing,
) -> Response {
    let there = Validators {
        etag: &kept.etag,
        modified_at_s: Some(kept.made_at_s),
    };
    // A POST has made something: there is nothing that the client could have had.
    let verdict = if asked.method == Method::POST {
        Verdict::Proceed
    } else {
        conditional::evaluate(asked.headers, there)
    };
    let mut response = match verdict {
        Verdict::Proceed => whole_or_parts(kept, asked, there),
        Verdict::NotModified => bare(StatusCode::NOT_MODIFIED, &kept.etag),
        Verdict::Failed => bare(StatusCode::PRECONDITION_FAILED, &kept.etag),
    };
    let headers = response.headers_mut();
    about.write(kept.made_at_s, headers);
    label(about, (asked, timing), &mut response);
    response
}

/// 304 without a rendition, where the client has named the tag of what would be made.
pub(super) fn unchanged(
    etag: &HeaderValue,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: &Timing,
) -> Option<Response> {
    if !conditional::has_tag(asked.headers, etag) {
        return None;
    }
    let mut response = bare(StatusCode::NOT_MODIFIED, etag);
    let headers = response.headers_mut();
    about.write(about.now_s(), headers);
    label(about, (asked, timing), &mut response);
    Some(response)
}

fn label(about: &Circumstances, (asked, timing): (Asked<'_>, &Timing), response: &mut Response) {
    if traces::recorded(asked.headers).is_some() {
        response.extensions_mut().insert(timing.clone());
    }
    let headers = response.headers_mut();
    headers.insert(SERVER_TIMING, timing.header());
    if about.negotiated {
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
}

fn whole_or_parts(kept: &Kept, asked: Asked<'_>, there: Validators<'_>) -> Response {
    let body = &kept.rendition.body;
    let wanted = match asked.headers.get(header::RANGE) {
        // Ranges are defined for GET alone (RFC 9110, 14.2).
        Some(range) if *asked.method == Method::GET => range
            .to_str()
            .ok()
            .filter(|_| conditional::range_applies(asked.headers, there))
            .map_or(Wanted::Whole, |range| range::read(range, body.len())),
        _ => Wanted::Whole,
    };
    let mut response = match wanted {
        Wanted::Whole => {
            let mut response = start(StatusCode::OK, body.clone());
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_LENGTH, kept.length.clone());
            headers.insert(header::CONTENT_TYPE, content_type(kept));
            response
        }
        Wanted::One(part) => {
            let content_range = range::content_range(&part, body.len());
            let mut response = start(StatusCode::PARTIAL_CONTENT, body.slice(part));
            let headers = response.headers_mut();
            insert(headers, header::CONTENT_RANGE, &content_range);
            headers.insert(header::CONTENT_TYPE, content_type(kept));
            response
        }
        Wanted::Several(parts) => {
            let boundary = kept.etag.to_str().unwrap_or_default().trim_matches('"');
            let content_type = kept.rendition.media.content_type();
            let body = range::multipart(body, &parts, (boundary, content_type));
            let mut response = start(StatusCode::PARTIAL_CONTENT, body);
            insert(
                response.headers_mut(),
                header::CONTENT_TYPE,
                &format!("multipart/byteranges; boundary={boundary}"),
            );
            response
        }
        Wanted::Nothing => {
            let mut response = start(StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new());
            let content_range = format!("bytes */{}", body.len());
            insert(
                response.headers_mut(),
                header::CONTENT_RANGE,
                &content_range,
            );
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::LAST_MODIFIED, kept.last_modified.clone());
    headers.insert(header::ETAG, kept.etag.clone());
    response
}

fn bare(status: StatusCode, etag: &HeaderValue) -> Response {
    let mut response = start(status, Bytes::new());
    response.headers_mut().insert(header::ETAG, etag.clone());
    response
}

fn start(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = HeaderMap::with_capacity(HEADERS_MAX);
    response
}

fn content_type(kept: &Kept) -> HeaderValue {
    HeaderValue::from_static(kept.rendition.media.content_type())
}

/// A failure, as JSON. `negotiated` answers say `Vary` also when they fail.
pub(crate) fn failure(error: &Error) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(error.body())));
    *response.status_mut() = error.status();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(error.content_type()),
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

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // Every value here is made of printable ASCII; one that is not would be left out, not sent.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
