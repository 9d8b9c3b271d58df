//! What a request meets between its signature and its meaning: the API key, then the throttle.

use tests::signing::sign;
use tests::{Answer, Builder, Edge, KEY, Request, until};

const TARGET: &str = "/resize?width=40&file=dunes.jpg";
const NO_KEY: &str = "Invalid or missing API key";

fn get(edge: &Edge, target: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(target), |request, (name, value)| {
            request.with(name, value)
        });
    edge.send(&request)
}

#[test]
fn the_api_key_opens_from_the_header_and_else_from_the_query() {
    let edge = Edge::builder().set("key", "open sesame").start();
    let signed = sign(KEY, TARGET);
    // The key is part of what is signed, as in imaginary.
    let with_key = sign(KEY, "/resize?width=40&file=dunes.jpg&key=open+sesame");
    get(&edge, &signed, &[("API-Key", "open sesame")]).picture();
    get(&edge, &with_key, &[]).picture();
    for (target, headers) in [
        (&signed, &[][..]),
        (&signed, &[("API-Key", "open sesam")]),
        // A wrong header is not rescued by a right query.
        (&with_key, &[("API-Key", "wrong")]),
    ] {
        assert_eq!(get(&edge, target, headers).refused(401), NO_KEY);
    }
}

#[test]
fn the_api_key_guards_the_own_pages_but_readiness() {
    let edge = Builder::bare()
        .switch("allow-unsigned")
        .set("mount", tests::pictures())
        .set("key", "open sesame")
        .start();
    for path in ["/", "/health", "/nothing", TARGET] {
        assert_eq!(edge.get_unsigned(path).refused(401), NO_KEY, "{path}");
    }
    assert_eq!(edge.get_unsigned("/ready").status, 200);
    for (path, status) in [
        ("/", 200),
        ("/health?key=open%20sesame", 200),
        ("/nothing", 404),
    ] {
        let answer = get(&edge, path, &[("API-Key", "open sesame")]);
        assert_eq!(answer.status, status, "{path}");
    }
}

#[test]
fn the_signature_comes_before_the_method_and_that_before_the_key() {
    let edge = Edge::builder().set("key", "open sesame").start();
    edge.send(&Request::new("PUT", TARGET)).refused(403);
    edge.send(&Request::new("PUT", sign(KEY, TARGET)))
        .refused(405);
    // A wrong parameter is nothing that somebody without the key learns.
    edge.get("/resize?width=abc&file=none.jpg").refused(401);
    let uploads = Edge::builder()
        .unset("mount")
        .set("key", "open sesame")
        .start();
    uploads.get(TARGET).refused(405);
}

#[test]
fn one_and_the_burst_pass_and_the_next_is_told_when_to_come_back() {
    // One in a second at most: the test is over before the next one could pass, or it passes nothing.
    let edge = Edge::builder()
        .set("concurrency", "1")
        .set("burst", "2")
        .start();
    let (mut passed, mut refused) = (0, None);
    until("a refusal", || {
        let answer = edge.get(TARGET);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("3"));
        assert!(answer.header("x-ratelimit-reset").is_some());
        if answer.status == 429 {
            refused = Some(answer);
        } else {
            answer.picture();
            passed += 1;
        }
        refused.is_some()
    });
    let refused = refused.unwrap();
    assert!(passed >= 3, "{passed}");
    assert_eq!(refused.body, b"limit exceeded\n");
    assert_eq!(
        refused.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    // Other endpoints, other methods, and probes are counted apart or not at all.
    edge.get("/crop?width=40&file=dunes.jpg").picture();
    edge.post("/resize?width=40", &tests::sample("dunes.jpg"))
        .picture();
    for _ in 0..8 {
        assert_eq!(edge.get_unsigned("/health").status, 200);
    }
    // The signature comes first.
    edge.get_unsigned(TARGET).refused(403);
}

#[test]
fn each_client_is_throttled_on_its_own_behind_trusted_proxies() {
    let edge = Edge::builder()
        .set("concurrency", "1")
        .set("burst", "0")
        .switch("throttle-clients")
        .set("trusted-hops", "1")
        .start();
    let signed = sign(KEY, TARGET);
    let from = |forwarded: &str| get(&edge, &signed, &[("X-Forwarded-For", forwarded)]).status;
    let until_refused = |forwarded: &str| (0..100).any(|_| from(forwarded) == 429);
    assert!(until_refused("192.0.2.1"));
    assert_eq!(from("192.0.2.2"), 200, "another client");
    // What a client writes before its proxy does is not believed.
    assert_eq!(from("192.0.2.9, 192.0.2.3"), 200);
    assert!(until_refused("192.0.2.10, 192.0.2.3"));
    assert_eq!(from("2001:db8::1"), 200);
    assert!(until_refused("2001:db8::ffff"), "one network");
}

#[test]
fn whom_to_throttle_needs_a_rate() {
    let said = Edge::builder().switch("throttle-clients").refusal();
    assert!(said.contains("--concurrency"), "{said}");
}
