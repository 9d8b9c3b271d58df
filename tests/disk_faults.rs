//! A cache whose disk fails costs time, never an answer: pictures go out as before, and a counter
//! rises.

use tests::{Builder, Edge, eyes};

use crate::hit_and_miss::files_with;

/// All of these are answered, in the right size.
fn answers_still(edge: &Edge) {
    for width in 40..46 {
        let answer = edge.get(&format!("/resize?width={width}&type=png&file=rocket.jpg"));
        assert_eq!(eyes::size(answer.picture()).0, width);
    }
}

fn write_errors(edge: &Edge) -> u64 {
    edge.count("/cache/write_errors")
}

#[test]
fn the_directory_vanishes() {
    let edge = Edge::builder().start();
    answers_still(&edge);
    std::fs::remove_dir_all(edge.cache_dir()).unwrap();
    // A file in its place, so that it cannot simply be made again.
    std::fs::write(edge.cache_dir(), "in the way").unwrap();
    let before = write_errors(&edge);
    answers_still(&edge);
    edge.get("/resize?width=90&file=rocket.jpg").picture();
    assert!(write_errors(&edge) > before);
}

#[test]
fn an_entry_vanishes() {
    let edge = Edge::builder().set("memory-cache-bytes", "0").start();
    let target = "/resize?width=50&type=png&file=rocket.jpg";
    let body = edge.get(target).picture().to_vec();
    for file in files_with(&edge.cache_dir(), &body) {
        std::fs::remove_file(file).unwrap();
    }
    let answer = edge.get(target);
    assert!(!answer.is_hit());
    assert_eq!(answer.picture(), body);
    assert!(edge.get(target).is_hit());
}

/// A place where nobody can make a directory, root included.
#[test]
fn nothing_can_be_written() {
    let edge = Edge::builder().set("cache-dir", "/proc/darkroom").start();
    answers_still(&edge);
    assert!(write_errors(&edge) > 0);
    assert_eq!(edge.count("/cache/entries"), 0);
}

/// A server whose cache lies on a file system of its own, where this machine lets one be mounted.
fn on_its_own_disk(mount: &str) -> Option<Builder> {
    let allowed = std::process::Command::new("unshare")
        .args(["-rm", "sh", "-c", "mount -t tmpfs none /mnt"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !allowed {
        eprintln!("skipped: this machine lets nobody mount a file system");
        return None;
    }
    let builder = Edge::builder();
    let cache = builder.cache_dir();
    std::fs::create_dir_all(&cache).unwrap();
    let mount = mount.replace("CACHE", &cache.display().to_string());
    Some(builder.through(format!(
        "exec unshare -rm sh -c '{mount} && exec \"$@\"' sh \"$@\""
    )))
}

#[test]
fn the_disk_is_full() {
    let Some(builder) = on_its_own_disk("mount -t tmpfs -o size=64k none CACHE") else {
        return;
    };
    let edge = builder.start();
    answers_still(&edge);
    for width in 200..206 {
        edge.get(&format!("/resize?width={width}&type=png&file=rocket.jpg"))
            .picture();
    }
    assert!(write_errors(&edge) > 0);
}

#[test]
fn the_disk_is_read_only() {
    let Some(builder) = on_its_own_disk("mount -t tmpfs -o ro none CACHE") else {
        return;
    };
    let edge = builder.start();
    answers_still(&edge);
    assert_eq!(edge.count("/cache/entries"), 0);
}
