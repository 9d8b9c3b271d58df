//! What a request is called in logs and traces: its id (`X-Request-Id`), and its place in a distributed
//! trace (W3C Trace Context). What a client sends is taken over where it is well formed, and made up where
//! not.

use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::Span;

use crate::traces::Place;

/// An id longer than this is no id.
const ID_BYTES_MAX: usize = 128;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id. From here on `headers` hold a `traceparent`, for the origin: that of a recorded request
/// (`place`), or the client's own as it came, or the first of a new trace.
pub(super) fn give(headers: &mut HeaderMap, place: Option<Place>) -> HeaderValue {
    let place = place.or_else(|| Place::of(headers)).unwrap_or_else(|| {
        let first = Place::begin();
        first.write_first(headers);
        first
    });
    let made = || HeaderValue::from_str(&place.trace_id().to_string()).ok();
    said(headers)
        .cloned()
        .or_else(made)
        .unwrap_or_else(|| HeaderValue::from_static("unknown"))
}

/// Where everything that is logged meanwhile belongs. The trace is named where it is recorded.
pub(super) fn span(id: &HeaderValue, place: Option<Place>) -> Span {
    let id = id.to_str().unwrap_or_default();
    if let Some(place) = place {
        return tracing::info_span!("request", id, trace_id = %place.trace_id());
    }
    tracing::info_span!("request", id)
}

/// Tell the client, so that it can ask after this request.
pub(super) fn tell(id: HeaderValue, response: &mut HeaderMap) {
    response.insert(REQUEST_ID, id);
}

/// The client's own id, where it has a sane one.
pub(super) fn said(headers: &HeaderMap) -> Option<&HeaderValue> {
    let is_sane = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    headers.get(REQUEST_ID).filter(|id| {
        let id = id.as_bytes();
        !id.is_empty() && id.len() <= ID_BYTES_MAX && id.iter().all(is_sane)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_trace_that_is_not_recorded_here_goes_through() {
        let mut asked = headers(&[("traceparent", PARENT), ("tracestate", "a=b")]);
        let id = give(&mut asked, None);
        assert_eq!(asked["traceparent"], PARENT);
        assert_eq!(asked["tracestate"], "a=b");
        assert_eq!(id, "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn a_trace_that_is_none_begins_anew() {
        let mut asked = headers(&[("traceparent", &PARENT[1..]), ("tracestate", "a=b")]);
        let id = give(&mut asked, None);
        let place = Place::of(&asked).unwrap();
        assert_eq!(id, place.trace_id().to_string());
        assert!(!asked["traceparent"].to_str().unwrap().contains("4bf92f"));
        assert!(!asked.contains_key("tracestate"));
    }

    #[test]
    fn ids_are_sane_or_ours() {
        let given = |id: &str| give(&mut headers(&[("x-request-id", id)]), None);
        assert_eq!(given("abc-1_2.3"), "abc-1_2.3");
        assert_eq!(given(&"a".repeat(ID_BYTES_MAX)), "a".repeat(ID_BYTES_MAX));
        for wrong in ["", "a b", "a\"b", "a/b", &"a".repeat(ID_BYTES_MAX + 1)] {
            assert_eq!(given(wrong).len(), 32, "{wrong}");
        }
        assert_ne!(given(""), given(""));
    }
}
