//! The page at `/form`: off until it is switched on, strict in what it may do, and signing only for a
//! browser on this machine. What it looks and feels like is tested in a real browser.

use std::process::Command;

use serde_json::json;
use tests::{Builder, Edge, KEY, Request, pictures};

fn developing() -> Builder {
    Edge::builder().switch("form").switch("form-development")
}

fn sign_request(body: &str) -> Request {
    Request::post("/form/sign", body.as_bytes()).with("Content-Type", "application/json")
}

#[test]
fn nothing_of_the_page_is_there_until_it_is_switched_on() {
    let edge = Edge::shared();
    for path in ["/form", "/form/samples", "/form/source?file=dunes.jpg"] {
        let status = edge.get_unsigned(path).status;
        assert!(matches!(status, 403 | 404), "{path}: {status}");
    }
    assert!(matches!(edge.send(&sign_request("[]")).status, 403 | 404));
}

#[test]
fn the_page_is_strict_about_what_it_may_load() {
    let edge = Edge::builder().switch("form").start();
    let answer = edge.get_unsigned("/form");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe") && !policy.contains('*'),
        "{policy}"
    );
    for directive in [
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ] {
        assert!(policy.contains(directive), "{directive}");
    }
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(
        !answer.text().contains(KEY) && !answer.text().contains(&*pictures().to_string_lossy())
    );
    edge.send(&Request::new("POST", "/form")).refused(405);
}

#[test]
fn the_page_alone_signs_nothing_and_lists_nothing() {
    let edge = Edge::builder().switch("form").start();
    for path in ["/form/samples", "/form/source?file=dunes.jpg"] {
        let status = edge.get_unsigned(path).status;
        assert!(matches!(status, 403 | 404), "{path}: {status}");
    }
    let answer = edge.send(&sign_request(r#"["/resize?width=40&file=dunes.jpg"]"#));
    assert!(matches!(answer.status, 403 | 404), "{}", answer.text());
}

#[test]
fn in_development_it_lists_shows_and_signs() {
    let edge = developing().start();
    let samples = edge.get_unsigned("/form/samples").json();
    assert!(
        samples["names"]
            .as_array()
            .unwrap()
            .contains(&json!("coast.jpg")),
        "{samples}"
    );
    let source = edge.get_unsigned("/form/source?file=dunes.jpg");
    assert_eq!(source.body, tests::sample("dunes.jpg"));
    assert_eq!(source.header("content-disposition"), Some("attachment"));
    let list = json!([
        "/resize?width=40&file=dunes.jpg",
        "/crop?width=30&height=20&file=coast.jpg"
    ]);
    let signed = edge.send(&sign_request(&list.to_string())).json();
    for target in signed["signed"].as_array().unwrap() {
        edge.get_unsigned(target.as_str().unwrap()).picture();
    }
    for path in ["../Cargo.toml", "/etc/passwd", "%2e%2e/Cargo.toml"] {
        let answer = edge.get_unsigned(&format!("/form/source?file={path}"));
        assert_eq!(answer.refused(400), "Invalid file path", "{path}");
    }
    edge.get_unsigned("/form/source").refused(400);
}

#[test]
fn it_signs_for_nobody_but_a_browser_on_this_machine() {
    let edge = developing().start();
    let here = edge.address.to_string();
    let body = br#"["/resize?width=40&file=dunes.jpg"]"#;
    let ask = |host: &str, origin: Option<&str>, content_type: &str| {
        let request = Request::post("/form/sign", *body)
            .with("Host", host)
            .with("Content-Type", content_type);
        let request = match origin {
            Some(origin) => request.with("Origin", origin),
            None => request,
        };
        edge.send(&request).status
    };
    let json = "application/json";
    assert_eq!(ask(&here, None, json), 200);
    assert_eq!(ask(&here, Some(&format!("http://{here}")), json), 200);
    // A name that was made to lead here, another site's page, and a form that asks nobody first.
    assert_eq!(ask("pictures.example.com", None, json), 403);
    assert_eq!(ask(&here, Some("https://pictures.example.com"), json), 403);
    assert_eq!(ask(&here, Some("null"), json), 403);
    assert_eq!(ask(&here, None, "text/plain"), 415);
    for path in ["/form/samples", "/form/source?file=dunes.jpg"] {
        let request = Request::get(path).with("Host", "pictures.example.com");
        edge.send(&request).refused(403);
    }
}

#[test]
fn what_it_signs_is_bounded_and_must_be_a_list_of_targets() {
    let edge = developing().start();
    let target = "/resize?width=40&file=dunes.jpg";
    let list = |count: usize| json!(vec![target; count]).to_string();
    let status = |body: &str| edge.send(&sign_request(body)).status;
    assert_eq!(status(&list(64)), 200);
    assert_eq!(status(&list(65)), 400);
    assert_eq!(
        status(&json!([format!("/resize?file={}", "a".repeat(70_000))]).to_string()),
        400
    );
    for body in [
        "",
        "{}",
        "[1]",
        "\"/resize\"",
        "[\"resize\"]",
        "[\"/resize?a=%zz\"]",
    ] {
        assert_eq!(status(body), 400, "{body}");
    }
    edge.get_unsigned("/form/sign").refused(405);
}

#[test]
fn development_is_refused_where_others_could_reach_it() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let said = developing().set("listen", address).refusal();
        assert!(
            said.contains("--form-development") && said.contains("loopback"),
            "{said}"
        );
    }
    let said = Edge::builder().switch("form-development").refusal();
    assert!(
        said.contains("--form-development") && said.contains("--form"),
        "{said}"
    );
}

#[test]
fn where_urls_must_end_it_signs_for_a_while() {
    let edge = developing().switch("require-expiry").start();
    let body = r#"["/resize?width=40&file=dunes.jpg"]"#;
    let signed = edge.send(&sign_request(body)).json();
    let target = signed["signed"][0].as_str().unwrap();
    assert!(target.contains("expires="), "{target}");
    edge.get_unsigned(target).picture();
}

/// `tests/browser/form.mjs` has the steps, and says which one failed.
#[test]
fn it_works_in_a_real_browser() {
    let development = developing().start();
    let signed = Edge::builder().switch("form").start();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/form.mjs");
    let output = Command::new("node")
        .arg(script)
        .args([
            format!("http://{}", development.address),
            format!("http://{}", signed.address),
        ])
        .arg(KEY)
        .arg(pictures().join("parrots.jpg"))
        .output()
        .expect("node is missing: `make test` installs it");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
