//! A place in a distributed trace: W3C Trace Context, level 2. `traceparent` comes in and goes out; what
//! is malformed is as if it were not there.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// `00-<32>-<16>-<2>`.
const LENGTH: usize = 55;
/// A version that no header may have.
const VERSION_INVALID: &str = "ff";
/// Sampled, and that the trace's id is random; other bits have no meaning yet and are not passed on.
const FLAGS_KNOWN: u8 = 0b11;

/// One span of one trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) trace: TraceId,
    pub(super) span: SpanId,
    pub(super) flags: TraceFlags,
}

impl Place {
    /// What `headers` say.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(TRACEPARENT).iter();
        let line = lines.next()?.to_str().ok()?;
        // Two parents are none (3.2.2).
        lines.next().is_none().then(|| parse(line))?
    }

    /// The first of a new trace, which nobody has asked to be recorded.
    pub(crate) fn begin() -> Self {
        let (high, low) = (random(), random().max(1));
        Self {
            trace: TraceId::from(u128::from(high) << 64 | u128::from(low)),
            span: SpanId::from(random().max(1)),
            flags: TraceFlags::new(FLAGS_KNOWN - 1),
        }
    }

    /// Another span of the same trace.
    pub(super) fn next(self) -> Self {
        Self {
            span: SpanId::from(random().max(1)),
            ..self
        }
    }

    pub(super) fn sampled(self) -> Self {
        Self {
            flags: self.flags.with_sampled(true),
            ..self
        }
    }

    /// Whether the trace is recorded.
    pub(crate) fn is_sampled(self) -> bool {
        self.flags.is_sampled()
    }

    /// Of the whole trace.
    pub(crate) fn trace_id(self) -> TraceId {
        self.trace
    }

    /// Put it into `headers`, for who is asked with them.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        let flags = self.flags.to_u8();
        let text = format!("00-{}-{}-{flags:02x}", self.trace, self.span);
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(TRACEPARENT, value);
        }
    }

    /// The same where a trace begins: a state belongs to a trace, and a new one has none.
    pub(crate) fn write_first(self, headers: &mut HeaderMap) {
        headers.remove(TRACESTATE);
        self.write(headers);
    }
}

/// What others have noted about the trace, as one line.
pub(super) fn state(headers: &HeaderMap) -> String {
    let lines = headers.get_all(TRACESTATE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines.collect::<Vec<_>>().join(",")
}

/// Lower-case hexadecimal, neither id all zeros. A later version begins in the same way (4.3).
fn parse(header: &str) -> Option<Place> {
    let text = header.get(..LENGTH)?;
    let mut parts = text.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        text.len() == length && text.bytes().all(digit)
    };
    let is_whole = is_hex(version, 2)
        && version != VERSION_INVALID
        && is_hex(trace, 32)
        && is_hex(span, 16)
        && is_hex(flags, 2);
    let more = &header[LENGTH..];
    if !is_whole || !(more.is_empty() || version != "00" && more.starts_with('-')) {
        return None;
    }
    let place = Place {
        trace: TraceId::from_hex(trace).ok()?,
        span: SpanId::from_hex(span).ok()?,
        flags: TraceFlags::new(u8::from_str_radix(flags, 16).ok()? & FLAGS_KNOWN),
    };
    (place.trace != TraceId::INVALID && place.span != SpanId::INVALID).then_some(place)
}

/// Different each time and not to be foreseen: the standard library's hash keys are random, and each
/// `RandomState` has others. Ids need no more.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(lines: &[&str]) -> HeaderMap {
        let line = |line: &&str| (TRACEPARENT, line.parse().unwrap());
        lines.iter().map(line).collect()
    }

    #[test]
    fn what_is_read_is_written() {
        let mut asked = headers(&[PARENT]);
        let place = Place::of(&asked).unwrap();
        assert!(place.is_sampled());
        place.write(&mut asked);
        assert_eq!(asked["traceparent"], PARENT);
        let next = place.next();
        assert_eq!(next.trace, place.trace);
        assert_ne!(next.span, place.span);
        next.write(&mut asked);
        assert_eq!(Place::of(&asked), Some(next));
    }

    #[test]
    fn a_later_version_and_unknown_flags_are_read_as_far_as_they_are_known() {
        let known = Place::of(&headers(&[PARENT]));
        for later in [
            &PARENT.replacen("00", "01", 1),
            &format!("{}-more", PARENT.replacen("00", "cc", 1)),
            &PARENT.replace("-01", "-fd"),
        ] {
            assert_eq!(Place::of(&headers(&[later])), known, "{later}");
        }
    }

    #[test]
    fn what_is_malformed_is_not_there() {
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47360-0f067aa0ba902b7-01",
        ] {
            assert_eq!(Place::of(&headers(&[wrong])), None, "{wrong}");
        }
        assert_eq!(Place::of(&headers(&[PARENT, PARENT])), None);
    }

    #[test]
    fn a_trace_begins_unasked_and_without_a_state() {
        let mut asked = HeaderMap::from_iter([(TRACESTATE, "a=b".parse().unwrap())]);
        let place = Place::begin();
        place.write_first(&mut asked);
        assert!(!asked.contains_key(TRACESTATE));
        assert_eq!(Place::of(&asked), Some(place));
        assert!(!place.is_sampled());
        assert_ne!(Place::begin().trace, place.trace);
    }
}
