//! The two tiers: what is asked for again comes from memory, what has left it from the disk, and the disk
//! remembers what was used although the memory answered.

use tests::{Builder, Edge, KEY, signing::sign, until};

fn target(width: u32) -> String {
    format!("/resize?width={width}&type=png&file=rocket.jpg")
}

fn detail(edge: &Edge, target: &str) -> String {
    let answer = edge.get(target);
    answer.picture();
    let status = answer.header("cache-status").unwrap();
    status.rsplit("detail=").next().unwrap().to_owned()
}

fn without_memory() -> Builder {
    Edge::builder().set("memory-cache-bytes", "0")
}

#[test]
fn memory_first_then_disk() {
    let edge = Edge::builder().start();
    let body = edge.get(&target(100)).picture().to_vec();
    assert_eq!(detail(&edge, &target(100)), "memory");
    let edge = edge.stop().start();
    assert_eq!(detail(&edge, &target(100)), "disk");
    assert_eq!(detail(&edge, &target(100)), "memory");
    assert_eq!(edge.get(&target(100)).picture(), body);
    assert_eq!(edge.count("/cache/memory_hits"), 2);
    assert_eq!(edge.count("/cache/hits"), 3);
    assert_eq!(edge.count("/cache/memory_entries"), 1);
    assert_eq!(edge.count("/sandbox/started"), 0);
}

#[test]
fn without_memory_every_hit_is_the_disks() {
    let edge = without_memory().start();
    edge.get(&target(101)).picture();
    for _ in 0..3 {
        assert_eq!(detail(&edge, &target(101)), "disk");
    }
    assert_eq!(edge.count("/cache/memory_entries"), 0);
}

#[test]
fn memory_alone() {
    let edge = Edge::builder()
        .set("cache-bytes", "0")
        .set("memory-cache-bytes", "4MiB")
        .start();
    edge.get(&target(102)).picture();
    assert_eq!(detail(&edge, &target(102)), "memory");
    assert_eq!(edge.count("/cache/entries"), 0);
}

#[test]
fn the_memory_tier_keeps_to_its_bytes() {
    const BYTES_MAX: u64 = 1 << 20;
    let edge = Edge::builder()
        .set("memory-cache-bytes", BYTES_MAX.to_string())
        .start();
    // About 120 KB each: eight of them fill it.
    for width in 350..370 {
        edge.get(&target(width)).picture();
        assert!(edge.count("/cache/memory_bytes") <= BYTES_MAX);
    }
    assert!((3..=8).contains(&edge.count("/cache/memory_entries")));
    assert_eq!(edge.count("/cache/entries"), 20);
}

#[test]
fn a_url_that_expires_is_not_remembered_beyond_its_time() {
    let edge = Edge::builder().start();
    let now = || {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs()
    };
    // Made beforehand, so that the first answer comes in time.
    edge.get(&target(103)).picture();
    let end = now() + 3;
    let signed = sign(KEY, &format!("{}&expires={end}", target(103)));
    // Asked without a pause until its time is over: hot, and then gone at once.
    let mut answered = 0;
    until("its end", || {
        let before = now();
        let answer = edge.get_unsigned(&signed);
        match answer.status {
            200 => assert!(before < end, "answered at {before}, over at {end}"),
            410 => return true,
            status => panic!("{status}"),
        }
        answered += 1;
        false
    });
    assert!(answered > 0, "it was never there");
    assert!(now() >= end);
}

#[test]
fn a_hot_url_with_another_signature_is_refused() {
    let edge = Edge::shared();
    let signed = sign(KEY, &target(104));
    for _ in 0..3 {
        edge.get_unsigned(&signed).picture();
    }
    let (start, last) = signed.split_at(signed.len() - 1);
    let other = if last == "A" { "B" } else { "A" };
    edge.get_unsigned(&format!("{start}{other}")).refused(403);
    edge.get_unsigned(start).refused(403);
    edge.get_unsigned(&format!("{signed}&width=105"))
        .refused(403);
    edge.get_unsigned(&signed).picture();
}
