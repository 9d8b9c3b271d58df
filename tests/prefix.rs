//! A path prefix in front of everything, endpoints that are switched off, and paths that lead elsewhere.

use tests::signing::sign;
use tests::{Edge, KEY};

#[test]
fn below_a_prefix_everything_is_as_without() {
    let edge = Edge::builder().set("path-prefix", "/api/v1").start();
    let answer = edge.get_unsigned("/api/v1");
    assert_eq!(
        (answer.status, answer.json()["darkroom"].is_string()),
        (200, true)
    );
    assert_eq!(edge.get_unsigned("/api/v1/health").status, 200);
    assert_eq!(edge.get_unsigned("/api/v1/ready").status, 200);
    // The prefix is part of what is signed.
    edge.get("/api/v1/resize?width=40&file=dunes.jpg").picture();
    let elsewhere = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&format!("/api/v1{elsewhere}"))
        .refused(403);
    for path in [
        "/",
        "/api/v1/",
        "/health",
        "/api/v1/nothing",
        &elsewhere,
        "/api/v12/health",
    ] {
        let answer = edge.get_unsigned(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body, b"404 page not found\n", "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[test]
fn a_path_with_too_many_slashes_or_dots_is_moved() {
    let edge = Edge::builder().set("path-prefix", "api/v1/").start();
    for (path, location) in [
        ("//api/v1/health", "/api/v1/health"),
        (
            "/api//v1/resize?width=40&file=a.jpg",
            "/api/v1/resize?width=40&file=a.jpg",
        ),
        ("/api/v1/../v1/health", "/api/v1/health"),
        ("//evil.example/%2e", "/evil.example/%2e"),
    ] {
        let answer = edge.get_unsigned(path);
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(answer.header("location"), Some(location), "{path}");
    }
}

#[test]
fn endpoints_can_be_switched_off() {
    let edge = Edge::builder()
        .set("disable-endpoints", "info, blur,health")
        .start();
    for target in [
        "/info?file=dunes.jpg",
        "/blur?sigma=2&file=dunes.jpg",
        "/health",
    ] {
        assert_eq!(
            edge.get(target).refused(501),
            "Not implemented endpoint",
            "{target}"
        );
    }
    edge.get("/resize?width=40&file=dunes.jpg").picture();
    // Whoever may not sign does not learn which are.
    edge.get_unsigned("/info?file=dunes.jpg").refused(403);
}

#[test]
fn a_name_that_is_mistyped_closes_nothing_and_so_is_refused() {
    for (setting, value) in [
        ("disable-endpoints", "watermarkImage"),
        ("disable-endpoints", "resize,all"),
        ("path-prefix", "/a/../b"),
        ("path-prefix", "/a b"),
        ("path-prefix", "/a?b"),
    ] {
        let said = Edge::builder().set(setting, value).refusal();
        assert!(said.contains(setting), "{said}");
    }
}
