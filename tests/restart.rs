//! Ends of the process, wanted and not: what was cached is served again, whole; what was being
//! written when it was killed is not; what lies damaged on the disk is made again.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use tests::{Edge, compiled_code, eyes, until};

use crate::hit_and_miss::{files_below, files_with};

fn target(step: u32) -> String {
    format!("/resize?width={}&type=png&file=rocket.jpg", 60 + step)
}

#[test]
fn a_second_start_serves_what_the_first_has_kept() {
    let edge = Edge::builder().start();
    let body = edge.get(&target(0)).picture().to_vec();
    let edge = edge.stop().start();
    let answer = edge.get(&target(0));
    assert!(answer.is_hit());
    assert_eq!(answer.picture(), body);
    assert_eq!(edge.count("/sandbox/started"), 0);
}

#[test]
fn killed_during_writes_it_serves_only_whole_entries() {
    let reference = Edge::builder().start();
    let mut builder = Edge::builder();
    for round in 0..4 {
        let edge = builder.start();
        let answered = AtomicU32::new(0);
        let (address, next) = (edge.address, AtomicU32::new(round * 40));
        builder = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let begin = || {
                            let step = next.fetch_add(1, Ordering::Relaxed) % 120;
                            tests::Request::get(tests::signing::sign(tests::KEY, &target(step)))
                                .send(address)
                        };
                        // Until the server is gone.
                        while begin().is_ok() {
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            // Killed while all four are being answered, a little later in each round.
            until("answers", || {
                answered.load(Ordering::Relaxed) >= 12 + round * 5
            });
            let builder = edge.kill();
            for client in clients {
                client.join().unwrap();
            }
            builder
        });
    }
    let edge = builder.start();
    let mut hits = 0;
    for step in 0..120 {
        let answer = edge.get(&target(step));
        hits += u32::from(answer.is_hit());
        assert_eq!(
            answer.picture(),
            reference.get(&target(step)).picture(),
            "width {}",
            60 + step
        );
    }
    assert!(hits >= 12, "only {hits} entries outlived four kills");
    assert_eq!(
        edge.count("/cache/corrupt"),
        0,
        "an entry is renamed into place when it is whole"
    );
}

#[test]
fn a_damaged_entry_is_a_miss_and_is_made_again() {
    let edge = Edge::builder().start();
    let bodies: Vec<Vec<u8>> = (0..6)
        .map(|step| edge.get(&target(step)).picture().to_vec())
        .collect();
    let directory = edge.cache_dir();
    let files: Vec<_> = bodies
        .iter()
        .map(|body| files_with(&directory, body).remove(0))
        .collect();
    let builder = edge.stop();
    for (damage, path) in files.iter().enumerate() {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        match damage {
            0 => bytes.truncate(middle),
            1 => bytes[middle] ^= 1,
            2 => bytes[0] ^= 0xFF,
            3 => bytes.clear(),
            4 => bytes.push(0),
            _ => bytes = b"something else altogether".to_vec(),
        }
        std::fs::write(path, bytes).unwrap();
    }
    let edge = builder.start();
    for (step, body) in bodies.iter().enumerate() {
        let answer = edge.get(&target(step as u32));
        assert!(!answer.is_hit(), "damage {step}");
        assert_eq!(answer.picture(), body, "damage {step}");
        assert!(
            edge.get(&target(step as u32)).is_hit(),
            "damage {step}: made again and kept"
        );
    }
}

#[test]
fn entries_damaged_while_it_runs_are_never_served() {
    let edge = Edge::builder().set("memory-cache-bytes", "0").start();
    let body = edge.get(&target(0)).picture().to_vec();
    let path = files_with(&edge.cache_dir(), &body).remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 20;
    bytes[last] ^= 0x10;
    std::fs::write(&path, bytes).unwrap();
    let answer = edge.get(&target(0));
    assert!(!answer.is_hit());
    assert_eq!(answer.picture(), body);
    assert_eq!(edge.count("/cache/corrupt"), 1);
}

/// Each file of the code that tests share, damaged, as if this server had compiled it.
fn damaged_code(directory: &Path) -> usize {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .unwrap();
    let whole = files_below(&compiled_code());
    // Another test's server may be putting one there or taking one away.
    let copied = whole.iter().filter(|path| {
        let Ok(mut bytes) = std::fs::read(path) else {
            return false;
        };
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let copy = directory.join(path.file_name().unwrap());
        std::fs::write(&copy, bytes).unwrap();
        std::fs::set_permissions(copy, Permissions::from_mode(0o600)).unwrap();
        true
    });
    copied.count()
}

#[test]
fn damaged_compiled_code_is_compiled_again_and_kept() {
    // That there is some.
    let _shared = Edge::shared();
    let builder = Edge::builder().with_code_of_its_own();
    assert!(damaged_code(&builder.cache_dir().join("compiled")) > 0);
    let edge = builder.start();
    edge.wait_for_log("compiled code is not believed");
    edge.wait_for_log("compiled in");
    // The compiler takes twice as much, in a process of its own.
    let peak = edge.peak_memory_bytes();
    assert!(peak < 96 << 20, "{peak} bytes");
    assert_eq!(eyes::size(edge.get(&target(0)).picture()).0, 60);
    let edge = edge.stop().start();
    edge.wait_for_log("loaded compiled component");
    assert_eq!(eyes::size(edge.get(&target(1)).picture()).0, 61);
}

#[test]
fn two_processes_on_one_directory_are_told() {
    let edge = Edge::builder().start();
    let second = Edge::builder().set("cache-dir", edge.cache_dir());
    let said = second.failure();
    assert!(
        said.contains("cache-dir") || said.contains(&*edge.cache_dir().to_string_lossy()),
        "{said}"
    );
    edge.get(&target(0)).picture();
}

#[test]
fn a_polite_stop_finishes_what_it_has_begun() {
    let edge = Edge::builder().start();
    let request = tests::Request::get(tests::signing::sign(
        tests::KEY,
        "/resize?width=300&type=avif&file=coast.jpg",
    ));
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| request.send(edge.address).unwrap());
        edge.wait_for("/sandbox/started", 1);
        edge.ask_to_stop();
        answer.join().unwrap().picture();
    });
    let (status, said) = edge.ended();
    assert!(status.success(), "{status}\n{said}");
}
