//! Settings: flag over environment over file, wrong ones named, and the key never shown.

use tests::signing::sign;
use tests::{Builder, Edge, KEY, pictures};

const OTHER_KEY: &str = "another key that has 32 bytes or more";

#[test]
fn a_flag_goes_over_the_environment_and_that_over_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("darkroom.toml");
    let workers = |builder: Builder| builder.start().count("/sandbox/workers");
    std::fs::write(&file, "workers = 1\n").unwrap();
    let from_file = || Edge::builder().set("config", &file);
    assert_eq!(workers(from_file()), 1);
    assert_eq!(workers(from_file().env("DARKROOM_WORKERS", "2")), 2);
    assert_eq!(
        workers(from_file().env("DARKROOM_WORKERS", "2").set("workers", "3")),
        3
    );
}

#[test]
fn everything_can_stand_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("darkroom.toml");
    let text = format!(
        "url-signature-key = \"{KEY}\"\nmount = \"{}\"\nmax-allowed-resolution = 0.3\n",
        pictures().display()
    );
    std::fs::write(&file, text).unwrap();
    let edge = Builder::bare().env("DARKROOM_CONFIG", &file).start();
    edge.get("/resize?width=40&file=camera_gray.jpg").picture();
    edge.get("/resize?width=40&file=dunes.jpg").refused(422);
}

#[test]
fn the_key_comes_from_flag_environment_or_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let keyless = || Builder::bare().set("mount", pictures());
    for builder in [
        keyless().set("url-signature-key", KEY),
        keyless().env("DARKROOM_URL_SIGNATURE_KEY", KEY),
        keyless().set("url-signature-key-file", &file),
    ] {
        builder
            .start()
            .get("/resize?width=40&file=dunes.jpg")
            .picture();
    }
}

#[test]
fn without_a_key_it_refuses_to_start() {
    let said = Builder::bare().set("mount", pictures()).refusal();
    assert!(
        said.contains("url-signature-key") && said.contains("allow-unsigned"),
        "{said}"
    );
    let said = Builder::bare()
        .set("url-signature-key", "k".repeat(31))
        .refusal();
    assert!(said.contains("url-signature-key"), "{said}");
    Builder::bare()
        .set("url-signature-key", "k".repeat(32))
        .start();
}

#[test]
fn what_is_wrong_is_named() {
    for (setting, value) in [
        ("mount", "/no/such/directory"),
        ("mount", "/"),
        ("workers", "0"),
        ("max-allowed-resolution", "0"),
        ("memory-per-transform", "1MiB"),
        ("cache-bytes", "1KiB"),
        ("request-timeout", "0s"),
        ("allowed-origins", "no-scheme.example"),
        ("allowed-origins", "ftp://files.example"),
        ("config", "/no/such/file.toml"),
    ] {
        let said = Edge::builder().set(setting, value).refusal();
        assert!(said.contains(setting), "--{setting} {value}: {said}");
    }
}

#[test]
fn a_mistake_in_the_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("darkroom.toml");
    for (text, named) in [
        ("wokers = 1\n", "wokers"),
        ("workers = \"many\"\n", "workers"),
        ("workers = = 1\n", "darkroom.toml"),
        ("request-timeout = \"soon\"\n", "request-timeout"),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = Edge::builder().set("config", &file).refusal();
        assert!(said.contains(named), "{text}: {said}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = Edge::builder().set("listen", &address).failure();
    assert!(said.contains(&address), "{said}");
}

#[test]
fn the_key_is_never_logged() {
    for format in ["text", "json"] {
        let edge = Edge::builder()
            .set("url-signature-key", OTHER_KEY)
            .set("log-format", format)
            .set("log-level", "info")
            .env("DARKROOM_LOG", "trace")
            .start();
        let target = sign(OTHER_KEY, "/resize?width=40&file=dunes.jpg");
        edge.get_unsigned(&target).picture();
        edge.get_unsigned("/resize?width=40&file=dunes.jpg&sign=AAAA")
            .refused(403);
        edge.get_unsigned(&sign(OTHER_KEY, "/resize?width=abc&file=dunes.jpg"))
            .refused(400);
        let log = edge.into_log();
        let requests = log.lines().filter(|line| line.contains("/resize")).count();
        assert!(requests >= 3, "{requests} of three requests: {log}");
        assert!(!log.contains(OTHER_KEY), "{log}");
        // A signature in a log is a URL that anybody who reads it can use.
        let signature = target.split("sign=").nth(1).unwrap();
        assert!(!log.contains(signature), "{log}");
    }
    let said = Edge::builder()
        .set("url-signature-key", OTHER_KEY)
        .set("workers", "0")
        .refusal();
    assert!(!said.contains(OTHER_KEY), "{said}");
}

#[test]
fn logs_can_be_json() {
    let edge = Edge::builder().set("log-format", "json").start();
    edge.get("/resize?width=abc&file=dunes.jpg").refused(400);
    let log = edge.into_log();
    for line in log.lines() {
        let value: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(value.is_ok_and(|value| value.is_object()), "{line}");
    }
    assert!(!log.is_empty());
}
