//! Pages of other sites: what a browser asks before, and what it is told after.

use tests::signing::sign;
use tests::{Edge, KEY, Request};

const TARGET: &str = "/resize?width=40&file=dunes.jpg";

#[test]
fn a_preflight_is_answered_where_cors_is_on() {
    let edge = Edge::builder().switch("cors").start();
    for target in [TARGET, "/nothing", "/health"] {
        let preflight = Request::new("OPTIONS", target)
            .with("Origin", "https://page.example")
            .with("Access-Control-Request-Method", "POST");
        let answer = edge.send(&preflight);
        assert_eq!(answer.status, 204, "{target}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            answer.header("access-control-allow-methods"),
            Some("GET, HEAD, POST")
        );
        assert!(answer.header("access-control-max-age").is_some());
    }
    // OPTIONS that is no preflight is a method like any other.
    edge.send(&Request::new("OPTIONS", sign(KEY, TARGET)))
        .refused(405);
    edge.send(&Request::new("OPTIONS", TARGET)).refused(403);
}

#[test]
fn every_answer_may_be_read_errors_too_and_vary_is_kept() {
    let edge = Edge::builder().switch("cors").start();
    for target in [TARGET, "/resize?width=abc&file=dunes.jpg", "/nothing"] {
        let answer = edge.get(target);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "{target}"
        );
    }
    let negotiated = edge.get("/resize?width=40&type=auto&file=dunes.jpg");
    assert_eq!(negotiated.header("vary"), Some("Accept"));
}

#[test]
fn without_it_browsers_are_told_nothing() {
    let edge = Edge::shared();
    let preflight = Request::new("OPTIONS", sign(KEY, TARGET))
        .with("Origin", "https://page.example")
        .with("Access-Control-Request-Method", "GET");
    let answer = edge.send(&preflight);
    answer.refused(405);
    assert!(answer.header("allow").is_some());
    assert_eq!(edge.get(TARGET).header("access-control-allow-origin"), None);
}
