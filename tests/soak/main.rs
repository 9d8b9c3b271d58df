//! A long run under mixed load: hits, misses and conditional requests of many variants, an origin that fails
//! at times, purges, a second level, upgrades to AVIF, all with caches too small for what is asked. Prints
//! resident memory at intervals; ends with an error where memory grows after the first of them, where an
//! answer is not byte for byte what that variant was before, or where a status comes that nothing explains.
//!
//! `SOAK_SECONDS` says how long (600), the rest is below.

#![expect(
    clippy::unwrap_used,
    reason = "a soak that cannot go on fails, with the place"
)]
#![expect(clippy::print_stdout, reason = "its report is for people")]

mod load;
mod world;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use load::{Findings, Loader};
use world::World;

/// Ten minutes.
const SECONDS_DEFAULT: u64 = 600;
/// How often memory is looked at.
const INTERVAL: Duration = Duration::from_mins(1);
/// A short run still looks this often.
const LOOKS_MIN: u32 = 4;
/// Clients at once: more than there are workers, fewer than there are places.
const CLIENTS: u64 = 6;
/// Between two purges.
const PURGE_EVERY: Duration = Duration::from_secs(7);
/// Memory counts as flat within this: the allocator's own ups and downs.
const GROWTH_BYTES_MAX: u64 = 32 << 20;

fn main() -> ExitCode {
    let seconds = std::env::var("SOAK_SECONDS").map_or(SECONDS_DEFAULT, |text| {
        text.parse().expect("SOAK_SECONDS is a number")
    });
    let length = Duration::from_secs(seconds);
    let interval = INTERVAL.min(length / LOOKS_MIN);
    let world = World::start();
    let (findings, over) = (Findings::default(), AtomicBool::new(false));
    let resident = std::thread::scope(|scope| {
        for seed in 1..=CLIENTS {
            let loader = Loader::new(&world, &findings, seed);
            let over = &over;
            scope.spawn(move || loader.run(over));
        }
        let purger = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(PURGE_EVERY.min(interval));
                world.purge_something();
            }
        });
        let resident = watch(&world, &findings, (length, interval));
        over.store(true, Ordering::Relaxed);
        purger.join().unwrap();
        resident
    });
    println!("{}", world.counters());
    verdict(&resident, &findings)
}

/// Resident memory, interval by interval.
fn watch(world: &World, findings: &Findings, (length, interval): (Duration, Duration)) -> Vec<u64> {
    let (begun, mut resident) = (Instant::now(), Vec::new());
    println!("   time   resident   answers      hits   refused   wrong");
    while begun.elapsed() + interval / 2 < length {
        std::thread::sleep(interval);
        resident.push(world.resident_bytes());
        let (answers, hits, refused, wrong) = findings.counts();
        println!(
            "{:5} s {:7.1} MiB {answers:9} {hits:9} {refused:9} {wrong:7}",
            begun.elapsed().as_secs(),
            resident
                .last()
                .map_or(0.0, |bytes| *bytes as f64 / f64::from(1 << 20)),
        );
    }
    resident
}

fn verdict(resident: &[u64], findings: &Findings) -> ExitCode {
    let first = resident.first().copied().unwrap_or(0);
    let most = resident.iter().skip(1).copied().max().unwrap_or(first);
    let mut good = true;
    if most > first + GROWTH_BYTES_MAX {
        println!("FAILED: resident memory grew from {first} to {most} bytes");
        good = false;
    }
    for finding in findings.reports() {
        println!("FAILED: {finding}");
        good = false;
    }
    let (answers, hits, ..) = findings.counts();
    if answers == 0 || hits == 0 || hits == answers {
        println!("FAILED: {hits} hits of {answers} answers are no mixed load");
        good = false;
    }
    if good {
        println!("resident memory is flat, 0 wrong bytes");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
