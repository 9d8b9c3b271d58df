//! Renditions that pods share through an object store: made by one, found by the other.

use std::path::Path;

use tests::{Builder, Edge, S3};

use crate::hit_and_miss::files_below;

const TARGET: &str = "/resize?width=70&file=rocket.jpg";

fn sharing(directory: &Path) -> Builder {
    Edge::builder()
        .set("store-url", format!("file://{}", directory.display()))
        .set("store-timeout", "30s")
}

#[test]
fn what_one_pod_made_the_other_finds() {
    let shared = tempfile::tempdir().unwrap();
    let (one, other) = (
        sharing(shared.path()).start(),
        sharing(shared.path()).start(),
    );
    let made = one.get(TARGET);
    one.wait_for("/second_level/writes", 1);
    let found = other.get(TARGET);
    assert_eq!(found.picture(), made.picture());
    for name in ["content-type", "etag"] {
        assert_eq!(found.header(name), made.header(name), "{name}");
    }
    assert_eq!(other.count("/sandbox/started"), 0);
    assert_eq!(other.count("/second_level/hits"), 1);
    // From then on it is its own.
    assert!(other.get(TARGET).is_hit());
    assert_eq!(other.count("/second_level/hits"), 1);
}

#[test]
fn a_damaged_object_is_made_again() {
    let shared = tempfile::tempdir().unwrap();
    let one = sharing(shared.path()).start();
    let made = one.get(TARGET).picture().to_vec();
    one.wait_for("/second_level/writes", 1);
    for path in files_below(shared.path()) {
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        std::fs::write(&path, bytes).unwrap();
    }
    let other = sharing(shared.path()).start();
    assert_eq!(other.get(TARGET).picture(), made);
    assert_eq!(other.count("/second_level/damaged"), 1);
    assert_eq!(other.count("/sandbox/started"), 1);
}

#[test]
fn a_store_that_fails_costs_nothing_but_a_count() {
    // A file where the directory should be: every read and every write fails.
    let shared = tempfile::NamedTempFile::new().unwrap();
    let edge = sharing(shared.path()).start();
    edge.get(TARGET).picture();
    assert!(edge.get(TARGET).is_hit());
    edge.wait_for("/second_level/write_errors", 1);
}

#[test]
fn a_store_that_is_none_is_refused_at_start() {
    for url in ["ftp://a/b", "s3://", "renditions"] {
        let said = Edge::builder().set("store-url", url).refusal();
        assert!(said.contains("store-url"), "{said}");
    }
}

#[test]
fn renditions_are_shared_through_s3() {
    let s3 = S3::start();
    s3.make_bucket("renditions");
    let sharing = || {
        let builder = Edge::builder()
            .set("store-url", "s3://renditions/darkroom")
            .set("store-timeout", "30s");
        s3.known_to(builder).start()
    };
    let (one, other) = (sharing(), sharing());
    let made = one.get(TARGET);
    one.wait_for("/second_level/writes", 1);
    assert_eq!(other.get(TARGET).picture(), made.picture());
    assert_eq!(other.count("/sandbox/started"), 0);
}

#[test]
fn a_store_that_does_not_answer_is_waited_for_no_longer_than_its_timeout() {
    let s3 = S3::start();
    s3.make_bucket("renditions");
    let builder = Edge::builder()
        .set("store-url", "s3://renditions/darkroom")
        .set("store-timeout", "300ms");
    let edge = s3.known_to(builder).start();
    s3.freeze();
    for width in 70..73 {
        let answer = edge.get(&format!("/resize?width={width}&file=rocket.jpg"));
        answer.picture();
        assert!(!answer.is_hit());
    }
    assert_eq!(edge.count("/second_level/too_slow"), 3);
    s3.thaw();
    // What waited to be written is written, and so is what is made from now on.
    edge.get("/resize?width=80&file=rocket.jpg").picture();
    edge.wait_for("/second_level/writes", 4);
}
