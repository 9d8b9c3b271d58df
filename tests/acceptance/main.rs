//! Every file of the corpus through the real server, in several operations, held against what its manifest
//! expects: a table of outcomes, times and memory. Ends with an error where one file is answered otherwise,
//! too slowly or at too high a price, where a guest trapped, where the server ended or opened a connection.
//!
//! `DARKROOM_CORPUS` says where the corpus is (beside the checkout), `DARKROOM_CORPUS_ONLY` which files are
//! taken, by a part of their name.

#![expect(
    clippy::unwrap_used,
    reason = "a corpus that cannot be read fails, with the place"
)]
#![expect(clippy::print_stdout, reason = "its report is for people")]

mod judge;
mod network;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use judge::{Seen, judge};
use network::Network;
use tests::corpus::{Line, manifest};
use tests::signing::escape;
use tests::{Edge, corpus};

/// What is asked for of each file: a name, a target, and the media type of the answer.
const OPERATIONS: [(&str, &str, &str); 5] = [
    ("info", "/info?", "application/json"),
    ("resize", "/resize?width=400&type=jpeg", "image/jpeg"),
    ("crop", "/crop?width=120&height=80&type=png", "image/png"),
    ("webp", "/resize?width=200&type=webp", "image/webp"),
    ("avif", "/resize?width=64&type=avif", "image/avif"),
];

fn main() -> ExitCode {
    let Some(corpus) = std::env::var_os("DARKROOM_CORPUS")
        .map(PathBuf::from)
        .or_else(corpus)
    else {
        println!("no corpus: say where it is with DARKROOM_CORPUS");
        return ExitCode::FAILURE;
    };
    let only = std::env::var("DARKROOM_CORPUS_ONLY").unwrap_or_default();
    let mut edge = Edge::mounting(&corpus).start();
    // The first picture of all pays for what every later one finds ready.
    edge.get("/resize?width=400&file=photos/photo_0_5mp.jpg");
    let mut network = Network::watch();
    let mut wrong = Vec::new();
    let lines = manifest(&corpus);
    let inputs = lines
        .iter()
        .filter(|line| !line.is_reference() && line.file.contains(&only));
    let mut count = 0;
    println!(
        "{:<62} {:<38} {:<27} {:>7} {:>6}",
        "file", "expected", "answers", "ms", "MB"
    );
    for line in inputs {
        let seen = ask(&edge, line, &mut network);
        let answers: Vec<String> = seen
            .answers
            .iter()
            .map(|answer| answer.status.to_string())
            .collect();
        let faults = judge(line, &seen);
        println!(
            "{:<62} {:<38} {:<27} {:>7.0} {:>6} {}",
            line.file,
            line.expect,
            answers.join(" "),
            seen.slowest().as_secs_f64() * 1000.0,
            seen.grown >> 20,
            faults.join("; ")
        );
        count += 1;
        if !faults.is_empty() {
            wrong.push(format!(
                "{} ({}): {}",
                line.file,
                line.expect,
                faults.join("; ")
            ));
        }
    }
    let traps = edge.count("/sandbox/traps");
    network.ours += 1;
    println!(
        "{count} files, {} not as expected, {traps} traps; {}",
        wrong.len(),
        network.report()
    );
    let of_all = [
        (!edge.is_alive()).then(|| "the server has ended".to_owned()),
        (count == 0).then(|| format!("no file has {only:?} in its name")),
        (traps > 0).then(|| format!("{traps} traps")),
        network.fault(),
    ];
    wrong.extend(of_all.into_iter().flatten());
    for fault in &wrong {
        println!("WRONG {fault}");
    }
    if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Every operation on one file, one after the other.
fn ask(edge: &Edge, line: &Line, network: &mut Network) -> Seen {
    edge.forget_peak_memory();
    let before = edge.resident_memory_bytes();
    let answers = OPERATIONS.map(|(operation, target, media)| {
        let joint = if target.ends_with('?') { "" } else { "&" };
        let target = format!("{target}{joint}file={}", escape(line.file.as_bytes()));
        let begun = Instant::now();
        let answer = edge.get(&target);
        network.ours += 1;
        judge::Answer {
            operation,
            media,
            status: answer.status,
            took: begun.elapsed().max(Duration::from_micros(1)),
            body: answer.body,
        }
    });
    Seen {
        answers: answers.into(),
        grown: edge.peak_memory_bytes().saturating_sub(before),
    }
}
