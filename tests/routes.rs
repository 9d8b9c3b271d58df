//! What is answered besides pictures: versions, health, readiness, unknown paths, methods.

use tests::signing::sign;
use tests::{Edge, KEY, Request};

#[test]
fn health_and_readiness_need_no_signature() {
    let edge = Edge::shared();
    let health = edge.health();
    assert_eq!(health["status"], "ok");
    for pointer in [
        "/uptime",
        "/cache/entries",
        "/cache/bytes",
        "/cache/hits",
        "/cache/misses",
        "/cache/evictions",
        "/cache/write_errors",
        "/cache/read_errors",
        "/cache/corrupt",
        "/sandbox/workers",
        "/sandbox/busy",
        "/sandbox/queued",
        "/sandbox/started",
        "/sandbox/traps",
        "/sandbox/deadline_kills",
        "/sandbox/memory_kills",
    ] {
        assert!(
            health
                .pointer(pointer)
                .is_some_and(serde_json::Value::is_number),
            "{pointer} in {health}"
        );
    }
    assert_eq!(edge.get_unsigned("/ready").status, 200);
}

#[test]
fn head_answers_as_get_without_the_body() {
    let edge = Edge::shared();
    let target = sign(KEY, "/resize?width=45&file=dunes.jpg");
    for _ in ["miss", "hit"] {
        let head = edge.send(&Request::new("HEAD", &target));
        let get = edge.get_unsigned(&target);
        assert_eq!(head.status, 200);
        assert!(head.body.is_empty());
        assert_eq!(
            head.header("content-length").unwrap(),
            get.picture().len().to_string()
        );
        for name in ["content-type", "etag", "cache-control"] {
            assert!(get.header(name).is_some(), "{name}");
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
    }
    let refused = edge.send(&Request::new("HEAD", "/resize?width=45&file=dunes.jpg"));
    assert_eq!(refused.status, 403);
}

#[test]
fn the_server_does_not_publish_its_version() {
    let answer = Edge::shared().get("/resize?width=40&file=dunes.jpg");
    answer.picture();
    if let Some(server) = answer.header("server") {
        assert!(!server.contains(|c: char| c.is_ascii_digit()), "{server}");
    }
    assert!(answer.header("server-timing").is_some());
}
