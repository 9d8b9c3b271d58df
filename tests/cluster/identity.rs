//! What a request is called: in the answer, in the log, and on the way to the origin.

use tests::signing::sign;
use tests::{Edge, KEY, Origin, Request, sample};

use crate::origins::{target, trusting};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The `traceparent` that the origin was first sent.
fn told(origin: &Origin) -> Option<String> {
    let mut headers = origin.asked()[0].headers.clone().into_iter();
    headers
        .find(|(name, _)| name == "traceparent")
        .map(|(_, value)| value)
}

#[test]
fn a_client_gets_its_own_id_back_or_one_of_ours() {
    let edge = Edge::builder().start();
    let ask = |width: u32, id: &str| {
        let target = format!("/resize?width={width}&file=dunes.jpg");
        let request = Request::get(sign(KEY, &target)).with("X-Request-Id", id);
        edge.send(&request)
            .header("x-request-id")
            .map(str::to_owned)
    };
    let (miss, hit) = (ask(40, "abc-123"), ask(40, "abc-124"));
    assert_eq!(
        (miss.as_deref(), hit.as_deref()),
        (Some("abc-123"), Some("abc-124"))
    );
    let (ours, another) = (ask(41, "<script>").unwrap(), ask(42, "").unwrap());
    assert_eq!(ours.len(), 32, "{ours}");
    assert_ne!(ours, another);
    // A hit writes no line in the log, so it needs no id to be found by.
    assert_eq!(ask(41, "<script>"), None);
}

#[test]
fn the_id_stands_in_the_log() {
    for format in ["text", "json"] {
        let edge = Edge::builder()
            .set("log-format", format)
            .env("DARKROOM_LOG", "debug")
            .start();
        let request = Request::get(sign(KEY, "/resize?width=40&file=nothing.jpg"));
        edge.send(&request.with("X-Request-Id", "find-me-7"));
        let log = edge.into_log();
        let line = log.lines().find(|line| line.contains("find-me-7"));
        assert!(line.is_some_and(|line| line.contains("fetch")), "{log}");
    }
}

#[test]
fn a_trace_goes_on_at_the_origin_and_is_no_part_of_the_key() {
    let origin = Origin::of(sample("dunes.jpg"));
    let edge = trusting().set("allowed-origins", origin.url("/")).start();
    let target = sign(KEY, &target(&origin.url("/a.jpg")));
    let ask = |parent: &str| edge.send(&Request::get(&target).with("traceparent", parent));
    ask(PARENT).picture();
    assert_eq!(told(&origin).as_deref(), Some(PARENT));
    assert!(ask("00-11111111111111111111111111111111-2222222222222222-00").is_hit());
}

#[test]
fn a_stranger_is_not_told_of_traces() {
    let origin = Origin::of(sample("dunes.jpg"));
    let edge = trusting().start();
    let target = sign(KEY, &target(&origin.url("/a.jpg")));
    edge.send(&Request::get(target).with("traceparent", PARENT))
        .picture();
    assert_eq!(told(&origin), None);
}
