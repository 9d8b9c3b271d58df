//! What HTTP caches ask for beside the whole: conditions, ranges, HEAD, ages. Through the real server, by
//! RFC 9110, 9111 and 9211.

use tests::signing::sign;
use tests::{Answer, Edge, KEY, Request};

fn ask(edge: &Edge, target: &str, lines: &[(&str, &str)]) -> Answer {
    let request = lines
        .iter()
        .fold(Request::get(sign(KEY, target)), |request, (name, value)| {
            request.with(name, value)
        });
    edge.send(&request)
}

#[test]
fn a_known_tag_starts_no_transform_even_when_the_rendition_is_gone() {
    let edge = Edge::builder().start();
    let target = "/resize?width=50&file=rocket.jpg";
    let first = edge.get(target);
    let (body, etag) = (first.picture().to_vec(), first.header("etag").unwrap());
    let edge = edge.stop().set("cache-bytes", "0").start();
    let answer = ask(&edge, target, &[("If-None-Match", etag)]);
    assert_eq!((answer.status, answer.body.len()), (304, 0));
    assert_eq!(answer.header("etag"), Some(etag));
    assert_eq!(edge.count("/sandbox/started"), 0, "nothing was made");
    let other = ask(&edge, target, &[("If-None-Match", "\"another\"")]);
    assert_eq!(other.picture(), body, "the same bytes under the same tag");
    assert_eq!(other.header("etag"), Some(etag));
    assert_eq!(edge.count("/sandbox/started"), 1);
}

#[test]
fn a_changed_file_has_another_tag() {
    let mount = tempfile::tempdir().unwrap();
    let path = mount.path().join("a.jpg");
    std::fs::write(&path, tests::sample("rocket.jpg")).unwrap();
    let edge = Edge::mounting(mount.path()).start();
    let target = "/resize?width=51&file=a.jpg";
    let etag = edge.get(target).header("etag").unwrap().to_owned();
    for _ in 0..3 {
        let answer = ask(&edge, target, &[("If-None-Match", &etag)]);
        assert_eq!(answer.status, 304);
    }
    std::fs::write(&path, tests::sample("dunes.jpg")).unwrap();
    let answer = ask(&edge, target, &[("If-None-Match", &etag)]);
    answer.picture();
    assert_ne!(answer.header("etag"), Some(etag.as_str()));
}

#[test]
fn conditions_in_their_order() {
    let edge = Edge::shared();
    let target = "/resize?width=52&file=rocket.jpg";
    let first = edge.get(target);
    let etag = first.header("etag").unwrap();
    let modified = first.header("last-modified").unwrap();
    let old = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (lines, status) in [
        (&[("If-Modified-Since", modified)][..], 304),
        (&[("If-Modified-Since", old)], 200),
        (
            &[("If-None-Match", "\"x\""), ("If-Modified-Since", modified)],
            200,
        ),
        (&[("If-None-Match", etag), ("If-Modified-Since", old)], 304),
        (&[("If-Match", etag)], 200),
        (&[("If-Match", "\"x\"")], 412),
        (&[("If-Unmodified-Since", old)], 412),
        (&[("If-Match", etag), ("If-Unmodified-Since", old)], 200),
        (&[("If-Match", "\"x\""), ("If-None-Match", etag)], 412),
        (&[("If-None-Match", etag), ("Range", "bytes=0-9")], 304),
    ] {
        let answer = ask(&edge, target, lines);
        assert_eq!(answer.status, status, "{lines:?}");
        assert_eq!(answer.header("etag"), Some(etag), "{lines:?}");
        assert!(answer.header("cache-control").is_some(), "{lines:?}");
    }
}

