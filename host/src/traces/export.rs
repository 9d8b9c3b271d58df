//! Spans on their way out: a bounded queue, a thread that empties it, OTLP over HTTP. A collector that is
//! not there is said once, and once more when it is back.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry_otlp::WithHttpConfig as _;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SpanData, SpanExporter as Export, SpanProcessor as _,
};
use reqwest::{blocking, redirect};

use super::SpanCounts;
use crate::config::traces::Config;

/// Spans that may wait for the collector, those on their way to it included: some 1.5 KB each; OpenTelemetry's own default.
pub(super) const WAITING_MAX: usize = 2048;
/// As the product is called, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` say otherwise.
const SERVICE: &str = "darkroom";

/// Why nothing can be recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// What it is sent with cannot be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    /// What it would be sent as is not to be had.
    #[error(transparent)]
    Exporter(#[from] ExporterBuildError),
}

/// What a span is about, and when.
pub(super) struct About {
    pub(super) name: Cow<'static, str>,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) attributes: Vec<KeyValue>,
}

/// What became of spans.
#[derive(Debug)]
pub(super) struct Counts {
    waiting: AtomicUsize,
    exported: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

/// The thread that sends spans.
pub(super) fn start(
    config: &Config,
    counts: &'static Counts,
) -> Result<BatchSpanProcessor, StartError> {
    // It fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = blocking::Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .build()?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(config.endpoint.as_str())
        .build()?;
    let exporter = Told {
        exporter,
        failing: AtomicBool::new(false),
        counts,
        endpoint: config.endpoint.to_string(),
    };
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(WAITING_MAX)
        .build();
    let mut processor = BatchSpanProcessor::builder(exporter)
        .with_batch_config(batches)
        .build();
    processor.set_resource(&resource());
    Ok(processor)
}

/// Who sends: the standard variables go over our own name.
fn resource() -> Resource {
    let said = Resource::builder().build();
    let service = opentelemetry::Key::from_static_str("service.name");
    let is_named = said.get(&service).is_some_and(|name| {
        let name = name.as_str();
        !name.is_empty() && !name.starts_with("unknown_service")
    });
    let name = (!is_named).then(|| KeyValue::new(service, SERVICE));
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    Resource::builder()
        .with_attributes(name.into_iter().chain([version]))
        .build()
}

impl Counts {
    pub(super) const fn new() -> Self {
        Self {
            waiting: AtomicUsize::new(0),
            exported: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    /// Whether `count` more may wait where `most` may.
    pub(super) fn admit(&self, count: usize, most: usize) -> bool {
        let before = self.waiting.fetch_add(count, Ordering::Relaxed);
        let fits = before + count <= most;
        if !fits {
            self.waiting.fetch_sub(count, Ordering::Relaxed);
            self.dropped.fetch_add(count as u64, Ordering::Relaxed);
        }
        fits
    }

    fn sent(&self, count: usize, well: &OTelSdkResult) {
        self.waiting.fetch_sub(count, Ordering::Relaxed);
        let counter = if well.is_ok() {
            &self.exported
        } else {
            &self.failed
        };
        counter.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> SpanCounts {
        SpanCounts {
            exported: self.exported.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }
}

/// An exporter whose state is told, and told once.
#[derive(Debug)]
struct Told<E> {
    exporter: E,
    failing: AtomicBool,
    counts: &'static Counts,
    endpoint: String,
}

impl<E: Export> Export for Told<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        let result = self.exporter.export(batch).await;
        let endpoint = &self.endpoint;
        match &result {
            Err(error) if !self.failing.swap(true, Ordering::Relaxed) => {
                tracing::warn!(%error, endpoint, "--otlp-endpoint: traces are lost until the collector answers");
            }
            Ok(()) if self.failing.swap(false, Ordering::Relaxed) => {
                tracing::info!(endpoint, "the collector of traces answers again");
            }
            Ok(()) | Err(_) => {}
        }
        // Who sees the count finds the line in the log.
        self.counts.sent(count, &result);
        result
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.exporter.shutdown()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_queue_obeyed_and_violated() {
        let counts = Counts::new();
        assert!(counts.admit(6, 10));
        assert!(!counts.admit(5, 10), "all of a trace or nothing");
        assert!(counts.admit(4, 10));
        counts.sent(6, &Ok(()));
        assert!(counts.admit(5, 10));
        let read = counts.read();
        assert_eq!((read.exported, read.failed, read.dropped), (6, 0, 5));
    }
}
