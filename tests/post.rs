//! POST: the picture comes with the request, raw or as the form field `file`.

use tests::signing::sign;
use tests::{Builder, Edge, KEY, Request, eyes, sample};

fn form(target: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Request {
    Request::form(sign(KEY, target), parts)
}

#[test]
fn raw_and_form_give_the_same_rendition() {
    let edge = Edge::shared();
    let source = sample("dunes.jpg");
    let raw = edge.post("/resize?width=300", &source);
    assert_eq!(eyes::size(raw.picture()), (300, 404));
    let parts = [
        ("name", None, b"words".as_slice()),
        ("file", Some("dunes.jpg"), &source),
        ("after", None, b"more"),
    ];
    let sent = edge.send(&form("/resize?width=300", &parts));
    assert_eq!(sent.picture(), raw.body);
    // The client's own word for the type counts for nothing.
    let typed =
        Request::post(sign(KEY, "/resize?width=300"), source).with("Content-Type", "text/html");
    assert_eq!(edge.send(&typed).picture(), raw.body);
}

#[test]
fn no_source_needs_to_be_configured_for_uploads() {
    let edge = Builder::bare().set("url-signature-key", KEY).start();
    edge.post("/resize?width=40", &sample("dunes.jpg"))
        .picture();
    // And then there is nothing to GET.
    assert!(matches!(
        edge.get("/resize?width=40&file=dunes.jpg").status,
        400 | 405
    ));
}

#[test]
fn parameters_come_from_the_url_only() {
    let edge = Edge::shared();
    let source = sample("dunes.jpg");
    let parts = [
        ("width", None, b"100".as_slice()),
        ("file", Some("a.jpg"), source.as_slice()),
    ];
    assert_eq!(
        eyes::size(edge.send(&form("/resize?width=300", &parts)).picture()),
        (300, 404)
    );
}

#[test]
fn an_upload_is_not_kept() {
    let edge = Edge::builder().start();
    let source = sample("dunes.jpg");
    for _ in 0..2 {
        let answer = edge.post("/resize?width=40", &source);
        assert!(!answer.is_hit());
        assert!(
            answer.header("cache-control").unwrap().contains("no-store"),
            "an upload's answer is the client's own"
        );
    }
    assert_eq!(edge.count("/cache/entries"), 0);
}
