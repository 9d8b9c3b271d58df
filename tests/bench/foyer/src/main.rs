//! Our disk cache and foyer's block engine on the same entries, in the same run, on the same file system,
//! as a Markdown table. foyer's memory tier holds nothing, so that every get is one of the disk.
//! `cargo run --release -- [--entries 10000,100000,1000000] [--directory DIR] [--body-bytes N]`
//!
//! They promise different things: foyer gathers entries into blocks of 16 MiB, writes them in the
//! background and evicts a block at a time, first in first out; ours writes a file for each entry before
//! `put` returns, and evicts the least recently used one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use cache::{Config, DiskCache, Key};
use foyer::{
    BlockEngineConfig, DeviceBuilder, FsDeviceBuilder, HybridCache, HybridCacheBuilder,
    HybridCachePolicy, RecoverMode,
};
use tokio::runtime::Runtime;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How many random gets are measured.
const GETS: u64 = 200_000;

/// How many entries are handed over before waiting for the disk: fewer than foyer's queue holds.
const BATCH: u64 = 1000;

/// Mean times and what they are worth.
struct Row {
    put_us: f64,
    get_us: f64,
    found: u64,
    evict_us: f64,
    opened: Opened,
}

/// A cache with all its entries, opened by a process that has nothing else.
struct Opened {
    seconds: f64,
    /// `VmHWM`.
    peak_resident_bytes: u64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        arguments
            .iter()
            .position(|argument| argument == name)
            .and_then(|at| arguments.get(at + 1))
    };
    if let (Some(name), Some(directory), Some(bytes)) =
        (value("--open"), value("--directory"), value("--bytes"))
    {
        return open(name, Path::new(directory), bytes.parse()?);
    }
    let directory = value("--directory").map_or_else(
        || std::env::temp_dir().join("cache-beside-foyer"),
        PathBuf::from,
    );
    let body_bytes = value("--body-bytes").map_or(Ok(1000), |text| text.parse())?;
    println!(
        "Bodies of {body_bytes} bytes, in `{}`.\n",
        directory.display()
    );
    println!(
        "| entries | cache | put | get | found | put that evicts | open and scan | resident then |"
    );
    println!("|---:|---|---:|---:|---:|---:|---:|---:|");
    for text in value("--entries")
        .map_or("10000,100000", String::as_str)
        .split(',')
    {
        let entries = text.parse()?;
        print_row(
            entries,
            "ours",
            &measure_ours(&directory, entries, body_bytes)?,
        );
        print_row(
            entries,
            "foyer",
            &measure_foyer(&directory, entries, body_bytes)?,
        );
    }
    Ok(())
}

fn print_row(entries: u64, name: &str, row: &Row) {
    let found = row.found as f64 * 100.0 / GETS as f64;
    let Row {
        put_us,
        get_us,
        evict_us,
        opened,
        ..
    } = row;
    println!(
        "| {entries} | {name} | {put_us:.1} µs | {get_us:.1} µs | {found:.1} % | {evict_us:.1} µs | {:.2} s | {} MB |",
        opened.seconds,
        opened.peak_resident_bytes >> 20
    );
}

/// What both may take on disk: a 4 KiB block, or several, for each entry, and something for folders.
fn bytes_max(entries: u64, body_bytes: usize) -> u64 {
    entries * ((body_bytes as u64 + 88).div_ceil(4096) * 4096 + 170) + (64 << 20)
}

fn measure_ours(directory: &Path, entries: u64, body_bytes: usize) -> Result<Row> {
    let _ = std::fs::remove_dir_all(directory);
    let body = vec![7; body_bytes];
    let bytes_max = bytes_max(entries, body_bytes);
    let cache = DiskCache::open(config(directory, bytes_max))?;
    let put = |from: u64, to: u64| {
        (from..to).try_for_each(|number| cache.put(&key(number), b"", &body).map(drop))
    };
    let (put_us, result) = mean(entries, || put(0, entries));
    result?;
    let (get_us, found) = mean(GETS, || {
        (0..GETS)
            .filter(|get| cache.get(&key(random(*get, entries))).is_some())
            .count()
    });
    let mut next = entries;
    while cache.stats().evictions == 0 {
        put(next, next + BATCH)?;
        next += BATCH;
    }
    let (evict_us, result) = mean(10_000, || put(next, next + 10_000));
    result?;
    drop(cache);
    let opened = opened("ours", directory, bytes_max)?;
    std::fs::remove_dir_all(directory)?;
    Ok(Row {
        put_us,
        get_us,
        found: found as u64,
        evict_us,
        opened,
    })
}

