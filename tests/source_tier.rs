//! Originals and their origins: asked once by however many, believed for as long as they say, asked whether
//! anything has changed after that, and left alone while they fail.

mod failures;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use tests::signing::sign;
use tests::{Answer, Asked, Edge, KEY, Origin, Reply, Request, eyes, sample};

use crate::origins::{target, trusting};

/// What decides how an origin answers; tests move it.
#[derive(Clone, Default)]
struct Stage(Arc<AtomicUsize>);

impl Stage {
    fn now(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn go_to(&self, stage: usize) {
        self.0.store(stage, Ordering::SeqCst);
    }
}

/// A picture with a tag, as an origin says it that compares tags.
fn tagged(asked: &Asked, tag: &str, picture: &str, control: &str) -> Reply {
    let tag = format!("\"{tag}\"");
    let reply = if asked.header("if-none-match") == Some(&tag) {
        Reply::status(304)
    } else {
        Reply::ok(sample(picture))
    };
    reply.with("ETag", &tag).with("Cache-Control", control)
}

/// The origin of one picture, and what it says about keeping it.
fn origin_saying(control: &'static str) -> Origin {
    Origin::new(move |asked| tagged(asked, "1", "dunes.jpg", control))
}

fn at_width(width: u32, url: &str) -> String {
    target(url).replace("width=40", &format!("width={width}"))
}

#[test]
fn variants_of_one_source_fetch_it_once() {
    let clients = 6;
    let all_here = Arc::new(Barrier::new(2));
    let gate = Arc::clone(&all_here);
    let origin = Origin::new(move |_| {
        gate.wait();
        Reply::ok(sample("dunes.jpg"))
    });
    let edge = trusting().start();
    let url = origin.url("/a.jpg");
    std::thread::scope(|scope| {
        for client in 0..clients {
            let target = at_width(40 + client, &url);
            let edge = &edge;
            scope.spawn(move || {
                let (width, _) = eyes::size(edge.get(&target).picture());
                assert_eq!(width, 40 + client);
            });
        }
        edge.wait_for("/misses_admitted", clients.into());
        all_here.wait();
    });
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(edge.count("/sandbox/started"), u64::from(clients));
    // And later ones find it on disk.
    edge.get(&at_width(80, &url)).picture();
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(edge.count("/sources/bytes_found"), 1);
}

#[test]
fn the_work_goes_on_when_its_first_client_leaves_and_ends_with_the_last() {
    let (all_here, asked_again) = (Arc::new(Barrier::new(2)), Stage::default());
    let (gate, stage) = (Arc::clone(&all_here), asked_again.clone());
    let origin = Origin::new(move |_| {
        if stage.now() > 0 {
            return Reply::Silent;
        }
        gate.wait();
        Reply::ok(sample("dunes.jpg"))
    });
    let edge = trusting().start();
    let request = Request::get(sign(KEY, &target(&origin.url("/a.jpg"))));
    let leader = request.begin(edge.address).unwrap();
    edge.wait_for("/cache/misses", 1);
    let answer = std::thread::scope(|scope| {
        let follower = scope.spawn(|| edge.send(&request));
        edge.wait_for("/cache/misses", 2);
        drop(leader);
        all_here.wait();
        follower.join().unwrap()
    });
    answer.picture();
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(edge.count("/sandbox/started"), 1);

    asked_again.go_to(1);
    let request = Request::get(sign(KEY, &target(&origin.url("/b.jpg"))));
    let only = request.begin(edge.address).unwrap();
    edge.wait_for("/sources/under_way", 1);
    drop(only);
    edge.wait_for("/sources/under_way", 0);
    edge.wait_for("/misses_under_way", 0);
}

#[test]
fn a_fresh_source_is_not_asked_about_and_a_stale_one_is_confirmed() {
    let origin = origin_saying("max-age=600");
    let edge = trusting().start();
    let first = edge.get(&target(&origin.url("/a.jpg")));
    let second = edge.get(&target(&origin.url("/a.jpg")));
    assert!(second.is_hit());
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(second.picture(), first.picture());

    let origin = origin_saying("max-age=0, stale-while-revalidate=0");
    let url = origin.url("/b.jpg");
    let first = edge.get(&target(&url)).picture().to_vec();
    let sent = origin.sent_bytes();
    let second = edge.get(&target(&url));
    assert_eq!(second.picture(), first);
    assert_eq!(
        edge.count("/sandbox/started"),
        2,
        "nothing was rendered again"
    );
    // Another variant: the bytes are on disk, and confirmed.
    edge.get(&at_width(41, &url)).picture();
    assert_eq!(origin.sent_bytes(), sent, "nothing was sent again");
    assert_eq!(edge.count("/sources/revalidated"), 2);
    let asked = origin.asked();
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[0].header("if-none-match"), None);
    assert_eq!(asked[2].header("if-none-match"), Some("\"1\""));
}

#[test]
fn without_a_tag_the_date_is_compared() {
    let date = "Tue, 14 Nov 2023 22:13:20 GMT";
    let origin = Origin::new(move |asked| {
        let reply = match asked.header("if-modified-since") {
            Some(since) if since == date => Reply::status(304),
            _ => Reply::ok(sample("dunes.jpg")),
        };
        reply
            .with("Last-Modified", date)
            .with("Cache-Control", "no-cache")
    });
    let edge = trusting().start();
    for _ in 0..2 {
        edge.get(&target(&origin.url("/a.jpg"))).picture();
    }
    assert_eq!(edge.count("/sources/revalidated"), 1);
}

