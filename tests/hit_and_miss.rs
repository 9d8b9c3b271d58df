//! The cache as a client sees it: the second request is a hit with the same bytes, and the rendition
//! stands as a file under the cache directory.

use std::path::{Path, PathBuf};

use tests::signing::sign;
use tests::{Edge, KEY, Request, sample};

/// Every file below, deep.
pub(crate) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// The files that hold these bytes.
pub(crate) fn files_with(directory: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| {
        std::fs::read(path)
            .unwrap()
            .windows(bytes.len())
            .any(|window| window == bytes)
    };
    files_below(directory).into_iter().filter(holds).collect()
}

#[test]
fn the_second_request_is_a_hit_and_the_file_stands_on_disk() {
    let edge = Edge::builder().start();
    let target = "/resize?width=120&file=rocket.jpg";
    let first = edge.get(target);
    assert!(!first.is_hit());
    assert_eq!(
        first.header("cache-status"),
        Some("darkroom; fwd=miss; stored")
    );
    assert_eq!(files_with(&edge.cache_dir(), first.picture()).len(), 1);
    let second = edge.get(target);
    assert!(second.is_hit());
    assert_eq!(second.body, first.body);
    for name in ["content-type", "etag", "cache-control"] {
        assert_eq!(second.header(name), first.header(name), "{name}");
    }
    assert_eq!(
        (edge.count("/cache/hits"), edge.count("/cache/misses")),
        (1, 1)
    );
    assert_eq!(
        (edge.count("/cache/entries"), edge.count("/sandbox/started")),
        (1, 1)
    );
}

#[test]
fn one_rendition_has_one_entry_however_the_url_is_written() {
    let edge = Edge::builder().start();
    edge.get("/resize?width=130&file=rocket.jpg").picture();
    for same in [
        "/resize?file=rocket.jpg&width=130",
        "/resize?width=130.0&file=%72ocket.jpg",
    ] {
        assert!(edge.get(same).is_hit(), "{same}");
    }
    for other in [
        "/resize?width=131&file=rocket.jpg",
        "/resize?width=130&file=dunes.jpg",
        "/fit?width=130&height=130&file=rocket.jpg",
    ] {
        assert!(!edge.get(other).is_hit(), "{other}");
    }
}

#[test]
fn negotiated_formats_do_not_meet_in_the_cache() {
    let edge = Edge::builder().set("avif", "wait").start();
    let target = sign(KEY, "/resize?width=60&type=auto&file=rocket.jpg");
    let ask = |accept: &str| edge.send(&Request::get(&target).with("Accept", accept));
    for accept in ["image/webp", "image/jpeg", "image/avif"] {
        assert!(!ask(accept).is_hit(), "{accept}");
    }
    for (accept, kind) in [
        ("image/webp", "image/webp"),
        ("image/jpeg", "image/jpeg"),
        ("image/avif", "image/avif"),
    ] {
        let answer = ask(accept);
        assert!(answer.is_hit());
        assert_eq!(answer.header("content-type"), Some(kind));
    }
}

#[test]
fn a_client_that_has_it_is_told_so() {
    let edge = Edge::shared();
    let target = sign(KEY, "/resize?width=61&file=rocket.jpg");
    let etag = edge
        .get_unsigned(&target)
        .header("etag")
        .unwrap()
        .to_owned();
    let ask = |tags: &str| edge.send(&Request::get(&target).with("If-None-Match", tags));
    for matching in [
        etag.clone(),
        format!("\"other\", {etag}"),
        format!("W/{}", etag.trim_start_matches("W/")),
        "*".into(),
    ] {
        let answer = ask(&matching);
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{matching}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
    }
    ask("\"other\"").picture();
}

#[test]
fn a_picture_may_be_cached_and_an_error_may_not() {
    let edge = Edge::shared();
    let answer = edge.get("/resize?width=62&file=rocket.jpg");
    answer.picture();
    assert!(
        answer
            .header("cache-control")
            .is_some_and(|said| !said.contains("no-store"))
    );
    edge.get("/resize?width=abc&file=rocket.jpg").refused(400);
    edge.get("/resize?width=62&file=none.jpg").refused(400);
}

#[test]
fn errors_are_not_kept() {
    let mount = tempfile::tempdir().unwrap();
    let edge = Edge::mounting(mount.path()).start();
    let target = "/resize?width=63&file=late.jpg";
    edge.get(target).refused(400);
    std::fs::write(mount.path().join("late.jpg"), sample("rocket.jpg")).unwrap();
    assert!(!edge.get(target).is_hit());
    assert!(edge.get(target).is_hit());
}

#[test]
fn a_changed_file_is_another_picture() {
    let mount = tempfile::tempdir().unwrap();
    let path = mount.path().join("same_name.jpg");
    std::fs::write(&path, sample("rocket.jpg")).unwrap();
    let edge = Edge::mounting(mount.path()).start();
    let target = "/resize?width=64&file=same_name.jpg";
    let before = edge.get(target).picture().to_vec();
    std::fs::write(&path, sample("dunes.jpg")).unwrap();
    assert_ne!(edge.get(target).picture(), before);
}

#[test]
fn a_cache_of_nothing_keeps_nothing() {
    let edge = Edge::builder().set("cache-bytes", "0").start();
    let target = "/resize?width=65&file=rocket.jpg";
    let first = edge.get(target).picture().to_vec();
    let second = edge.get(target);
    assert!(!second.is_hit());
    assert_eq!(second.picture(), first);
    assert_eq!(edge.count("/cache/entries"), 0);
}
