//! What a request is called in logs and traces: its id (`X-Request-Id`), and its place in a distributed
//! trace (W3C Trace Context). What a client sends is taken over where it is well formed, and made up where
//! not; the origin is told of the trace by `traceparent`.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::Span;

/// An id longer than this is no id.
const ID_BYTES_MAX: usize = 128;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// A request's id. From here on `headers` hold a `traceparent` of our own, for the origin, that continues
/// the client's trace or begins one.
pub(super) fn give(headers: &mut HeaderMap) -> HeaderValue {
    let parent = headers.get(TRACEPARENT).and_then(parse);
    if parent.is_none() {
        // A state belongs to a trace; the one that begins here has none.
        headers.remove(TRACESTATE);
    }
    let (trace, flags) = parent.unwrap_or_else(begin);
    let ours = format!("00-{trace}-{:016x}-{flags}", random().max(1));
    if let Ok(ours) = HeaderValue::from_str(&ours) {
        headers.insert(TRACEPARENT, ours);
    }
    let made = || HeaderValue::from_str(&trace).ok();
    said(headers)
        .cloned()
        .or_else(made)
        .unwrap_or_else(|| HeaderValue::from_static("unknown"))
}

/// Where everything that is logged meanwhile belongs.
pub(super) fn span(id: &HeaderValue) -> Span {
    tracing::info_span!("request", id = id.to_str().unwrap_or_default())
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

/// Trace id and flags of `00-<32>-<16>-<2>`, lower-case hexadecimal and neither id all zeros.
fn parse(header: &HeaderValue) -> Option<(String, String)> {
    let mut parts = header.to_str().ok()?.split('-');
    let (version, trace, parent, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_something = |text: &str| text.bytes().any(|byte| byte != b'0');
    let is_whole = version == "00"
        && parts.next().is_none()
        && is_hex(trace, 32)
        && is_something(trace)
        && is_hex(parent, 16)
        && is_something(parent)
        && is_hex(flags, 2);
    is_whole.then(|| (trace.to_owned(), flags.to_owned()))
}

/// A new trace that nobody has asked to be recorded.
fn begin() -> (String, String) {
    let trace = format!("{:016x}{:016x}", random(), random().max(1));
    (trace, "00".to_owned())
}

/// Different each time and not to be foreseen: the standard library's hash keys are random, and each
/// `RandomState` has others. Ids need no more.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
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
    fn a_trace_goes_on() {
        let mut asked = headers(&[("traceparent", PARENT), ("tracestate", "a=b")]);
        let id = give(&mut asked);
        let ours = asked["traceparent"].to_str().unwrap();
        assert!(
            ours.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"),
            "{ours}"
        );
        assert!(
            ours.ends_with("-01") && !ours.contains("00f067aa0ba902b7"),
            "{ours}"
        );
        assert_eq!(asked["tracestate"], "a=b");
        assert_eq!(id, "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn a_trace_that_is_none_begins_anew() {
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            let mut asked = headers(&[("traceparent", wrong), ("tracestate", "a=b")]);
            give(&mut asked);
            assert!(parse(&asked["traceparent"]).is_some(), "{wrong}");
            assert!(
                !asked["traceparent"].to_str().unwrap().contains("4bf92f"),
                "{wrong}"
            );
            assert!(!asked.contains_key("tracestate"), "{wrong}");
        }
    }

    #[test]
    fn ids_are_sane_or_ours() {
        let given = |id: &str| give(&mut headers(&[("x-request-id", id)]));
        assert_eq!(given("abc-1_2.3"), "abc-1_2.3");
        assert_eq!(given(&"a".repeat(ID_BYTES_MAX)), "a".repeat(ID_BYTES_MAX));
        for wrong in ["", "a b", "a\"b", "a/b", &"a".repeat(ID_BYTES_MAX + 1)] {
            assert_eq!(given(wrong).len(), 32, "{wrong}");
        }
        assert_ne!(given(""), given(""));
    }
}
