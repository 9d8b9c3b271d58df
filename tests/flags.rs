//! imaginary's flags and variables, as an operator of imaginary writes them; and what development and
//! logs are told.

use std::io::{ErrorKind, Write};
use std::process::Command;

use tests::signing::sign;
use tests::{Builder, Edge, KEY, binary, pictures};

const TARGET: &str = "/resize?width=40&file=dunes.jpg";

/// Section 11 of the compatibility reference.
const IMAGINARYS: &[&str] = &[
    "a",
    "p",
    "path-prefix",
    "cors",
    "gzip",
    "enable-auth-forwarding",
    "enable-url-source",
    "enable-placeholder",
    "enable-url-signature",
    "url-signature-key",
    "allowed-origins",
    "max-allowed-size",
    "max-allowed-resolution",
    "key",
    "mount",
    "certfile",
    "keyfile",
    "authorization",
    "forward-headers",
    "placeholder",
    "placeholder-status",
    "disable-endpoints",
    "http-cache-ttl",
    "http-read-timeout",
    "http-write-timeout",
    "concurrency",
    "burst",
    "mrelease",
    "cpus",
    "log-level",
    "return-size",
];

#[test]
fn every_flag_of_imaginary_is_in_the_help() {
    for help in ["-help", "-h", "--help"] {
        let output = Command::new(binary())
            .args(["serve", help])
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        for flag in IMAGINARYS {
            let dashes = if flag.len() == 1 { "-" } else { "--" };
            let there = [" ", "[=", "\n"]
                .iter()
                .any(|end| text.contains(&format!(" {dashes}{flag}{end}")));
            assert!(there, "{help}: {dashes}{flag}");
        }
    }
    for words in [
        &["-v"][..],
        &["-version"],
        &["serve", "-v"],
        &["serve", "--version"],
    ] {
        let output = Command::new(binary()).args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}");
        assert!(output.stdout.starts_with(b"darkroom"), "{words:?}");
    }
}

#[test]
fn a_whole_command_line_of_imaginarys_is_taken() {
    let edge = Builder::bare()
        .unset("listen")
        .through(format!(
            "exec \"$1\" serve -a 127.0.0.1 -p=0 --cache-dir \"$4\" -cors -gzip -mrelease 30 -cpus 2 \
             -mount {} -enable-url-source=false -enable-url-signature -url-signature-key {KEY} \
             -concurrency 100 -burst=10 -http-cache-ttl -1 -http-read-timeout 60 \
             -http-write-timeout 60 -max-allowed-size 1000000 -max-allowed-resolution 18.0 \
             -disable-endpoints form,blur -log-level warning -return-size",
            pictures().display()
        ))
        .start();
    let answer = edge.get(TARGET);
    answer.picture();
    assert_eq!(answer.header("image-width"), Some("40"));
    edge.get("/blur?sigma=1&file=dunes.jpg").refused(501);
    let log = edge.into_log();
    assert!(
        log.contains("--gzip has no effect") && log.contains("--mrelease has no effect"),
        "{log}"
    );
    assert!(
        log.contains("status=501") && !log.contains("status=200"),
        "{log}"
    );
}

#[test]
fn imaginarys_variables_go_over_its_flags() {
    let other = "another key that has 32 bytes or more";
    let edge = Edge::builder().env("URL_SIGNATURE_KEY", other).start();
    edge.get_unsigned(&sign(other, TARGET)).picture();
    edge.get(TARGET).refused(403);
    // PORT is ambient on many platforms: it replaces -p, and never --listen.
    let edge = Edge::builder().env("PORT", "1").start();
    edge.get(TARGET).picture();
    let edge = Edge::builder()
        .unset("listen")
        .set("a", "127.0.0.1")
        .set("p", "1")
        .env("PORT", "0")
        .start();
    edge.get(TARGET).picture();
    for (name, value) in [("PORT", "http"), ("GOLANG_LOG", "loud")] {
        let said = Edge::builder().unset("listen").env(name, value).refusal();
        assert!(said.contains(name), "{said}");
    }
}

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
    assert!(edge.log().contains("not for production"));
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
    assert!(edge.log().contains("--require-expiry"));
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
    let gone = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error;
        }
    };
    assert!(
        matches!(
            gone.kind(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        ),
        "{gone}"
    );
    edge.get(TARGET).picture();
}
