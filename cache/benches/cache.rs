//! Get, put and evict at growing numbers of entries, opening, and hit ratios beside theory, as Markdown
//! tables. `cargo bench -p cache -- [--entries 10000,100000,1000000] [--directory DIR] [--body-bytes N]`.
//! The directory decides the file system; what is in it is removed. With `--fill DIR` the first of the
//! entries are stored and left (`--ratios` prints the hit ratios alone), for `--open DIR` after a remount: a start with nothing in memory.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends when it cannot go on"
)]

mod load;
mod ratio;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use cache::{Config, DiskCache};

/// What the command line asks for.
struct Settings {
    entries: Vec<u64>,
    directory: PathBuf,
    body_bytes: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        arguments
            .iter()
            .position(|argument| argument == name)
            .and_then(|at| arguments.get(at + 1))
    };
    if let Some(directory) = value("--open") {
        return print_opening(Path::new(directory));
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("measures under `cargo bench` only");
        return;
    }
    let numbers = value("--entries").map_or("10000,100000", String::as_str);
    let settings = Settings {
        entries: numbers
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect(),
        directory: value("--directory")
            .map_or_else(|| std::env::temp_dir().join("cache-bench"), PathBuf::from),
        body_bytes: value("--body-bytes").map_or(1000, |number| number.parse().unwrap()),
    };
    if arguments.iter().any(|argument| argument == "--ratios") {
        return ratio::print(&settings.directory);
    }
    if let Some(directory) = value("--fill") {
        let cache = open(
            Path::new(directory),
            settings.entries[0],
            settings.body_bytes,
        );
        load::put(&cache, 0..settings.entries[0], settings.body_bytes);
        return;
    }
    println!(
        "Bodies of {} bytes, in `{}`.\n",
        settings.body_bytes,
        settings.directory.display()
    );
    print_speed(&settings);
    println!();
    ratio::print(&settings.directory);
}

/// A cache with room for so many entries of this size and hardly more.
fn open(directory: &Path, entries: u64, body_bytes: usize) -> DiskCache {
    let file_bytes = (body_bytes as u64 + 88).div_ceil(4096) * 4096;
    // Room for folders too: about 170 bytes for each name, and no less than a block for each of 64.
    let bytes_max = entries * (file_bytes + 170) + (2 << 20);
    let config = Config {
        directory: directory.into(),
        bytes_max,
        free_bytes_min: 0,
        entry_bytes_max: 64 << 20,
    };
    let cache = DiskCache::open(config).unwrap();
    cache.wait_until_scanned();
    cache
}

fn print_speed(settings: &Settings) {
    println!(
        "| entries | put | get | get, 2 threads | put that evicts | remove | open and scan | memory at its peak |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    for entries in &settings.entries {
        let _ = std::fs::remove_dir_all(&settings.directory);
        let cache = open(&settings.directory, *entries, settings.body_bytes);
        let put = load::put(&cache, 0..*entries, settings.body_bytes);
        let get = load::get(&cache, *entries);
        let get_by_two = load::get_by_two(&cache, *entries);
        // New keys until as many have gone as there is room for beyond `entries`, then the ones measured.
        let spare = load::fill_up(&cache, *entries, settings.body_bytes);
        let evict = load::put(&cache, spare..spare + 10_000, settings.body_bytes);
        let remove = load::remove(&cache, spare + 9_000..spare + 10_000);
        drop(cache);
        let opening = opening(&settings.directory);
        println!(
            "| {entries} | {put} | {get} | {get_by_two:.0}/s | {evict} | {remove} | {opening} |"
        );
        let _ = std::fs::remove_dir_all(&settings.directory);
    }
}

/// Opens the cache in a process of its own, so that its memory is its own.
fn opening(directory: &Path) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .arg("--open")
        .arg(directory)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn print_opening(directory: &Path) {
    let config = Config {
        directory: directory.into(),
        bytes_max: 1 << 50,
        free_bytes_min: 0,
        entry_bytes_max: 64 << 20,
    };
    let start = Instant::now();
    let cache = DiskCache::open(config).unwrap();
    let opened = start.elapsed();
    cache.wait_until_scanned();
    let scanned = start.elapsed();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kib: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    println!(
        "{:.2} s, then {} entries after {:.2} ({:.2}) s | {} MB",
        opened.as_secs_f64(),
        cache.stats().entries,
        scanned.as_secs_f64(),
        process_seconds(),
        kib / 1000
    );
}

/// What all threads of this process have run for, in user and kernel mode.
fn process_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0; // of /proc, on every architecture that Rust runs on
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    [11, 12]
        .iter()
        .map(|at| fields[*at].parse::<f64>().unwrap())
        .sum::<f64>()
        / TICKS_PER_SECOND
}
