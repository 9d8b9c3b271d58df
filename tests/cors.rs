//! Pages of other sites: what a browser asks before.

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
