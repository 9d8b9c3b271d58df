//! The picture that stands in for one that could not be made.

use tests::{Answer, Edge, eyes, pictures, sample};

/// The error that an answer carries beside its picture.
#[track_caller]
fn error(answer: &Answer) -> (u64, String) {
    let json: serde_json::Value = serde_json::from_str(answer.header("error").unwrap()).unwrap();
    let message = json["message"].as_str().unwrap().to_owned();
    (json["status"].as_u64().unwrap(), message)
}

#[track_caller]
fn covered(answer: &Answer, status: u16, (kind, size): (&str, (u32, u32))) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some(kind));
    assert_eq!(
        answer.header("cache-control"),
        Some("no-store"),
        "never kept for long"
    );
    assert_eq!(
        (eyes::media_type(&answer.body), eyes::size(&answer.body)),
        (kind, size)
    );
}

#[test]
fn it_has_the_size_and_the_type_asked_for_and_the_errors_status() {
    let edge = Edge::builder().switch("enable-placeholder").start();
    for (target, status, kind, size) in [
        (
            "/resize?width=120&height=80&file=none.jpg",
            400,
            "image/jpeg",
            (120, 80),
        ),
        (
            "/crop?width=60&type=png&file=none.jpg",
            400,
            "image/png",
            (60, 60),
        ),
        (
            "/resize?height=70&type=webp&colour=x&width=abc&file=dunes.jpg",
            400,
            "image/webp",
            (70, 70),
        ),
        (
            "/convert?type=jpeg&file=none.jpg",
            400,
            "image/jpeg",
            (400, 400),
        ),
        (
            "/resize?width=100000&height=30&file=dunes.jpg&force=1",
            422,
            "",
            (0, 0),
        ),
    ] {
        for _ in ["made", "kept"] {
            let answer = edge.get(target);
            if kind.is_empty() {
                // What is too large for a picture is too large for a placeholder.
                answer.refused(status);
                continue;
            }
            covered(&answer, status, (kind, size));
            assert_eq!(error(&answer).0, u64::from(status), "{target}");
        }
    }
    // An unknown path speaks for itself.
    edge.get("/nothing").refused(404);
    edge.get("/resize?width=40&file=dunes.jpg").picture();
}

#[test]
fn who_may_not_be_here_gets_it_as_it_is_and_costs_nothing() {
    let edge = Edge::builder().switch("enable-placeholder").start();
    let before = edge.count("/sandbox/started");
    let answer = edge.get_unsigned("/resize?width=120&height=80&file=dunes.jpg");
    covered(&answer, 403, ("image/jpeg", (400, 400)));
    assert_eq!(error(&answer), (403, "URL signature mismatch".to_owned()));
    assert_eq!(edge.count("/sandbox/started"), before);
    let expired = edge.get("/resize?width=120&height=80&file=dunes.jpg&expires=1000");
    covered(&expired, 410, ("image/jpeg", (120, 80)));
    // A good signature is not all where a key is asked for as well.
    let edge = Edge::builder()
        .switch("enable-placeholder")
        .set("key", "a-key-for-the-tests")
        .start();
    let expired = edge.get("/resize?width=120&height=80&file=dunes.jpg&expires=1000");
    covered(&expired, 410, ("image/jpeg", (400, 400)));
}

#[test]
fn a_picture_and_a_status_of_ones_own() {
    let edge = Edge::builder()
        .set("placeholder", pictures().join("cat.png"))
        .set("placeholder-status", "200")
        .start();
    let answer = edge.get("/resize?width=90&height=50&file=none%22%C3%A9.jpg&strict=1");
    covered(&answer, 200, ("image/png", (90, 50)));
    assert_eq!(error(&answer).0, 400);
    let itself = edge.get("/convert?type=nonsense&file=dunes.jpg");
    assert_eq!(eyes::size(&itself.body), eyes::size(&sample("cat.png")));
}

#[test]
fn what_is_no_picture_cannot_stand_in_for_one() {
    for (setting, value) in [
        ("placeholder", "/etc/hostname"),
        ("placeholder", "/no/such/file.jpg"),
        ("placeholder-status", "204"),
        ("placeholder-status", "99"),
        ("placeholder-status", "600"),
    ] {
        let said = Edge::builder()
            .switch("enable-placeholder")
            .set(setting, value)
            .failure();
        assert!(said.contains(setting), "{setting} {value}: {said}");
    }
}
