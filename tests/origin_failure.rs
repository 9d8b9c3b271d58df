//! Origins that fail: each way has its status, nothing of it is kept, and the server goes on.

use tests::{Origin, Reply, sample};

use crate::origins::{target, trusting};

#[test]
fn an_answer_that_breaks_off_is_502() {
    let whole = sample("dunes.jpg");
    let (promised, half) = (whole.len(), whole[..whole.len() / 2].to_vec());
    let origin = Origin::new(move |asked| match asked.target.as_str() {
        "/half" => Reply::BrokenOff {
            promised,
            body: half.clone(),
        },
        "/nothing" => Reply::BrokenOff {
            promised,
            body: Vec::new(),
        },
        _ => Reply::Closed,
    });
    let edge = trusting().start();
    for path in ["/half", "/nothing", "/closed"] {
        edge.get(&target(&origin.url(path))).refused(502);
    }
}

#[test]
fn too_slow_is_504() {
    let origin = Origin::new(|_| Reply::Silent);
    let edge = trusting().set("origin-timeout", "200ms").start();
    edge.get(&target(&origin.url("/a.jpg"))).refused(504);
    // The request's own deadline counts too, whichever is first.
    let edge = trusting().set("request-timeout", "200ms").start();
    edge.get(&target(&origin.url("/b.jpg"))).refused(504);
}

#[test]
fn an_endless_body_is_cut_off() {
    let origin = Origin::new(|_| Reply::Endless(sample("dunes.jpg")));
    let edge = trusting().set("max-allowed-size", "1MiB").start();
    edge.get(&target(&origin.url("/a.jpg"))).refused(413);
    // What the kernel holds in its buffers comes on top of the limit.
    assert!(
        origin.sent_bytes() < 64 << 20,
        "{} bytes were taken",
        origin.sent_bytes()
    );
}

#[test]
fn what_an_origin_sends_is_judged_by_its_bytes() {
    let origin = Origin::new(|asked| match asked.target.as_str() {
        "/page.jpg" => Reply::Whole {
            status: 200,
            headers: vec![("Content-Type".into(), "image/jpeg".into())],
            body: b"<html>not a picture</html>".to_vec(),
        },
        "/picture.html" => Reply::Whole {
            status: 200,
            headers: vec![("Content-Type".into(), "text/html".into())],
            body: sample("dunes.jpg"),
        },
        _ => Reply::ok(""),
    });
    let edge = trusting().start();
    edge.get(&target(&origin.url("/page.jpg"))).refused(406);
    edge.get(&target(&origin.url("/picture.html"))).picture();
    edge.get(&target(&origin.url("/empty"))).refused(400);
}

#[test]
fn an_origin_that_recovers_is_asked_again() {
    let asked_before = std::sync::atomic::AtomicBool::new(false);
    let origin = Origin::new(move |_| {
        let first = !asked_before.swap(true, std::sync::atomic::Ordering::Relaxed);
        if first {
            Reply::status(500)
        } else {
            Reply::ok(sample("dunes.jpg"))
        }
    });
    let edge = trusting().set("origin-failure-ttl", "0s").start();
    edge.get(&target(&origin.url("/a.jpg"))).refused(502);
    edge.get(&target(&origin.url("/a.jpg"))).picture();
}

#[test]
fn credentials_in_a_url_are_never_said() {
    let origin = Origin::new(|_| Reply::status(500));
    let edge = trusting().start();
    let url = format!(
        "http://user:hunter2@{}/a.jpg?token=hunter3",
        origin.address()
    );
    let answer = edge.get(&target(&url));
    assert!(answer.status >= 400, "{}", answer.status);
    let log = edge.into_log();
    assert!(log.contains("status="), "nothing was logged: {log}");
    for secret in ["hunter2", "hunter3"] {
        assert!(!answer.text().contains(secret), "{}", answer.text());
        assert!(!log.contains(secret), "{log}");
    }
}
