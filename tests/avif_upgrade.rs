//! AVIF for the next client: the first one gets something quick and is told not to keep it for long.

use tests::signing::sign;
use tests::{Answer, Builder, Edge, KEY, Request};

const TARGET: &str = "/resize?width=60&type=auto&file=rocket.jpg";
const BROWSER: &str = "image/avif,image/webp,image/*,*/*;q=0.8";

/// All of the time, since tests wait for it.
fn upgrading() -> Builder {
    Edge::builder()
        .set("avif", "upgrade")
        .set("avif-cpu", "100")
}

fn ask(edge: &Edge, accept: &str) -> Answer {
    edge.send(&Request::get(sign(KEY, TARGET)).with("Accept", accept))
}

fn kind(answer: &Answer) -> &str {
    answer.picture();
    answer.header("content-type").unwrap()
}

fn max_age(answer: &Answer) -> u64 {
    let said = answer.header("cache-control").unwrap();
    let (_, rest) = said.split_once("max-age=").unwrap();
    let digits = rest.split(',').next().unwrap();
    digits.trim().parse().unwrap()
}

#[test]
fn the_first_client_gets_webp_and_the_next_one_avif() {
    let edge = upgrading().start();
    let first = ask(&edge, BROWSER);
    assert_eq!(kind(&first), "image/webp");
    assert!(max_age(&first) <= 60, "{first:?}");
    edge.wait_for("/upgrades/made", 1);
    let second = ask(&edge, BROWSER);
    assert_eq!(kind(&second), "image/avif");
    assert!(second.is_hit());
    assert!(max_age(&second) > 86_400, "{second:?}");
    for answer in [&first, &second] {
        assert_eq!(answer.header("vary"), Some("Accept"));
    }
    assert_ne!(first.header("etag"), second.header("etag"));
    // Who holds the first answer and asks whether it still holds gets the second.
    let held = first.header("etag").unwrap();
    let request = Request::get(sign(KEY, TARGET)).with("Accept", BROWSER);
    assert_eq!(edge.send(&request.with("If-None-Match", held)).status, 200);
    // WebP is there already for a client that can do no more, and may be kept.
    let plain = ask(&edge, "image/webp");
    assert!(plain.is_hit());
    assert_eq!(kind(&plain), "image/webp");
    assert!(max_age(&plain) > 86_400, "{plain:?}");
    assert_eq!(edge.count("/upgrades/queued"), 0);
}

#[test]
fn a_client_without_webp_gets_the_sources_own_format_first() {
    let edge = upgrading().start();
    assert_eq!(kind(&ask(&edge, "image/avif")), "image/jpeg");
    edge.wait_for("/upgrades/made", 1);
    assert_eq!(kind(&ask(&edge, "image/avif")), "image/avif");
}

#[test]
fn who_names_avif_waits_for_it() {
    let edge = upgrading().start();
    let answer = edge.get("/resize?width=60&type=avif&file=rocket.jpg");
    assert_eq!(kind(&answer), "image/avif");
    assert_eq!(edge.count("/upgrades/made"), 0);
}

#[test]
fn waiting_and_doing_without_are_settings() {
    let edge = Edge::builder().set("avif", "wait").start();
    assert_eq!(kind(&ask(&edge, BROWSER)), "image/avif");
    let edge = Edge::builder().set("avif", "off").start();
    for _ in 0..2 {
        let answer = ask(&edge, BROWSER);
        assert_eq!(kind(&answer), "image/webp");
        assert!(max_age(&answer) > 86_400, "{answer:?}");
    }
    assert_eq!(edge.count("/upgrades/queued"), 0);
    assert!(
        Edge::builder()
            .set("avif-cpu", "101")
            .refusal()
            .contains("avif-cpu")
    );
}

#[test]
fn a_stop_does_not_wait_for_background_work() {
    let edge = upgrading().start();
    let long = "/enlarge?width=2400&height=2400&type=auto&file=rocket.jpg";
    edge.send(&Request::get(sign(KEY, long)).with("Accept", BROWSER))
        .picture();
    edge.wait_until("the AVIF is being made", |health| {
        health["sandbox"]["busy"] == 1
    });
    edge.stop();
}
