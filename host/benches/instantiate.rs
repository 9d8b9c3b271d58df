//! How long a guest takes to start, from nothing to one that can be called, and how many pages it
//! touches. Prints one line; asserts nothing about time.

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use bytes::Bytes;
use host::sandbox::{Sandbox, SandboxConfig, SandboxError};

/// Enough for a steady median, under a second.
const STARTS: usize = 10_000;

#[expect(
    clippy::print_stdout,
    reason = "a benchmark's result is what it prints"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let config = SandboxConfig {
        workers: 1,
        queue_max: 1,
        memory_bytes_max: 512 << 20,
        output_bytes_max: 64 << 20,
        keep_resident_bytes: 16 << 20,
        compiled_dir: None,
        compiled_dir_spare: None,
    };
    let begun = Instant::now();
    let sandbox = Sandbox::start(guest::COMPONENT, &config)?;
    let compiled_in = begun.elapsed();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let faults_before = minor_faults()?;
    let mut starts = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let deadline = Instant::now() + Duration::from_secs(10);
        // An empty source: the guest looks at it and says no.
        let answer = runtime.block_on(sandbox.inspect(Bytes::new(), deadline));
        let Err(SandboxError::Refused(_)) = answer else {
            return Err(format!("the guest should refuse an empty source: {answer:?}").into());
        };
        starts.push(sandbox.stats().start_last);
    }
    let faults = (minor_faults()? - faults_before) / STARTS as u64;
    starts.sort_unstable();
    println!(
        "instance start: median {:?}, 99th percentile {:?} of {STARTS}; {faults} minor faults each; compiled in {:.0?}",
        starts[STARTS / 2],
        starts[STARTS * 99 / 100],
        compiled_in,
    );
    Ok(())
}

/// Of this process so far: the tenth field of its `stat`, the eighth after the name's parenthesis.
fn minor_faults() -> Result<u64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name")?;
    Ok(fields
        .split_whitespace()
        .nth(7)
        .ok_or("too short")?
        .parse()?)
}
