//! A rendition or a failure becomes an HTTP answer. Headers of success stand on success only, and no
//! error can be cached. Conditions and ranges are answered here, from what is there; nothing is made.

mod conditional;
mod freshness;
mod manner;
mod range;

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};

use self::conditional::{Validators, Verdict};
pub use self::freshness::{Circumstances, Freshness, Outcome, Tier};
pub use self::manner::Manner;
use self::range::Wanted;

/// An answer whose body is all there.
pub type Response = http::Response<Bytes>;

/// When to come back after 503: about what a full queue takes to drain by a few places.
const RETRY_AFTER_SECONDS: &str = "1";
/// Headers of the fullest answer, the server's `Date` included: the table is made once.
const HEADERS_MAX: usize = 16;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// A rendition, with the headers that follow from it alone.
#[derive(Debug, Clone, Copy)]
pub struct Finished<'a> {
    /// The encoded picture.
    pub body: &'a Bytes,
    /// What that is.
    pub content_type: &'static str,
    /// `ETag`, strong.
    pub etag: &'a HeaderValue,
    /// `Last-Modified`: when it was made.
    pub last_modified: &'a HeaderValue,
    /// `Content-Length` of the whole.
    pub length: &'a HeaderValue,
    /// When it was made, in seconds since 1970: all that HTTP can say.
    pub made_at_s: u64,
}

/// What a client asked for beside the picture itself.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// GET, HEAD or POST.
    pub method: &'a Method,
    /// All that came with it.
    pub headers: &'a HeaderMap,
}

/// A finished picture, or the parts asked for, or what its conditions come to. `timing` is the value of
/// `Server-Timing`.
pub fn rendition(
    finished: &Finished<'_>,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: HeaderValue,
) -> Response {
    let there = Validators {
        etag: finished.etag,
        modified_at_s: Some(finished.made_at_s),
    };
    // A POST has made something: there is nothing that the client could have had.
    let verdict = if asked.method == Method::POST {
        Verdict::Proceed
    } else {
        conditional::evaluate(asked.headers, there)
    };
    let mut response = match verdict {
        Verdict::Proceed => whole_or_parts(finished, asked, there),
        Verdict::NotModified => bare(StatusCode::NOT_MODIFIED, finished.etag),
        Verdict::Failed => bare(StatusCode::PRECONDITION_FAILED, finished.etag),
    };
    let headers = response.headers_mut();
    about.write(finished.made_at_s, headers);
    label(about, timing, headers);
    response
}

/// 304 without a rendition, where the client has named the tag of what would be made.
pub fn unchanged(
    etag: &HeaderValue,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: HeaderValue,
) -> Option<Response> {
    if !conditional::has_tag(asked.headers, etag) {
        return None;
    }
    let mut response = bare(StatusCode::NOT_MODIFIED, etag);
    let headers = response.headers_mut();
    about.write(about.now_s, headers);
    label(about, timing, headers);
    Some(response)
}

fn label(about: &Circumstances, timing: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(SERVER_TIMING, timing);
    if about.negotiated {
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
}

fn whole_or_parts(finished: &Finished<'_>, asked: Asked<'_>, there: Validators<'_>) -> Response {
    let body = finished.body;
    let content_type = HeaderValue::from_static(finished.content_type);
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
            headers.insert(header::CONTENT_LENGTH, finished.length.clone());
            headers.insert(header::CONTENT_TYPE, content_type);
            response
        }
        Wanted::One(part) => {
            let content_range = range::content_range(&part, body.len());
            let mut response = start(StatusCode::PARTIAL_CONTENT, body.slice(part));
            let headers = response.headers_mut();
            insert(headers, header::CONTENT_RANGE, &content_range);
            headers.insert(header::CONTENT_TYPE, content_type);
            response
        }
        Wanted::Several(parts) => {
            let boundary = finished.etag.to_str().unwrap_or_default().trim_matches('"');
            let body = range::multipart(body, &parts, (boundary, finished.content_type));
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
    headers.insert(header::LAST_MODIFIED, finished.last_modified.clone());
    headers.insert(header::ETAG, finished.etag.clone());
    response
}

fn bare(status: StatusCode, etag: &HeaderValue) -> Response {
    let mut response = start(status, Bytes::new());
    response.headers_mut().insert(header::ETAG, etag.clone());
    response
}

fn start(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = HeaderMap::with_capacity(HEADERS_MAX);
    response
}

/// A failure of an image URL.
pub fn failure((status, content_type): (StatusCode, &'static str), body: String) -> Response {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(
            header::RETRY_AFTER,
            HeaderValue::from_static(RETRY_AFTER_SECONDS),
        );
    }
    response
}

/// The value of `Server-Timing` (W3C): names, and milliseconds with two decimals.
pub fn timing(stages: impl ExactSizeIterator<Item = (&'static str, Duration)>) -> HeaderValue {
    /// What one stage takes in the header, about.
    const STAGE_BYTES: usize = 24;
    let mut text = BytesMut::with_capacity(stages.len() * STAGE_BYTES);
    for (index, (stage, time)) in stages.enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let hundredths = (time.as_nanos() + 5_000) / 10_000;
        let (whole, part) = (hundredths / 100, hundredths % 100);
        let _ = write!(text, "{comma}{stage};dur={whole}.{part:02}");
    }
    HeaderValue::from_maybe_shared(text.freeze()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Seconds since 1970; a clock before that counts as 1970.
pub fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // Every value here is made of printable ASCII; one that is not would be left out, not sent.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
