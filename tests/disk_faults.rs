//! A cache whose disk fails costs time, never an answer: pictures go out as before, a counter rises, and
//! caching goes on when the disk is well.

use tests::{Builder, Edge, eyes, skip};

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
        skip("this machine lets nobody mount a file system");
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

/// A server whose first three system calls of this name (in every thread of its own count) fail with
/// EIO, as those of a dying disk do, and whose later ones are as ever. Where this machine lets strace
/// do that.
fn on_a_disk_with_errors(call: &str) -> Option<Edge> {
    let inject = format!("inject={call}:error=EIO:when=1..3");
    let allowed = std::process::Command::new("strace")
        .args(["-D", "-qq", "-o", "/dev/null", "-e", &inject, "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !allowed {
        skip("this machine lets nobody trace a process (strace)");
        return None;
    }
    let traced = format!("exec strace -D -f -qq -o /dev/null -e {inject} \"$@\"");
    let builder = Edge::builder().set("memory-cache-bytes", "0");
    Some(builder.through(traced).start())
}

/// Asks until one is answered from the disk.
fn is_kept_in_the_end(edge: &Edge, target: &str) -> bool {
    (0..40).any(|_| edge.get(target).is_hit())
}

#[test]
fn the_disk_gives_errors_when_written() {
    for call in ["renameat", "utimensat"] {
        let Some(edge) = on_a_disk_with_errors(call) else {
            return;
        };
        answers_still(&edge);
        assert!(write_errors(&edge) > 0, "no store without {call}");
        let target = "/resize?width=77&type=png&file=rocket.jpg";
        assert!(is_kept_in_the_end(&edge, target), "{call}");
    }
}

#[test]
fn the_disk_gives_errors_when_read() {
    for call in ["preadv2", "openat2"] {
        let Some(edge) = on_a_disk_with_errors(call) else {
            return;
        };
        let target = "/resize?width=77&type=png&file=rocket.jpg";
        let body = edge.get(target).picture().to_vec();
        for _ in 0..8 {
            assert_eq!(edge.get(target).picture(), body, "{call}");
        }
        assert!(is_kept_in_the_end(&edge, target), "{call}");
    }
}
