//! `url=s3://…`: sources in buckets that the configuration names, against a real S3 server program.

use tests::signing::escape;
use tests::{Builder, Edge, S3, eyes, sample};

fn target(url: &str) -> String {
    format!("/resize?width=40&url={}", escape(url.as_bytes()))
}

fn reading(s3: &S3, buckets: &str) -> Builder {
    s3.known_to(Edge::builder().set("source-buckets", buckets))
}

#[test]
fn an_object_is_a_source_and_its_tag_tells_versions_apart() {
    let s3 = S3::start();
    s3.make_bucket("pictures");
    s3.put("pictures", "holiday/dunes.jpg", sample("dunes.jpg"));
    let edge = reading(&s3, "s3://pictures")
        .set("source-fresh-min", "0s")
        .set("stale-while-revalidate", "0s")
        .start();
    let target = target("s3://pictures/holiday/dunes.jpg");
    let first = edge.get(&target);
    assert_eq!(eyes::size(first.picture()), (40, 54));
    // S3 says nothing about keeping it, and it has only just been put: it is asked about each time.
    assert_eq!(edge.get(&target).picture(), first.picture());
    assert_eq!(edge.count("/sandbox/started"), 1);
    assert!(edge.count("/sources/revalidated") + edge.count("/sources/fresh") >= 1);
    s3.put("pictures", "holiday/dunes.jpg", sample("rocket.jpg"));
    edge.wait_until("the new picture", |_| {
        edge.get(&target).picture() != first.picture()
    });
    assert_eq!(
        edge.get(&target).picture(),
        edge.get("/resize?width=40&file=rocket.jpg").picture()
    );
}

#[test]
fn only_what_is_configured_is_read() {
    let s3 = S3::start();
    for bucket in ["pictures", "secrets"] {
        s3.make_bucket(bucket);
        s3.put(bucket, "open/dunes.jpg", sample("dunes.jpg"));
        s3.put(bucket, "closed/dunes.jpg", sample("dunes.jpg"));
    }
    let edge = reading(&s3, "s3://pictures/open").start();
    edge.get(&target("s3://pictures/open/dunes.jpg")).picture();
    for url in [
        "s3://pictures/closed/dunes.jpg",
        "s3://pictures/open/../closed/dunes.jpg",
        "s3://pictures/opened/dunes.jpg",
        "s3://secrets/open/dunes.jpg",
        "s3://pictures/open",
        "gs://pictures/open/dunes.jpg",
        "http://127.0.0.1/open/dunes.jpg",
    ] {
        edge.get(&target(url))
            .refused(if url.ends_with("/open") { 404 } else { 400 });
    }
    // Without a bucket in the configuration there is no such source.
    Edge::shared()
        .get(&target("s3://pictures/open/dunes.jpg"))
        .refused(400);
}

#[test]
fn what_is_not_there_or_too_large_is_said() {
    let s3 = S3::start();
    s3.make_bucket("pictures");
    let source = sample("dunes.jpg");
    let bytes = source.len();
    s3.put("pictures", "dunes.jpg", source);
    let edge = reading(&s3, "s3://pictures").start();
    edge.get(&target("s3://pictures/none.jpg")).refused(404);
    let edge = reading(&s3, "s3://pictures,s3://nowhere")
        .set("max-allowed-size", (bytes - 1).to_string())
        .start();
    edge.get(&target("s3://pictures/dunes.jpg")).refused(400);
    edge.get(&target("s3://nowhere/dunes.jpg")).refused(404);
    let edge = reading(&s3, "s3://pictures")
        .set("max-allowed-size", bytes.to_string())
        .start();
    edge.get(&target("s3://pictures/dunes.jpg")).picture();
}

#[test]
fn a_store_that_cannot_be_reached_is_502() {
    let s3 = S3::start();
    let edge = reading(&s3, "s3://pictures").start();
    drop(s3);
    edge.get(&target("s3://pictures/dunes.jpg")).refused(502);
}

#[test]
fn nonsense_is_refused_at_start() {
    for buckets in ["pictures", "file:///etc", "s3://", "http://a.test/b"] {
        let said = Edge::builder().set("source-buckets", buckets).refusal();
        assert!(said.contains("source-buckets"), "{said}");
    }
}