#[test]
fn one_range() {
    let edge = Edge::shared();
    let target = "/resize?width=53&file=rocket.jpg";
    let first = edge.get(target);
    let (whole, length) = (first.picture(), first.body.len());
    assert_eq!(first.header("accept-ranges"), Some("bytes"));
    let last = format!("bytes={}-", length - 5);
    for (range, part) in [
        ("bytes=0-9", 0..10),
        (last.as_str(), length - 5..length),
        ("bytes=-7", length - 7..length),
        ("bytes=10-99999999", 10..length),
    ] {
        let answer = ask(&edge, target, &[("Range", range)]);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.body, whole[part.clone()], "{range}");
        assert_eq!(
            answer.header("content-range").unwrap(),
            format!("bytes {}-{}/{length}", part.start, part.end - 1)
        );
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    }
    let behind = ask(&edge, target, &[("Range", &format!("bytes={length}-"))]);
    assert_eq!((behind.status, behind.body.len()), (416, 0));
    assert_eq!(
        behind.header("content-range").unwrap(),
        format!("bytes */{length}")
    );
    for range in ["bytes=9-1", "lines=0-1", "bytes=0-9,5-20"] {
        assert_eq!(ask(&edge, target, &[("Range", range)]).picture(), whole);
    }
}

#[test]
fn several_ranges() {
    let edge = Edge::shared();
    let target = "/resize?width=54&file=rocket.jpg";
    let whole = edge.get(target).picture().to_vec();
    let answer = ask(&edge, target, &[("Range", "bytes=100-109,0-1")]);
    assert_eq!(answer.status, 206);
    let kind = answer.header("content-type").unwrap();
    let boundary = kind
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let mut expected: Vec<u8> = Vec::new();
    for part in [100..110, 0..2] {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: image/jpeg\r\nContent-Range: bytes {}-{}/{}\r\n\r\n",
            part.start,
            part.end - 1,
            whole.len()
        );
        expected.extend(head.as_bytes());
        expected.extend(&whole[part]);
    }
    expected.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert_eq!(answer.body, expected);
}

#[test]
fn a_range_of_what_the_client_has_a_part_of() {
    let edge = Edge::shared();
    let target = "/resize?width=55&file=rocket.jpg";
    let first = edge.get(target);
    let etag = first.header("etag").unwrap();
    let modified = first.header("last-modified").unwrap();
    for (if_range, status) in [
        (etag, 206),
        (modified, 206),
        ("\"another\"", 200),
        (&format!("W/{etag}"), 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
    ] {
        let lines = [("Range", "bytes=0-9"), ("If-Range", if_range)];
        assert_eq!(ask(&edge, target, &lines).status, status, "{if_range}");
    }
}

#[test]
fn head_says_what_get_would_and_knows_no_ranges() {
    let edge = Edge::shared();
    let target = sign(KEY, "/resize?width=56&file=rocket.jpg");
    let get = edge.get_unsigned(&target);
    let head = edge.send(&Request::new("HEAD", &target).with("Range", "bytes=0-9"));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in [
        "content-length",
        "content-type",
        "etag",
        "last-modified",
        "cache-control",
    ] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert!(head.is_hit());
}

#[test]
fn a_hit_says_how_old_it_is_and_how_long_it_lasts() {
    let edge = Edge::builder().start();
    let target = "/resize?width=57&file=rocket.jpg";
    let miss = edge.get(target);
    assert_eq!(miss.header("age"), None);
    let timing = miss.header("server-timing").unwrap();
    for stage in ["verify", "lookup", "queue", "fetch", "transform", "store"] {
        assert!(timing.contains(&format!("{stage};dur=")), "{timing}");
    }
    let hit = edge.get(target);
    let age: u64 = hit.header("age").unwrap().parse().unwrap();
    let expected = format!("darkroom; hit; ttl={}; detail=memory", 31_536_000 - age);
    assert_eq!(hit.header("cache-status"), Some(expected.as_str()));
    assert_eq!(
        hit.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
}

#[test]
fn what_expires_is_kept_by_others_no_longer() {
    let edge = Edge::shared();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let target = format!("/resize?width=58&file=rocket.jpg&expires={}", now + 3600);
    for _ in 0..2 {
        let answer = edge.get(&target);
        let said = answer.header("cache-control").unwrap();
        let seconds: u64 = said
            .strip_prefix("public, max-age=")
            .and_then(|rest| rest.strip_suffix(", immutable"))
            .unwrap()
            .parse()
            .unwrap();
        assert!((3000..=3600).contains(&seconds), "{said}");
    }
}
