//! Traces: what a collector gets of a request, and what an origin is told of it. The collector of these tests
//! reads OTLP as any other would.

mod delivery;

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};

use tests::collector::{Collector, Span};
use tests::signing::sign;
use tests::{Builder, Edge, KEY, Origin, Reply, Request, sample};

use crate::origins::{target, trusting};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";
/// OTLP's numbers.
const INTERNAL: i32 = 1;
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const STATUS_UNSET: i32 = 0;
const STATUS_ERROR: i32 = 2;

fn parent(flags: &str) -> String {
    format!("00-{TRACE}-{SPAN}-{flags}")
}

/// Sends spans soon.
fn sending(builder: Builder, to: impl Into<String>) -> Builder {
    builder
        .set("otlp-endpoint", to.into())
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found.next();
    assert!(found.next().is_none(), "several of {name}: {spans:#?}");
    span.unwrap_or_else(|| panic!("no {name}: {spans:#?}"))
}

fn names(spans: &[Span]) -> BTreeSet<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

fn status(span: &Span) -> i32 {
    span.rest
        .status
        .as_ref()
        .map_or(STATUS_UNSET, |status| status.code)
}

#[test]
fn a_miss_is_a_tree_of_spans_that_goes_on_at_the_origin() {
    let (origin, collector) = (Origin::of(sample("dunes.jpg")), Collector::start());
    let edge = trusting().set("allowed-origins", origin.url("/"));
    let edge = sending(edge, collector.url()).start();
    let asked = sign(KEY, &target(&origin.url("/a.jpg?token=hidden")));
    let request = Request::get(&asked)
        .with("traceparent", &parent("01"))
        .with("tracestate", "vendor=1,other=2")
        .with("User-Agent", "a test");
    edge.send(&request).picture();
    let spans = collector.wait(TRACE, |spans| {
        spans.iter().any(|span| span.name == "GET /resize")
    });

    let server = named(&spans, "GET /resize");
    assert_eq!((server.parent.as_str(), server.rest.kind), (SPAN, SERVER));
    assert_eq!(server.rest.trace_state, "vendor=1,other=2");
    assert_eq!(status(server), STATUS_UNSET);
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/resize"),
        ("http.response.status_code", "200"),
        ("url.scheme", "http"),
        ("url.path", "/resize"),
        ("client.address", "127.0.0.1"),
        ("user_agent.original", "a test"),
        ("network.protocol.version", "1.1"),
        ("error.type", ""),
    ] {
        let said = server.attribute(name);
        assert_eq!(said.as_deref().unwrap_or_default(), value, "{name}");
    }
    let query = server.attribute("url.query").unwrap();
    assert!(
        query.contains("sign=…") && query.contains("width="),
        "{query}"
    );
    let cache = server
        .attribute("http.response.header.cache-status")
        .unwrap();
    assert!(cache.contains("fwd=miss; stored"), "{cache}");

    // Nothing could be looked up before the origin had said what its picture is.
    let stages = ["verify", "fetch", "queue", "transform", "store"];
    let mut last = 0;
    for name in stages {
        let stage = named(&spans, name);
        assert_eq!((&stage.parent, stage.rest.kind), (&server.id, INTERNAL));
        assert!(stage.is_within(server), "{stage:#?} in {server:#?}");
        assert!(
            stage.rest.start_time_unix_nano >= last,
            "{name} is early: {spans:#?}"
        );
        last = stage.rest.start_time_unix_nano;
    }

    assert_eq!(spans.len(), stages.len() + 2, "{spans:#?}");
    goes_on_at((&origin, &origin.url("/a.jpg")), (server, &spans));
}

/// The origin is one span below, and is told so.
#[track_caller]
fn goes_on_at((origin, url): (&Origin, &str), (server, spans): (&Span, &[Span])) {
    let call = named(spans, "GET");
    assert_eq!((&call.parent, call.rest.kind), (&server.id, CLIENT));
    assert!(call.is_within(named(spans, "fetch")));
    let port = origin.address().port().to_string();
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.response.status_code", "200"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("url.full", url),
    ] {
        assert_eq!(call.attribute(name).as_deref(), Some(value), "{name}");
    }
    let told = origin.asked();
    assert_eq!(
        told[0].header("traceparent"),
        Some(format!("00-{TRACE}-{}-01", call.id).as_str())
    );
    assert_eq!(told[0].header("tracestate"), Some("vendor=1,other=2"));
}

#[test]
fn a_hit_is_recorded_and_named_as_the_service() {
    let collector = Collector::start();
    let edge = sending(Edge::builder(), collector.url())
        .env(
            "OTEL_RESOURCE_ATTRIBUTES",
            "deployment.environment.name=here",
        )
        .start();
    let asked = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&asked).picture();
    let request = Request::get(&asked).with("traceparent", &parent("01"));
    assert!(edge.send(&request).is_hit());
    let spans = collector.wait(TRACE, |spans| spans.len() >= 3);
    assert_eq!(
        names(&spans),
        BTreeSet::from(["GET /resize", "lookup", "verify"])
    );
    let server = named(&spans, "GET /resize");
    for (name, value) in [
        ("service.name", "darkroom"),
        ("deployment.environment.name", "here"),
        ("telemetry.sdk.name", "opentelemetry"),
    ] {
        assert_eq!(server.of_resource(name).as_deref(), Some(value), "{name}");
    }
    let head = &collector.heads()[0];
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("application/x-protobuf"), "{head}");
}

