//! What development and logs are told, and clients that do not read; imaginary's own flags are rows of the
//! reference.

use std::io::{ErrorKind, Write};

use tests::signing::sign;
use tests::{Builder, Edge, KEY, PATIENCE, until};

const TARGET: &str = "/resize?width=40&file=dunes.jpg";

#[test]
fn signing_cannot_be_asked_for_without_a_key() {
    let said = Builder::bare().switch("enable-url-signature").refusal();
    assert!(said.contains("--url-signature-key: missing"), "{said}");
    let said = Builder::bare()
        .switch("enable-url-signature")
        .switch("allow-unsigned")
        .refusal();
    assert!(said.contains("--allow-unsigned"), "{said}");
}

#[test]
fn development_is_told_what_should_have_been_signed() {
    let edge = Edge::builder().switch("debug-signatures").start();
    let said = edge
        .get_unsigned("/resize?width=40&file=a%20b.jpg&sign=AAAA")
        .refused(403);
    assert!(said.starts_with("URL signature mismatch"), "{said}");
    assert!(said.contains("/resizefile=a+b.jpg&width=40"), "{said}");
    edge.wait_for_log("not for production");
    let said = Edge::shared().get_unsigned(TARGET).refused(403);
    assert_eq!(said, "URL signature mismatch");
}

#[test]
fn urls_that_live_for_ever_can_be_forbidden() {
    let edge = Edge::builder().switch("require-expiry").start();
    edge.get(TARGET).refused(403);
    edge.get("/resize?width=40&file=dunes.jpg&expires=4102444800")
        .picture();
    edge.get("/resize?width=40&file=dunes.jpg&expires=1000")
        .refused(410);
    edge.wait_for_log("--require-expiry");
    assert!(
        !Edge::builder()
            .start()
            .into_log()
            .contains("--require-expiry")
    );
}

#[test]
fn log_lines_go_by_their_weight_and_hold_no_secret() {
    let log = |level: &str| {
        let edge = Edge::builder().set("log-level", level).start();
        let signed = sign(KEY, "/resize?width=40&file=dunes.jpg&key=hidden");
        edge.get_unsigned(&signed).picture();
        edge.get_unsigned("/nothing").refused(404);
        let log = edge.into_log();
        assert!(!log.contains("hidden") && !log.contains(signed.split("sign=").nth(1).unwrap()));
        (log.contains("status=200"), log.contains("status=404"))
    };
    assert_eq!(log("info"), (true, true));
    assert_eq!(log("warning"), (false, true));
    assert_eq!(log("error"), (false, false));
}

/// Answers to hundreds of requests that nobody reads fill the buffers on the way; then the server waits,
/// and then it has waited long enough. What ends the test is the connection, not a clock.
#[test]
fn a_client_that_does_not_read_is_dropped() {
    let edge = Edge::builder().set("http-write-timeout", "500ms").start();
    let target = sign(KEY, "/enlarge?width=700&height=700&type=png&file=dunes.jpg");
    edge.get_unsigned(&target).picture();
    let mut stream = std::net::TcpStream::connect(edge.address).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", edge.address);
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    let mut gone = None;
    until("the connection's end", || {
        // Many at a time: the buffers on the way hold megabytes.
        gone = (0..1000).find_map(|_| stream.write_all(request.as_bytes()).err());
        gone.is_some()
    });
    let kind = gone.map(|error| error.kind());
    assert!(
        matches!(
            kind,
            Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
        ),
        "{kind:?}"
    );
    edge.get(TARGET).picture();
}
