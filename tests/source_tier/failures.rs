//! Origins that fail although their picture is known: what stands in for it, for how long, and who is asked
//! meanwhile.

use tests::{Builder, Origin, Reply};

use super::{Stage, at_width, origin_saying, tagged};
use crate::origins::{target, trusting};

/// A picture at first, and from then on this.
fn failing(control: &'static str, failure: Reply) -> (Origin, Stage) {
    let stage = Stage::default();
    let seen = stage.clone();
    let origin = Origin::new(move |asked| match seen.now() {
        0 => tagged(asked, "1", "dunes.jpg", control),
        _ => failure.clone(),
    });
    (origin, stage)
}

#[test]
fn an_older_source_stands_in_for_an_origin_that_fails() {
    for failure in [Reply::status(503), Reply::Closed] {
        let (origin, stage) = failing(
            "max-age=0, stale-while-revalidate=0, stale-if-error=600",
            failure,
        );
        let edge = trusting().set("origin-failure-ttl", "10m").start();
        let url = target(&origin.url("/a.jpg"));
        let old = edge.get(&url).picture().to_vec();
        stage.go_to(1);
        assert_eq!(edge.get(&url).picture(), old);
        // New variants too, from the bytes on disk; and the origin is left alone meanwhile.
        edge.get(&at_width(41, &origin.url("/a.jpg"))).picture();
        assert_eq!(edge.get(&url).picture(), old);
        assert_eq!(origin.asked().len(), 2);
        assert!(edge.count("/sources/stood_in") >= 3);
    }
}

#[test]
fn what_an_origin_forbids_or_takes_away_is_not_shown() {
    for (control, failure, status) in [
        (
            "max-age=0, stale-while-revalidate=0, stale-if-error=0",
            503,
            502,
        ),
        ("max-age=0, must-revalidate", 503, 502),
        ("no-cache", 500, 502),
        (
            "max-age=0, stale-while-revalidate=0, stale-if-error=600",
            404,
            404,
        ),
        (
            "max-age=0, stale-while-revalidate=0, stale-if-error=600",
            410,
            410,
        ),
    ] {
        let (origin, stage) = failing(control, Reply::status(failure));
        let edge = trusting().start();
        let url = target(&origin.url("/a.jpg"));
        edge.get(&url).picture();
        stage.go_to(1);
        edge.get(&url).refused(status);
    }
}

#[test]
fn an_operator_can_do_without_an_origins_leave() {
    let edge = trusting()
        .set("stale-while-revalidate", "0s")
        .set("stale-if-error", "10m")
        .start();
    let (origin, stage) = failing("max-age=0", Reply::status(503));
    let url = target(&origin.url("/a.jpg"));
    edge.get(&url).picture();
    stage.go_to(1);
    edge.get(&url).picture();

    let stubborn = trusting().set("source-fresh-min", "10m").start();
    let origin = origin_saying("no-store");
    let url = target(&origin.url("/a.jpg"));
    assert!(!stubborn.get(&url).is_hit());
    assert!(stubborn.get(&url).is_hit());
    assert_eq!(origin.asked().len(), 1);
}

#[test]
fn a_broken_origin_is_not_hammered() {
    let statuses = [(500, 502), (503, 502), (404, 404), (410, 410), (403, 403)];
    let origin =
        Origin::new(|asked| Reply::status(asked.target.trim_start_matches('/').parse().unwrap()));
    let edge = remembering("10m").start();
    for (from_origin, to_client) in statuses {
        let url = origin.url(&format!("/{from_origin}"));
        for width in 40..44 {
            edge.get(&at_width(width, &url)).refused(to_client);
        }
    }
    assert_eq!(origin.asked().len(), statuses.len());
    assert_eq!(
        edge.count("/sources/failures_recalled"),
        3 * statuses.len() as u64
    );

    let forgetful = remembering("0s").start();
    for _ in 0..3 {
        forgetful.get(&target(&origin.url("/500"))).refused(502);
    }
    assert_eq!(origin.asked().len(), statuses.len() + 3);
}

fn remembering(time: &str) -> Builder {
    trusting()
        .set("origin-failure-ttl", time)
        .set("origin-missing-ttl", time)
}