#[test]
fn failures_say_whose_they_are() {
    let (origin, collector) = (Origin::new(|_| Reply::status(503)), Collector::start());
    let edge = trusting().set("allowed-origins", origin.url("/"));
    let edge = sending(edge, collector.url()).start();
    let ask = |trace: char, target: &str| {
        let trace = trace.to_string().repeat(32);
        let told = format!("00-{trace}-{SPAN}-01");
        edge.send(&Request::get(target).with("traceparent", &told));
        let spans = collector.wait(&trace, |spans| {
            spans.iter().any(|span| span.rest.kind == SERVER)
        });
        let of = |kind| spans.iter().find(|span| span.rest.kind == kind).cloned();
        (of(SERVER).unwrap(), of(CLIENT))
    };
    let (server, call) = ask('a', &sign(KEY, &target(&origin.url("/a.jpg"))));
    assert_eq!(status(&server), STATUS_ERROR);
    let call = call.unwrap();
    assert_eq!(status(&call), STATUS_ERROR);
    let said = call.attribute("http.response.status_code");
    assert_eq!(said.as_deref(), Some("503"));
    assert_eq!(
        call.attribute("error.type").as_deref(),
        Some("server_error")
    );

    // What a client does wrong is no error of the server's.
    let (server, call) = ask('b', "/resize?width=40&file=dunes.jpg");
    assert_eq!(status(&server), STATUS_UNSET);
    let said = server.attribute("http.response.status_code");
    assert_eq!(said.as_deref(), Some("403"));
    assert!(call.is_none());
}

#[test]
fn who_waits_for_anothers_work_points_at_it() {
    let collector = Collector::start();
    let gate = Arc::new(Barrier::new(2));
    let (inner, picture) = (Arc::clone(&gate), sample("dunes.jpg"));
    let origin = Origin::new(move |_| {
        inner.wait();
        Reply::ok(picture.clone())
    });
    let edge = trusting().set("allowed-origins", origin.url("/"));
    let edge = sending(edge, collector.url()).start();
    let asked = sign(KEY, &target(&origin.url("/a.jpg")));
    let ask = |trace: char| {
        let told = format!("00-{}-{SPAN}-01", trace.to_string().repeat(32));
        edge.send(&Request::get(&asked).with("traceparent", &told))
            .picture();
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(|| ask('a'));
        edge.wait_for("/misses_under_way", 1);
        let second = scope.spawn(|| ask('b'));
        // Who is counted as a miss joins the first in the same breath.
        edge.wait_for("/cache/misses", 2);
        gate.wait();
        first.join().unwrap();
        second.join().unwrap();
    });
    let whole = |spans: &[Span]| spans.iter().any(|span| span.rest.kind == SERVER);
    let (led, followed) = (
        collector.wait(&"a".repeat(32), whole),
        collector.wait(&"b".repeat(32), whole),
    );
    let leader = named(&led, "GET /resize");
    let wait = named(&followed, "wait");
    assert_eq!(wait.links, [(leader.trace.clone(), leader.id.clone())]);
    assert!(wait.is_within(named(&followed, "GET /resize")));
    assert!(!names(&followed).contains("transform"), "{followed:#?}");
    assert!(names(&led).contains("transform"), "{led:#?}");
}

#[test]
fn a_clients_decision_holds_and_chance_decides_where_there_is_none() {
    let collector = Collector::start();
    let decided = |ratio: &str, letter: char| {
        let edge = sending(Edge::builder(), collector.url())
            .set("trace-ratio", ratio)
            .start();
        let before = collector.spans().len();
        let asked = sign(KEY, "/resize?width=40&file=dunes.jpg");
        edge.get_unsigned(&asked).picture();
        for _ in 0..400 {
            edge.get_unsigned(&asked);
        }
        let not = Request::get(&asked).with("traceparent", &parent("00"));
        edge.send(&not);
        let trace = letter.to_string().repeat(32);
        let sampled = format!("00-{trace}-{SPAN}-01");
        edge.send(&Request::get(&asked).with("traceparent", &sampled));
        // Stopping sends what is left.
        edge.stop();
        let spans = collector.spans()[before..].to_vec();
        assert!(!spans.iter().any(|span| span.trace == TRACE));
        let asked_for = spans.iter().filter(|span| span.trace == trace);
        assert_eq!(asked_for.filter(|span| span.rest.kind == SERVER).count(), 1);
        let own = spans.iter().filter(|span| span.trace != trace);
        own.filter(|span| span.rest.kind == SERVER).count()
    };
    assert_eq!(decided("0", 'a'), 0);
    // Of 401; outside of these bounds once in 10^13 times.
    assert!((130..=270).contains(&decided("0.5", 'b')));
    assert_eq!(decided("1", 'c'), 401);
}

#[test]
fn without_a_collector_a_trace_goes_through_as_it_came() {
    let origin = Origin::of(sample("dunes.jpg"));
    let edge = trusting().set("allowed-origins", origin.url("/")).start();
    let asked = sign(KEY, &target(&origin.url("/a.jpg")));
    let request = Request::get(asked).with("traceparent", &parent("01"));
    edge.send(&request).picture();
    let asked = origin.asked();
    assert_eq!(asked[0].header("traceparent"), Some(parent("01").as_str()));
}
