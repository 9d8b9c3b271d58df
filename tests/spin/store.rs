//! Renditions in the key-value store of a host that grants one, and pictures from the files that it mounts.

use tests::signing::sign;
use tests::{Builder, KEY, Request, pictures};

use super::in_process::Grants;
use super::urls;

#[test]
fn what_was_made_once_is_found_by_the_next_instance() {
    let (origin, host) = (urls::origin(), Grants::usual().store("default").start());
    let target = sign(
        KEY,
        &urls::target(&origin, "/resize?width=90", "rocket.jpg"),
    );
    let made = Request::get(&target).send(host.address).unwrap();
    assert_eq!(
        made.header("cache-status"),
        Some("darkroom; fwd=miss; stored")
    );
    let found = Request::get(&target).send(host.address).unwrap();
    assert!(found.is_hit(), "{:?}", found.header("cache-status"));
    assert_eq!(found.picture(), made.picture());
    assert_eq!(found.header("etag"), made.header("etag"));
    assert_eq!(found.header("content-type"), made.header("content-type"));
    let named = Request::get(&target).with("If-None-Match", made.header("etag").unwrap());
    assert_eq!(named.send(host.address).unwrap().status, 304);
    assert_eq!(host.kept.lock().unwrap().len(), 1);
}

/// The tag is made of the key: what is kept here and what the native server keeps have the same one.
#[test]
fn the_key_is_the_native_servers() {
    let (origin, host, native) = (
        urls::origin(),
        Grants::usual().store("default").start(),
        urls::native(),
    );
    let target = sign(
        KEY,
        &urls::target(&origin, "/crop?width=80&height=60", "parrots.jpg"),
    );
    let ours = native.send(&Request::get(&target));
    let theirs = Request::get(&target).send(host.address).unwrap();
    let tag = ours.header("etag").unwrap().trim_matches('"').to_owned();
    assert_eq!(Some(format!("\"{tag}\"").as_str()), theirs.header("etag"));
    let kept = host.kept.lock().unwrap();
    let key = kept.keys().next().unwrap();
    assert!(
        key.starts_with(&format!("rendition/{tag}")),
        "{key} is not of {tag}"
    );
}

#[test]
fn a_spoilt_entry_is_a_miss() {
    let (origin, host) = (urls::origin(), Grants::usual().store("default").start());
    let target = sign(KEY, &urls::target(&origin, "/resize?width=70", "cat.png"));
    let made = Request::get(&target).send(host.address).unwrap();
    for spoil in [
        |entry: &mut Vec<u8>| *entry.last_mut().unwrap() ^= 1,
        |entry: &mut Vec<u8>| entry.truncate(10),
        |entry: &mut Vec<u8>| entry.clear(),
        |entry: &mut Vec<u8>| entry[0] = b'x',
    ] {
        host.kept.lock().unwrap().values_mut().for_each(spoil);
        let again = Request::get(&target).send(host.address).unwrap();
        assert!(!again.is_hit());
        assert_eq!(again.picture(), made.picture());
    }
}

#[test]
fn without_a_grant_and_over_the_size_nothing_is_kept() {
    let origin = urls::origin();
    let small = Grants::usual()
        .store("default")
        .variable("key_value_entry_bytes", "2000");
    for host in [Grants::usual().start(), small.start()] {
        let target = sign(
            KEY,
            &urls::target(&origin, "/resize?width=300", "coast.jpg"),
        );
        for _ in 0..2 {
            let answer = Request::get(&target).send(host.address).unwrap();
            assert!(answer.picture().len() > 2000);
            assert_eq!(answer.header("cache-status"), Some("darkroom; fwd=miss"));
        }
        assert!(host.kept.lock().unwrap().is_empty());
    }
}

/// A source that has changed is another rendition.
#[test]
fn an_upload_is_never_kept() {
    let host = Grants::usual().store("default").start();
    let target = sign(KEY, "/resize?width=50");
    let answer = Request::post(&target, tests::sample("cat.png"))
        .send(host.address)
        .unwrap();
    answer.picture();
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    assert!(host.kept.lock().unwrap().is_empty());
}

#[test]
fn mounted_files_are_sources() {
    let host = Grants::usual()
        .files(pictures())
        .variable("mount", "/pictures")
        .start();
    let native = Builder::bare()
        .set("url-signature-key", KEY)
        .set("mount", pictures())
        .start();
    for (target, status) in [
        ("/resize?width=100&file=coast.jpg", 200),
        ("/resize?width=100&file=./paint/../coast.jpg", 200),
        ("/resize?width=100&file=missing.jpg", 400),
        ("/resize?width=100&file=../Cargo.toml", 400),
        ("/resize?width=100&file=%2Fetc%2Fpasswd", 400),
        ("/resize?width=100&file=paint", 400),
        ("/resize?width=100&file=README.md", 406),
    ] {
        let request = Request::get(sign(KEY, target));
        let (ours, theirs) = (native.send(&request), request.send(host.address).unwrap());
        assert_eq!(ours.status, status, "{target}: {}", ours.text());
        assert_eq!(theirs.status, status, "{target}: {}", theirs.text());
        assert!(
            ours.body == theirs.body,
            "{target}: {} {}",
            ours.text(),
            theirs.text()
        );
    }
}
