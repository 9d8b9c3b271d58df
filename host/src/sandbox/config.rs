//! What the sandbox may use. Checked once, at start; never changed afterwards.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use super::StartError;

/// A slot of the pool reserves 4 GiB of address space; 1024 of them are 4 TiB of the 128 TiB that a
/// process has on x86-64.
const WORKERS_MAX: usize = 1024;

/// A 32-bit guest cannot address more.
const MEMORY_BYTES_LIMIT: u64 = 4 << 30;

/// One page of WebAssembly memory: less holds no guest.
const MEMORY_BYTES_LEAST: u64 = 64 << 10;

/// Limits of the whole sandbox and of each guest in it.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// Guests that run at once, each on a thread of its own. About one per core: more only multiply
    /// the memory in use.
    pub workers: usize,
    /// Jobs that may wait for a worker. 0: a job is taken only while a worker is free, which it is
    /// not yet when its last client has the answer: the guest is wiped after that.
    pub queue_max: usize,
    /// Linear memory of one guest.
    pub memory_bytes_max: u64,
    /// What one guest may hand back.
    pub output_bytes_max: u64,
    /// Memory of one guest that is wiped and kept for the next one, instead of given back to the
    /// system. Idle, the sandbox holds up to `workers` times as much.
    pub keep_resident_bytes: u64,
    /// Where compiled code is kept between starts. `None`: every start compiles.
    pub compiled_dir: Option<PathBuf>,
    /// Where it is looked for and kept when `compiled_dir` has none and takes none: that may be part of an
    /// image that nobody can write to, made for another processor.
    pub compiled_dir_spare: Option<PathBuf>,
}

impl Default for SandboxConfig {
    /// For a machine that does nothing else.
    fn default() -> Self {
        let workers = thread::available_parallelism()
            .map_or(1, NonZero::get)
            .min(WORKERS_MAX);
        Self {
            workers,
            // Each worker's next few jobs: what is behind them would wait longer than clients do.
            queue_max: 8 * workers,
            // A 50-megapixel progressive JPEG, whose coefficients must all be held, takes 300 MB.
            memory_bytes_max: 512 << 20,
            // No encoded picture of a useful size is larger.
            output_bytes_max: 64 << 20,
            // A photo of 2 megapixels touches 9 MiB and of 12 some 21: kept, they spare 2,300 and
            // 4,100 page faults. Where the kernel cannot tell which pages were written, all of this is
            // wiped each time, so more is not better.
            keep_resident_bytes: 16 << 20,
            compiled_dir: None,
            compiled_dir_spare: None,
        }
    }
}

impl SandboxConfig {
    /// Refuse what could not work, naming the setting.
    pub(super) fn validate(&self) -> Result<(), StartError> {
        let refuse = |setting, rule| Err(StartError::Config { setting, rule });
        if !(1..=WORKERS_MAX).contains(&self.workers) {
            return refuse("workers", "must be 1 to 1024");
        }
        if !(MEMORY_BYTES_LEAST..=MEMORY_BYTES_LIMIT).contains(&self.memory_bytes_max) {
            return refuse("memory_bytes_max", "must be 64 KiB to 4 GiB");
        }
        if !(1..=self.memory_bytes_max).contains(&self.output_bytes_max) {
            return refuse("output_bytes_max", "must be 1 to memory_bytes_max");
        }
        if self.keep_resident_bytes > self.memory_bytes_max {
            return refuse("keep_resident_bytes", "must be at most memory_bytes_max");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> SandboxConfig {
        SandboxConfig {
            workers: 2,
            queue_max: 0,
            memory_bytes_max: 4 << 30,
            output_bytes_max: 1,
            keep_resident_bytes: 0,
            compiled_dir: None,
            compiled_dir_spare: None,
        }
    }

    fn refused(change: impl FnOnce(&mut SandboxConfig)) -> &'static str {
        let mut config = config();
        change(&mut config);
        match config.validate() {
            Err(StartError::Config { setting, .. }) => setting,
            other => panic!("not refused for its settings: {other:?}"),
        }
    }

    #[test]
    fn limits_obeyed() {
        config().validate().unwrap();
        SandboxConfig::default().validate().unwrap();
    }

    #[test]
    fn limits_violated() {
        assert_eq!(refused(|c| c.workers = 0), "workers");
        assert_eq!(refused(|c| c.workers = 1025), "workers");
        assert_eq!(refused(|c| c.memory_bytes_max = 65_535), "memory_bytes_max");
        assert_eq!(
            refused(|c| c.memory_bytes_max = (4 << 30) + 1),
            "memory_bytes_max"
        );
        assert_eq!(refused(|c| c.output_bytes_max = 0), "output_bytes_max");
        assert_eq!(
            refused(|c| c.output_bytes_max = (4 << 30) + 1),
            "output_bytes_max"
        );
        assert_eq!(
            refused(|c| c.keep_resident_bytes = (4 << 30) + 1),
            "keep_resident_bytes"
        );
    }
}
