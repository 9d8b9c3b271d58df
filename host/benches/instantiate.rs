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
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/pictures/cat.png");
    let picture = Bytes::from(fs::read(picture)?);
    println!("compiled in {compiled_in:.0?}");
    for (what, source) in [
        ("an empty source", Bytes::new()),
        ("a picture's header", picture),
    ] {
        let faults_before = minor_faults()?;
        let mut starts = Vec::with_capacity(STARTS);
        for _ in 0..STARTS {
            let deadline = Instant::now() + Duration::from_secs(10);
            match runtime.block_on(sandbox.inspect(source.clone(), deadline)) {
                Ok(_) | Err(SandboxError::Refused(_)) => starts.push(sandbox.stats().start_last),
                Err(error) => return Err(error.into()),
            }
        }
        let faults = (minor_faults()? - faults_before) / STARTS as u64;
        starts.sort_unstable();
        println!(
            "instance start, one after another that looked at {what}: median {:?}, 99th percentile {:?} of {STARTS}; \
             {faults} minor faults each",
            starts[STARTS / 2],
            starts[STARTS * 99 / 100],
        );
    }
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