fn measure_foyer(directory: &Path, entries: u64, body_bytes: usize) -> Result<Row> {
    let _ = std::fs::remove_dir_all(directory);
    let runtime = Runtime::new()?;
    let body = vec![7; body_bytes];
    let bytes_max = bytes_max(entries, body_bytes);
    let cache = runtime.block_on(open_foyer(directory, bytes_max))?;
    let put = |from: u64, to: u64| {
        for batch in (from..to).step_by(BATCH as usize) {
            for number in batch..to.min(batch + BATCH) {
                cache.insert(key(number).0.to_vec(), body.clone());
            }
            runtime.block_on(cache.storage().wait());
        }
    };
    let (put_us, ()) = mean(entries, || put(0, entries));
    let (get_us, found) = mean(GETS, || {
        let found = |get: &u64| {
            matches!(
                runtime.block_on(cache.get(&key(random(*get, entries)).0.to_vec())),
                Ok(Some(_))
            )
        };
        (0..GETS).filter(found).count()
    });
    // As many again: the device is full and blocks are reclaimed.
    put(entries, entries * 2);
    let (evict_us, ()) = mean(10_000, || put(entries * 2, entries * 2 + 10_000));
    runtime.block_on(cache.close())?;
    drop(cache);
    let opened = opened("foyer", directory, bytes_max)?;
    std::fs::remove_dir_all(directory)?;
    Ok(Row {
        put_us,
        get_us,
        found: found as u64,
        evict_us,
        opened,
    })
}

fn config(directory: &Path, bytes_max: u64) -> Config {
    Config {
        directory: directory.into(),
        bytes_max,
        free_bytes_min: 0,
        entry_bytes_max: 64 << 20,
    }
}

/// Have another process open what is there.
fn opened(name: &str, directory: &Path, bytes_max: u64) -> Result<Opened> {
    let output = Command::new(std::env::current_exe()?)
        .args([
            "--open",
            name,
            "--bytes",
            &bytes_max.to_string(),
            "--directory",
        ])
        .arg(directory)
        .stderr(Stdio::inherit())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let (seconds, resident) = said
        .trim()
        .split_once(' ')
        .ok_or("it could not be opened")?;
    Ok(Opened {
        seconds: seconds.parse()?,
        peak_resident_bytes: resident.parse()?,
    })
}

/// In that process: open, look through all of it, and say how long it took and what is held.
fn open(name: &str, directory: &Path, bytes_max: u64) -> Result<()> {
    let start = Instant::now();
    if name == "ours" {
        let cache = DiskCache::open(config(directory, bytes_max))?;
        cache.wait_until_scanned();
        return told(start);
    }
    let runtime = Runtime::new()?;
    let cache = runtime.block_on(open_foyer(directory, bytes_max))?;
    told(start)?;
    Ok(runtime.block_on(cache.close())?)
}

fn told(start: Instant) -> Result<()> {
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes.ok_or("no VmHWM")?.parse()?;
    println!("{seconds} {}", kilobytes << 10);
    Ok(())
}

async fn open_foyer(directory: &Path, bytes_max: u64) -> Result<HybridCache<Vec<u8>, Vec<u8>>> {
    let device = FsDeviceBuilder::new(directory)
        .with_capacity(bytes_max as usize)
        .build()?;
    let cache = HybridCacheBuilder::new()
        .with_policy(HybridCachePolicy::WriteOnInsertion)
        .memory(1)
        .with_weighter(|_, body: &Vec<u8>| body.len())
        .storage()
        .with_engine_config(BlockEngineConfig::new(device))
        .with_recover_mode(RecoverMode::Quiet)
        .build()
        .await?;
    Ok(cache)
}

fn key(number: u64) -> Key {
    Key(std::array::from_fn(|at| {
        (cache::checksum(&[number.to_le_bytes(), [at as u8 / 8; 8]].concat()) >> (at % 8 * 8)) as u8
    }))
}

fn random(number: u64, below: u64) -> u64 {
    cache::checksum(&number.to_le_bytes()) % below
}

fn mean<T>(times: u64, run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed().as_secs_f64() * 1e6 / times as f64, result)
}
