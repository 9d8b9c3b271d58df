//! Distributed traces (OpenTelemetry). A request that is recorded becomes one span, with one below it for each
//! stage of its way and for each question to an origin; they are put together when the answer is there, from
//! readings that are taken anyway, and leave through a bounded queue to a collector. Without a collector
//! none of it happens. Recording never waits and never fails a request: what finds no place in the queue is
//! dropped, and counted.

mod place;
mod recording;
mod call;
mod export;

use std::sync::OnceLock;
use std::time::Duration;

use http::HeaderMap;
use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceId, TraceState};
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, Sampler, SamplingDecision, ShouldSample as _, SpanData, SpanEvents,
    SpanLinks, SpanProcessor as _,
};

pub(crate) use self::call::Call;
pub(crate) use self::export::StartError;
use self::export::{Counts, WAITING_MAX};
pub(crate) use self::place::Place;
pub(crate) use self::recording::{Recording, Visit};
use crate::config::traces::Config;

/// One for the process, as its log is; empty where no collector is configured.
static TRACES: OnceLock<Traces> = OnceLock::new();

/// Which requests are recorded, and where their spans go.
pub(crate) struct Traces {
    sampler: Sampler,
    scope: InstrumentationScope,
    processor: BatchSpanProcessor,
}

/// What became of spans since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SpanCounts {
    /// The collector took them.
    pub(crate) exported: u64,
    /// The collector did not.
    pub(crate) failed: u64,
    /// There was no place for them in the queue.
    pub(crate) dropped: u64,
}

/// Record from now on. Once a process.
pub(crate) fn start(config: &Config) -> Result<(), StartError> {
    let traces = Traces {
        sampler: Sampler::TraceIdRatioBased(config.ratio),
        scope: InstrumentationScope::builder("darkroom")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build(),
        processor: export::start(config, &COUNTS)?,
    };
    // Only the first configuration of a process counts; there is no second.
    let _ = TRACES.set(traces);
    Ok(())
}

/// Send what is there, for at most `patience`; nothing is recorded afterwards.
pub(crate) fn stop(patience: Duration) {
    if let Some(traces) = TRACES.get() {
        // Whether the collector is there has been said already.
        let _ = traces.processor.shutdown_with_timeout(patience);
    }
}

/// The place in a trace of a request that is recorded, by its headers.
pub(crate) fn recorded(headers: &HeaderMap) -> Option<Place> {
    TRACES.get()?;
    Place::of(headers).filter(|place| place.is_sampled())
}

/// What became of spans so far.
pub(crate) fn counts() -> SpanCounts {
    COUNTS.read()
}

static COUNTS: Counts = Counts::new();

/// What is particular about one span; the rest follows from where it stands.
struct Span {
    place: Place,
    parent: Option<SpanId>,
    parent_is_remote: bool,
    kind: SpanKind,
    data: export::About,
    links: SpanLinks,
    status: Status,
}

impl Traces {
    /// Whether a trace that begins here is recorded.
    fn samples(&self, trace: TraceId) -> bool {
        let sampled = self
            .sampler
            .should_sample(None, trace, "", &SpanKind::Server, &[], &[]);
        sampled.decision == SamplingDecision::RecordAndSample
    }

    /// Take these spans, all of them or none: half a trace is worth less than a missing one.
    fn take(&self, spans: Vec<Span>, state: &TraceState) {
        if !COUNTS.admit(spans.len(), WAITING_MAX) {
            return;
        }
        for span in spans {
            self.processor.on_end(self.finish(span, state));
        }
    }

    fn finish(&self, span: Span, state: &TraceState) -> SpanData {
        SpanData {
            span_context: context(span.place, state),
            parent_span_id: span.parent.unwrap_or(SpanId::INVALID),
            parent_span_is_remote: span.parent_is_remote,
            span_kind: span.kind,
            name: span.data.name,
            start_time: span.data.start,
            end_time: span.data.end,
            attributes: span.data.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: span.links,
            status: span.status,
            instrumentation_scope: self.scope.clone(),
        }
    }
}

fn context(place: Place, state: &TraceState) -> SpanContext {
    SpanContext::new(place.trace, place.span, place.flags, false, state.clone())
}