#[test]
fn a_changed_original_never_shows_an_old_variant() {
    let stage = Stage::default();
    let seen = stage.clone();
    let origin = Origin::new(move |asked| match seen.now() {
        0 => tagged(asked, "1", "dunes.jpg", "no-cache"),
        _ => tagged(asked, "2", "rocket.jpg", "no-cache"),
    });
    let edge = trusting().start();
    let url = target(&origin.url("/a.jpg"));
    let old = edge.get(&url).picture().to_vec();
    stage.go_to(1);
    let new = edge.get(&url);
    assert_eq!(
        new.picture(),
        edge.get("/resize?width=40&file=rocket.jpg").picture()
    );
    stage.go_to(0);
    let again = edge.get(&url);
    assert_eq!(again.picture(), old);
    assert_ne!(again.header("etag"), new.header("etag"));
}

#[test]
fn a_stale_source_is_used_while_it_is_asked_about() {
    let stage = Stage::default();
    let seen = stage.clone();
    let control = "max-age=0, stale-while-revalidate=600";
    let origin = Origin::new(move |asked| match seen.now() {
        0 => tagged(asked, "1", "dunes.jpg", control),
        _ => tagged(asked, "2", "rocket.jpg", "max-age=600"),
    });
    let edge = trusting().start();
    let url = target(&origin.url("/a.jpg"));
    let old = edge.get(&url).picture().to_vec();
    stage.go_to(1);
    let second = edge.get(&url);
    assert!(second.is_hit());
    assert_eq!(second.picture(), old);
    edge.wait_for("/sources/fetched", 2);
    edge.wait_for("/sources/under_way", 0);
    let new = edge.get(&url);
    assert!(!new.is_hit());
    assert_ne!(new.picture(), old);
    assert!(edge.get(&url).is_hit());
    assert_eq!(origin.asked().len(), 2);
}

#[test]
fn what_must_not_be_kept_is_neither_kept_nor_handed_on() {
    for control in ["no-store", "private, max-age=600"] {
        let origin = origin_saying(control);
        let edge = trusting().start();
        let url = target(&origin.url("/a.jpg"));
        for _ in 0..2 {
            let answer = edge.get(&url);
            answer.picture();
            assert!(!answer.is_hit());
            let said = answer.header("cache-control").unwrap();
            assert!(said.contains("no-store"), "{said}");
        }
        assert_eq!(origin.asked().len(), 2);
        assert_eq!(origin.asked()[1].header("if-none-match"), None);
        assert_eq!(edge.count("/cache/entries"), 0);
        assert_eq!(edge.count("/sources/entries"), 0);
    }
}

#[test]
fn what_is_known_survives_a_restart() {
    let origin = origin_saying("max-age=600");
    let edge = trusting().start();
    let url = origin.url("/a.jpg");
    edge.get(&target(&url)).picture();
    let edge = edge.stop().start();
    assert!(edge.get(&target(&url)).is_hit());
    edge.get(&at_width(41, &url)).picture();
    assert_eq!(origin.asked().len(), 1);
}

#[test]
fn the_source_tier_keeps_to_its_budget() {
    let origin = Origin::of(sample("rocket.jpg"));
    let edge = trusting().set("source-cache-bytes", "4MiB").start();
    for number in 0..60 {
        let url = origin.url(&format!("/{number}.jpg"));
        edge.get(&target(&url)).picture();
    }
    let (bytes, bytes_max) = (
        edge.count("/sources/bytes"),
        edge.count("/sources/bytes_max"),
    );
    assert!(
        bytes <= bytes_max && bytes_max <= 4 << 20,
        "{bytes} of {bytes_max}"
    );
    // Renditions outlive the bytes that they were made from.
    assert!(edge.get(&target(&origin.url("/0.jpg"))).is_hit());
    assert_eq!(origin.asked().len(), 60);

    let none = trusting().set("source-cache-bytes", "0").start();
    let url = origin.url("/none.jpg");
    for width in [40, 41] {
        none.get(&at_width(width, &url)).picture();
    }
    assert_eq!(origin.asked().len(), 62);
    let hit: Answer = none.get(&target(&url));
    assert!(hit.is_hit(), "what is known of it is still in memory");
}

#[test]
fn two_clients_with_other_credentials_are_two_sources() {
    let origin = Origin::new(|asked| match asked.header("x-token") {
        Some("one") => Reply::ok(sample("dunes.jpg")),
        _ => Reply::ok(sample("rocket.jpg")),
    });
    let edge: Edge = trusting()
        .set("allowed-origins", origin.url("/"))
        .set("forward-headers", "X-Token")
        .start();
    let request = Request::get(sign(KEY, &target(&origin.url("/a.jpg"))));
    let [one, two] = ["one", "two"].map(|token| edge.send(&request.clone().with("X-Token", token)));
    assert_ne!(one.picture(), two.picture());
    assert_eq!(origin.asked().len(), 2);
    assert!(edge.send(&request.clone().with("X-Token", "one")).is_hit());
}
