//! A request that is recorded, from its head to its answer: the server's span by OpenTelemetry's
//! conventions for HTTP, and one for each stage below it. What may be secret (signatures, keys, userinfo)
//! is no part of it.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use http::header::{HOST, USER_AGENT};
use http::{Method, Request};
use hyper::body::Body as _;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Link, SpanId, SpanKind, Status, TraceState};
use opentelemetry_sdk::trace::SpanLinks;

use super::export::About;
use super::{Place, Span, TRACES, Traces, context, place};
use crate::pipeline::{Stage, Timing};
use crate::server::Response;

/// A request that is recorded.
pub(crate) struct Recording {
    place: Place,
    /// The client's own span.
    parent: Option<SpanId>,
    state: TraceState,
    arrived: Instant,
    arrived_at: SystemTime,
    /// `GET /resize`: few are different.
    name: Cow<'static, str>,
    attributes: Vec<KeyValue>,
}

/// What is known of a request beside itself.
pub(crate) struct Visit {
    /// Who asks.
    pub(crate) peer: IpAddr,
    /// How.
    pub(crate) scheme: &'static str,
    /// When.
    pub(crate) arrived: Instant,
}

impl Recording {
    /// Begin, if this request is recorded: because its client's trace is, or by chance where none was
    /// begun. From here on the headers tell of our own place in the trace. `route` says which of the
    /// server's paths is asked for.
    pub(crate) fn begin<B>(
        request: &mut Request<B>,
        visit: &Visit,
        route: impl FnOnce(&Request<B>) -> Option<String>,
    ) -> Option<Box<Self>> {
        let traces = TRACES.get()?;
        let parent = Place::of(request.headers());
        let place = enter(traces, parent)?;
        let route = route(request);
        let recording = Self {
            place,
            parent: parent.map(|parent| parent.span),
            state: match parent {
                Some(_) => place::state(request.headers()).parse().unwrap_or_default(),
                None => TraceState::NONE,
            },
            arrived: visit.arrived,
            arrived_at: SystemTime::now() - visit.arrived.elapsed(),
            name: match &route {
                Some(route) => format!("{} {route}", method(request.method())).into(),
                None => method(request.method()).into(),
            },
            attributes: attributes(request, visit, route),
        };
        match parent {
            Some(_) => place.write(request.headers_mut()),
            None => place.write_first(request.headers_mut()),
        }
        Some(Box::new(recording))
    }

    /// Its place in the trace.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// It was answered: send it off.
    pub(crate) fn end(mut self, response: &mut Response) {
        let Some(traces) = TRACES.get() else { return };
        let end = self.at(Instant::now());
        let timing = response.extensions_mut().remove::<Timing>();
        let mut spans = timing.map_or_else(Vec::new, |timing| self.stages(&timing));
        let status = response.status();
        self.tell("http.response.status_code", i64::from(status.as_u16()));
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        self.tell("http.response.body.size", bytes as i64);
        if let Some(cache) = response.headers().get("cache-status") {
            let cache = String::from_utf8_lossy(cache.as_bytes()).into_owned();
            self.tell("http.response.header.cache-status", cache);
        }
        // A client's mistake is no error of a server's span.
        let broke = status.is_server_error();
        if broke {
            self.tell("error.type", status.as_str().to_owned());
        }
        spans.push(Span {
            place: self.place,
            parent: self.parent,
            parent_is_remote: self.parent.is_some(),
            kind: SpanKind::Server,
            data: About {
                name: self.name,
                start: self.arrived_at,
                end,
                attributes: self.attributes,
            },
            links: SpanLinks::default(),
            status: if broke {
                Status::error("")
            } else {
                Status::Unset
            },
        });
        traces.take(spans, &self.state);
    }

    fn tell(&mut self, name: &'static str, value: impl Into<opentelemetry::Value>) {
        self.attributes.push(KeyValue::new(name, value));
    }

    fn stages(&self, timing: &Timing) -> Vec<Span> {
        let stages = timing.stages().iter();
        let mut spans: Vec<_> = stages.map(|stage| self.below(stage)).collect();
        if let Some((stage, leader)) = timing.waited() {
            let mut span = self.below(&stage);
            if let Some(leader) = leader {
                let leader = context(leader, &TraceState::NONE);
                span.links.links.push(Link::new(leader, Vec::new(), 0));
            }
            spans.push(span);
        }
        spans
    }

    fn below(&self, stage: &Stage) -> Span {
        Span {
            place: self.place.next(),
            parent: Some(self.place.span),
            parent_is_remote: false,
            kind: SpanKind::Internal,
            data: About {
                name: stage.name.into(),
                start: self.at(stage.start),
                end: self.at(stage.start + stage.took),
                attributes: Vec::new(),
            },
            links: SpanLinks::default(),
            status: Status::Unset,
        }
    }

    /// The time of day at `moment`. Work that others began may have begun before this request came.
    fn at(&self, moment: Instant) -> SystemTime {
        match moment.checked_duration_since(self.arrived) {
            Some(later) => self.arrived_at + later,
            None => self.arrived_at - self.arrived.duration_since(moment),
        }
    }
}

/// A client's decision holds; where there is none, chance decides.
fn enter(traces: &Traces, parent: Option<Place>) -> Option<Place> {
    if let Some(parent) = parent {
        return parent.is_sampled().then(|| parent.next());
    }
    let first = Place::begin();
    traces.samples(first.trace).then(|| first.sampled())
}

/// What is known when a request comes.
fn attributes<B>(request: &Request<B>, visit: &Visit, route: Option<String>) -> Vec<KeyValue> {
    let (uri, headers) = (request.uri(), request.headers());
    let mut all = Vec::with_capacity(12);
    all.push(KeyValue::new(
        "http.request.method",
        method(request.method()),
    ));
    all.push(KeyValue::new("url.scheme", visit.scheme));
    all.push(KeyValue::new("url.path", uri.path().to_owned()));
    if let Some(query) = uri.query() {
        let redacted = request::redact(&format!("?{query}"));
        all.push(KeyValue::new("url.query", redacted[1..].to_owned()));
    }
    if let Some(route) = route {
        all.push(KeyValue::new("http.route", route));
    }
    let text = |name| {
        let header = headers.get(name)?;
        header.to_str().ok().map(str::to_owned)
    };
    if let Some(host) = text(HOST) {
        all.extend(server(&host));
    }
    if let Some(agent) = text(USER_AGENT) {
        all.push(KeyValue::new("user_agent.original", agent));
    }
    all.push(KeyValue::new("client.address", visit.peer.to_string()));
    all.push(KeyValue::new("network.protocol.version", "1.1"));
    all
}

/// `Host`, which may hold a port.
fn server(host: &str) -> Vec<KeyValue> {
    let Ok(authority) = host.parse::<http::uri::Authority>() else {
        return Vec::new();
    };
    let name = KeyValue::new("server.address", authority.host().to_owned());
    let port = authority.port_u16();
    let port = port.map(|port| KeyValue::new("server.port", i64::from(port)));
    [Some(name), port].into_iter().flatten().collect()
}

/// One of those that are known; a client may write anything.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "_OTHER",
    }
}
