//! Section 11: every flag of imaginary, as its users write it, with one dash and with two, and what it does.

use tests::signing::sign;
use tests::{Builder, Edge, KEY, pictures};

use super::row::Check::{Header, Says, Size, Status};
use super::row::{Row, get, run};

/// The flag, a value where it takes one, and whether that is said on the command line below: what is not has
/// a test of its own.
const FLAGS: &[(&str, Option<&str>, Told)] = &[
    ("a", Some("127.0.0.1"), Told::Here),
    ("p", Some("0"), Told::Here),
    ("path-prefix", Some("/api/v1"), Told::Here),
    ("cors", None, Told::Here),
    ("gzip", None, Told::Here),
    ("enable-auth-forwarding", None, Told::Here),
    ("enable-url-source", None, Told::Here),
    ("enable-placeholder", None, Told::Elsewhere),
    ("enable-url-signature", None, Told::Here),
    ("url-signature-key", Some(KEY), Told::Here),
    (
        "allowed-origins",
        Some("http://img.test,http://*.cdn.test/pictures"),
        Told::Here,
    ),
    ("max-allowed-size", Some("1000000"), Told::Here),
    ("max-allowed-resolution", Some("0.5"), Told::Here),
    ("key", Some("open sesame"), Told::Here),
    ("mount", None, Told::Elsewhere),
    ("certfile", None, Told::Elsewhere),
    ("keyfile", None, Told::Elsewhere),
    ("authorization", Some("Bearer constant"), Told::Here),
    ("forward-headers", Some("X-One, X-Two"), Told::Here),
    ("placeholder", None, Told::Elsewhere),
    ("placeholder-status", Some("200"), Told::Here),
    ("disable-endpoints", Some("blur,form"), Told::Here),
    ("http-cache-ttl", Some("3600"), Told::Here),
    ("http-read-timeout", Some("60"), Told::Here),
    ("http-write-timeout", Some("60"), Told::Here),
    ("concurrency", Some("1000"), Told::Here),
    ("burst", Some("50"), Told::Here),
    ("mrelease", Some("30"), Told::Here),
    ("cpus", Some("2"), Told::Here),
    ("log-level", Some("warning"), Told::Here),
    ("return-size", None, Told::Here),
];

#[derive(Clone, Copy, PartialEq)]
enum Told {
    Here,
    Elsewhere,
}

/// What the flags that are told come to.
const TOLD: &[Row] = &[
    get(
        "/api/v1/resize?width=40&file=dunes.jpg&key=open+sesame",
        &[
            Size(40, 54),
            Header("image-width", "40"),
            Header("image-height", "54"),
            Header(
                "cache-control",
                "public, s-maxage=3600, max-age=3600, no-transform",
            ),
            Header("access-control-allow-origin", "*"),
            Header("x-ratelimit-limit", "51"),
        ],
    ),
    get(
        "/resize?width=40&file=dunes.jpg&key=open+sesame",
        &[Status(404)],
    ),
    get(
        "/api/v1/resize?width=40&file=dunes.jpg",
        &[Says("Invalid or missing API key")],
    ),
    get(
        "/api/v1/resize?width=40&file=dunes.jpg&key=open+sesame",
        &[Status(403)],
    )
    .unsigned(),
    get(
        "/api/v1/blur?sigma=1&file=dunes.jpg&key=open+sesame",
        &[Status(501)],
    ),
    get(
        "/api/v1/resize?width=40&file=coast.jpg&key=open+sesame",
        &[Says("Image resolution is too big")],
    ),
    get(
        "/api/v1/resize?width=40&url=http://other.test/a.jpg&key=open+sesame",
        &[Says("not allowed remote URL origin: other.test/a.jpg")],
    ),
];

/// All of them at once, each with these dashes.
fn started(dashes: &str) -> Edge {
    let mut words = format!(
        "exec \"$1\" serve --cache-dir \"$4\" {dashes}mount {}",
        pictures().display()
    );
    for (flag, value, told) in FLAGS {
        if *told == Told::Here {
            words = match value {
                None => format!("{words} {dashes}{flag}"),
                Some(value) => format!("{words} {dashes}{flag} '{value}'"),
            };
        }
    }
    Builder::bare().unset("listen").through(words).start()
}

#[test]
fn one_dash_or_two() {
    for dashes in ["-", "--"] {
        let edge = started(dashes);
        run(&edge, TOLD);
        let log = edge.into_log();
        for effectless in ["--gzip has no effect", "--mrelease has no effect"] {
            assert!(log.contains(effectless), "{dashes}: {log}");
        }
        assert!(
            log.contains("status=501") && !log.contains("status=200"),
            "{log}"
        );
    }
}

#[test]
fn a_value_may_stand_behind_an_equals_sign() {
    let words = format!(
        "exec \"$1\" serve --cache-dir=\"$4\" -a=127.0.0.1 --p=0 -mount={} -cors=false \
         -enable-url-signature=true --url-signature-key={KEY} -http-cache-ttl=-1",
        pictures().display()
    );
    let edge = Builder::bare().unset("listen").through(words).start();
    let answer = edge.get("/resize?width=40&file=dunes.jpg");
    answer.picture();
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
}

#[test]
fn every_flag_is_in_the_help() {
    for help in ["-help", "-h", "--help"] {
        let output = tests::darkroom().args(["serve", help]).output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        for (flag, _, _) in FLAGS {
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
        let output = tests::darkroom().args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}");
        assert!(output.stdout.starts_with(b"darkroom"), "{words:?}");
    }
}

/// `PORT`, `URL_SIGNATURE_KEY`, and `GOLANG_LOG`, which go over flags.
#[test]
fn variables_go_over_flags() {
    let target = "/resize?width=40&file=dunes.jpg";
    let other = "another key that has 32 bytes or more";
    let edge = Edge::builder().env("URL_SIGNATURE_KEY", other).start();
    edge.get_unsigned(&sign(other, target)).picture();
    edge.get(target).refused(403);
    // PORT is ambient on many platforms: it replaces -p, and never --listen.
    let edge = Edge::builder().env("PORT", "1").start();
    edge.get(target).picture();
    let edge = Edge::builder()
        .unset("listen")
        .set("a", "127.0.0.1")
        .set("p", "1")
        .env("PORT", "0")
        .start();
    edge.get(target).picture();
    let edge = Edge::builder()
        .set("log-level", "error")
        .env("GOLANG_LOG", "info")
        .start();
    edge.get(target).picture();
    assert!(edge.into_log().contains("status=200"));
    for (name, value) in [("PORT", "http"), ("GOLANG_LOG", "loud")] {
        let said = Edge::builder().unset("listen").env(name, value).refusal();
        assert!(said.contains(name), "{said}");
    }
}

/// What imaginary ends with exit status 1 is refused here too, in one line.
#[test]
fn values_that_no_flag_can_have() {
    for (flag, value) in [
        ("mount", "/"),
        ("mount", "/no/such/directory"),
        ("url-signature-key", "shorter than 32 bytes"),
        ("http-cache-ttl", "-2"),
        ("http-cache-ttl", "31556927"),
        ("allowed-origins", "img.test"),
        ("allowed-origins", "ftp://img.test"),
        ("placeholder-status", "99"),
        ("forward-headers", "Host"),
        ("disable-endpoints", "watermarkImage"),
    ] {
        let said = Edge::builder()
            .switch("enable-url-source")
            .set(flag, value)
            .failure();
        assert!(said.contains(flag), "-{flag} {value}: {said}");
    }
    let said = Builder::bare().switch("enable-url-signature").refusal();
    assert!(said.contains("--url-signature-key: missing"), "{said}");
}
