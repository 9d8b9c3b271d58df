//! A question to an origin, as the span of a client: its place goes to the origin as `traceparent`, so that
//! the origin's own spans hang below it. Ends with the answer, or when nobody waits for one any more.

use std::time::{Instant, SystemTime};

use http::{HeaderMap, StatusCode};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanLinks;
use url::Url;

use super::export::About;
use super::{Place, Span, TRACES, place};
use crate::origins::{OriginName, SourceRef};

/// Nobody waits for it any more.
const CANCELLED: &str = "cancelled";

/// A question that is recorded.
pub(crate) struct Call {
    place: Place,
    parent: SpanId,
    headers: HeaderMap,
    start: Instant,
    attributes: Vec<KeyValue>,
    failure: Option<&'static str>,
}

impl Call {
    /// Begin, if the request with these headers is recorded and `source` is not a file.
    pub(crate) fn begin(source: SourceRef<'_>, client: &HeaderMap) -> Option<Self> {
        let parent = super::recorded(client)?;
        let (SourceRef::Url(url) | SourceRef::Base(url)) = source else {
            return None;
        };
        let (place, mut headers) = (parent.next(), client.clone());
        place.write(&mut headers);
        Some(Self {
            place,
            parent: parent.span,
            headers,
            start: Instant::now(),
            attributes: attributes(url),
            failure: Some(CANCELLED),
        })
    }

    /// What the origin is told in place of the client's headers.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// It was answered; `failure` is the kind of failure that it came to.
    pub(crate) fn end(mut self, status: Option<StatusCode>, failure: Option<&'static str>) {
        if let Some(status) = status {
            let status = i64::from(status.as_u16());
            let status = KeyValue::new("http.response.status_code", status);
            self.attributes.push(status);
        }
        self.failure = failure;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let Some(traces) = TRACES.get() else { return };
        let mut attributes = std::mem::take(&mut self.attributes);
        let mut status = Status::Unset;
        if let Some(failure) = self.failure {
            attributes.push(KeyValue::new("error.type", failure));
            status = Status::error("");
        }
        let end = SystemTime::now();
        let span = Span {
            place: self.place,
            parent: Some(self.parent),
            parent_is_remote: false,
            kind: SpanKind::Client,
            data: About {
                name: "GET".into(),
                start: end - self.start.elapsed(),
                end,
                attributes,
            },
            links: SpanLinks::default(),
            status,
        };
        let state = place::state(&self.headers).parse().unwrap_or_default();
        traces.take(vec![span], &state);
    }
}

/// Where it goes, without what may be secret.
fn attributes(url: &str) -> Vec<KeyValue> {
    let mut all = vec![KeyValue::new("http.request.method", "GET")];
    if let Some(name) = OriginName::parse(url) {
        all.push(KeyValue::new("url.full", name.url()));
    }
    if let Ok(url) = Url::parse(url) {
        if let Some(host) = url.host_str() {
            all.push(KeyValue::new("server.address", host.to_owned()));
        }
        if let Some(port) = url.port_or_known_default() {
            all.push(KeyValue::new("server.port", i64::from(port)));
        }
    }
    all
}
