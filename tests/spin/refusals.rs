//! What goes wrong in a host: no key, a host that is not granted, a source that is too long, a transformer that
//! breaks.

use tests::signing::sign;
use tests::{KEY, Origin, Reply, Request, sample};

use super::in_process::Grants;
use super::urls;

#[test]
fn without_a_key_nobody_gets_anything() {
    let origin = urls::origin();
    let target = urls::target(&origin, "/resize?width=90", "rocket.jpg");
    for grants in [
        Grants::default(),
        Grants::default().variable("signing_key", ""),
        Grants::default().variable("signing_key", "too-short-to-be-a-key"),
        Grants::usual().variable("max_allowed_size", "lots"),
    ] {
        let host = grants.start();
        for target in [
            &target,
            &sign(KEY, &target),
            "/",
            "/health",
            "/ready",
            "/nowhere",
        ] {
            let refused = Request::get(target)
                .send(host.address)
                .unwrap()
                .refused(500);
            assert!(
                refused.starts_with("The server is not configured: variable "),
                "{refused}"
            );
            assert!(
                !refused.contains("too-short"),
                "a secret is not repeated: {refused}"
            );
        }
    }
    assert!(origin.asked().is_empty());
}

#[test]
fn a_host_that_is_not_granted_is_named() {
    let (granted, other) = (urls::origin(), urls::origin());
    let host = Grants::usual()
        .outbound(&granted.address().to_string())
        .start();
    let ask = |origin: &Origin| {
        let target = urls::target(origin, "/resize?width=90", "rocket.jpg");
        Request::get(sign(KEY, &target)).send(host.address).unwrap()
    };
    ask(&granted).picture();
    let refused = ask(&other).refused(502);
    assert!(refused.contains(&other.address().to_string()), "{refused}");
    assert!(other.asked().is_empty());
}

#[test]
fn private_addresses_are_refused_as_natively() {
    let origin = urls::origin();
    let host = Grants::usual()
        .variable("allow_private_origins", "false")
        .start();
    let port = origin.address().port();
    for name in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
    ] {
        let target = format!("/resize?width=90&url=http://{name}:{port}/rocket.jpg");
        let refused = Request::get(sign(KEY, &target))
            .send(host.address)
            .unwrap()
            .refused(400);
        assert!(
            refused.contains("not a public address"),
            "{name}: {refused}"
        );
    }
    assert!(origin.asked().is_empty());
}

#[test]
fn only_listed_origins_are_asked_and_told() {
    let (listed, other) = (urls::origin(), urls::origin());
    let host = Grants::usual()
        .variable("allowed_origins", &listed.url("/"))
        .variable("forward_headers", "X-Tenant")
        .start();
    let ask = |origin: &Origin| {
        let target = urls::target(origin, "/resize?width=90", "rocket.jpg");
        let request = Request::get(sign(KEY, &target))
            .with("X-Tenant", "7")
            .with("Cookie", "no");
        request.send(host.address).unwrap()
    };
    ask(&listed).picture();
    let told = &listed.asked()[0];
    assert_eq!(told.header("x-tenant"), Some("7"));
    assert_eq!(told.header("cookie"), None);
    ask(&other).refused(400);
    assert!(other.asked().is_empty());
}

/// Reading stops at the limit: the origin could go on for ever.
#[test]
fn a_source_over_the_limit_is_cut_while_it_streams() {
    let origin = Origin::new(|asked| match asked.target.as_str() {
        "/endless" => Reply::Endless(sample("rocket.jpg")),
        _ => Reply::ok(vec![0; 200_000]),
    });
    let host = Grants::usual()
        .variable("max_allowed_size", "100000")
        .start();
    let ask = |path: &str| {
        let target = format!("/resize?width=90&url={}", origin.url(path));
        Request::get(sign(KEY, &target)).send(host.address).unwrap()
    };
    let refused = ask("/endless").refused(413);
    assert_eq!(refused, "source exceeds maximum allowed 100000 bytes");
    let refused = ask("/declared").refused(400);
    assert_eq!(
        refused,
        "Content-Length 200000 exceeds maximum allowed 100000 bytes"
    );
    // What fits into the buffers of two sockets and of the host has come at most.
    assert!(
        origin.sent_bytes() < 64 << 20,
        "{} bytes were sent",
        origin.sent_bytes()
    );
}

#[test]
fn a_silent_origin_is_given_up() {
    let origin = Origin::new(|_| Reply::Silent);
    let host = Grants::usual().variable("origin_timeout", "300ms").start();
    let target = format!("/resize?width=90&url={}", origin.url("/x.jpg"));
    let refused = Request::get(sign(KEY, &target))
        .send(host.address)
        .unwrap()
        .refused(504);
    assert!(refused.contains("took too long"), "{refused}");
}

/// A trap ends the instance, edge component included: the host answers in its own words, and the next request
/// has an instance of its own.
#[test]
fn a_trap_is_one_answer() {
    let (origin, host) = (urls::origin(), Grants::usual().memory(34 << 20).start());
    let ask = |operation: &str, name: &str| {
        let target = urls::target(&origin, operation, name);
        Request::get(sign(KEY, &target)).send(host.address).unwrap()
    };
    ask("/resize?width=20", "rocket.jpg").picture();
    let trapped = ask("/enlarge?width=4000&height=4000", "rocket.jpg");
    assert_eq!(trapped.status, 500);
    ask("/resize?width=20", "rocket.jpg").picture();
}
