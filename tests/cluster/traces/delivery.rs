//! Where traces go: which collector is told, and what happens when it does not do its part.

use std::time::{Duration, Instant};

use tests::collector::Collector;
use tests::signing::sign;
use tests::{Builder, Edge, KEY, Nobody, Origin, Reply, Request, until};

use super::{parent, sending};

/// Sends spans soon, and gives up on a collector soon.
fn impatient(to: impl Into<String>) -> Builder {
    sending(Edge::builder(), to).env("OTEL_EXPORTER_OTLP_TIMEOUT", "500")
}

fn spans_of(edge: &Edge, outcome: &str) -> u64 {
    let answer = Request::get("/metrics").send(edge.admin_address()).unwrap();
    let series = format!("darkroom_spans_total{{outcome=\"{outcome}\"}} ");
    let text = std::str::from_utf8(&answer.body).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&series));
    line.unwrap_or_else(|| panic!("no {series}: {text}"))
        .parse()
        .unwrap()
}

#[test]
fn a_collector_that_is_not_there_costs_one_line_and_comes_back() {
    let nobody = Nobody::somewhere();
    let edge = impatient(format!("http://{}", nobody.address()))
        .set("admin-listen", "127.0.0.1:0")
        .start();
    let asked = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&asked).picture();
    for _ in 0..400 {
        let took = Instant::now();
        assert!(edge.get_unsigned(&asked).is_hit());
        assert!(
            took.elapsed() < Duration::from_secs(5),
            "{:?}",
            took.elapsed()
        );
    }
    until("spans that failed", || spans_of(&edge, "failed") >= 600);
    assert_eq!(spans_of(&edge, "exported"), 0);

    let collector = Collector::on(nobody.listen());
    until("spans that arrive", || {
        edge.get_unsigned(&asked);
        spans_of(&edge, "exported") > 0
    });
    assert!(!collector.spans().is_empty());
    let log = edge.into_log();
    let lines = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    assert_eq!(lines("--otlp-endpoint"), 1, "{log}");
    assert_eq!(lines("answers again"), 1, "{log}");
    assert_eq!(lines("BatchSpanProcessor"), 0, "{log}");
}

#[test]
fn a_collector_that_refuses_delays_nothing_not_even_the_end() {
    let refusing = Collector::start();
    refusing.answer(400);
    let edge = impatient(refusing.url()).start();
    edge.get("/resize?width=40&file=dunes.jpg").picture();
    edge.stop();
    assert!(!refusing.heads().is_empty());
    assert!(refusing.spans().is_empty());
}

#[test]
fn a_collector_that_hangs_costs_no_more_than_the_queue() {
    let hanging = Origin::new(|_| Reply::Silent);
    let edge = sending(Edge::builder(), hanging.url(""))
        .env("OTEL_EXPORTER_OTLP_TIMEOUT", "60000")
        .set("admin-listen", "127.0.0.1:0")
        .start();
    let asked = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&asked).picture();
    // Three spans each; 2048 may wait.
    let hits: u64 = 900;
    for _ in 0..hits {
        assert!(edge.get_unsigned(&asked).is_hit());
    }
    let dropped = spans_of(&edge, "dropped");
    let all = 3 * hits;
    assert!(
        (all - 2048..all - 2048 + 20).contains(&dropped),
        "{dropped}"
    );
    assert_eq!(spans_of(&edge, "exported") + spans_of(&edge, "failed"), 0);
    // The end waits for a collector, but not for as long as it likes.
    let begun = Instant::now();
    edge.stop();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn the_standard_variables_are_taken() {
    let collector = Collector::start();
    let edge = Edge::builder()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
        .env("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=pictures")
        .env("OTEL_SERVICE_NAME", "edge")
        .env("OTEL_TRACES_SAMPLER_ARG", "0")
        .start();
    let asked = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&asked).picture();
    edge.send(&Request::get(&asked).with("traceparent", &parent("01")));
    edge.stop();
    let spans = collector.spans();
    assert_eq!(spans.len(), 3, "{spans:#?}");
    assert_eq!(
        spans[0].of_resource("service.name").as_deref(),
        Some("edge")
    );
    let head = &collector.heads()[0];
    assert!(
        head.to_ascii_lowercase().contains("x-tenant: pictures"),
        "{head}"
    );
}

#[test]
fn an_endpoint_or_a_ratio_that_cannot_be_is_refused_by_name() {
    for (builder, setting) in [
        (
            Edge::builder().set("otlp-endpoint", "collector:4317"),
            "otlp-endpoint",
        ),
        (
            Edge::builder().env("OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense"),
            "otlp-endpoint",
        ),
        (Edge::builder().set("trace-ratio", "1.5"), "trace-ratio"),
        (
            Edge::builder().env("OTEL_TRACES_SAMPLER", "xray"),
            "trace-ratio",
        ),
    ] {
        let said = builder.refusal();
        assert!(
            said.starts_with(&format!("darkroom: --{setting}: ")),
            "{said}"
        );
    }
}
