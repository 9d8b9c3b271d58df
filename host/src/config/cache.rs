//! What is kept: finished renditions on disk within a budget, the most wanted of them in memory too, and
//! compiled code.

use std::path::PathBuf;

use clap::Args;

use super::ConfigError;
use super::check::at_least;
use super::units::ByteCount;

/// 30,000 renditions of 30 KB.
const BYTES_DEFAULT: ByteCount = ByteCount::mib(1024);
/// 2,000 renditions of 30 KB: what is asked for all the time.
const MEMORY_BYTES_DEFAULT: ByteCount = ByteCount::mib(64);
/// Below this a single large rendition empties the cache.
const BYTES_MIN: ByteCount = ByteCount::mib(1);

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Cache")]
pub struct Settings {
    /// Directory of finished renditions and compiled code
    /// [default: darkroom/ in `$XDG_CACHE_HOME`, ~/.cache or /var/cache]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,

    /// Directory of compiled code, so that a second start compiles nothing [default: compiled/ in the cache directory]
    #[arg(long, value_name = "DIR")]
    pub compiled_dir: Option<PathBuf>,

    /// Disk that renditions may take, counted as the file system does; 0 keeps none [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    pub cache_bytes: Option<ByteCount>,

    /// Memory that the renditions most asked for may take, besides the disk; 0 keeps none there
    /// [default: 64MiB, or none where the disk keeps none]
    #[arg(long, value_name = "SIZE")]
    pub memory_cache_bytes: Option<ByteCount>,
}

/// What is kept, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// Directory of everything that is kept.
    pub directory: PathBuf,
    /// Directory of compiled code.
    pub compiled_dir: PathBuf,
    /// Disk that renditions may take; 0 keeps none.
    pub bytes_max: u64,
    /// Memory that the renditions most asked for may take; 0 keeps none.
    pub memory_bytes_max: u64,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let directory = self.cache_dir.unwrap_or_else(directory_default);
        Ok(Config {
            compiled_dir: self
                .compiled_dir
                .unwrap_or_else(|| directory.join("compiled")),
            directory,
            bytes_max: bytes_max(self.cache_bytes)?,
            memory_bytes_max: memory_bytes_max(self.memory_cache_bytes, self.cache_bytes),
        })
    }
}

fn bytes_max(size: Option<ByteCount>) -> Result<u64, ConfigError> {
    match size.unwrap_or(BYTES_DEFAULT) {
        ByteCount(0) => Ok(0),
        size => at_least("cache-bytes", size, BYTES_MIN).map(|size| size.0),
    }
}

/// Who keeps nothing on disk wants nothing kept, unless memory is asked for.
fn memory_bytes_max(size: Option<ByteCount>, disk: Option<ByteCount>) -> u64 {
    let default = if disk == Some(ByteCount(0)) {
        ByteCount(0)
    } else {
        MEMORY_BYTES_DEFAULT
    };
    size.unwrap_or(default).0
}

/// Where everything is kept when nobody says where.
pub(crate) fn directory_default() -> PathBuf {
    let home = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    home("XDG_CACHE_HOME")
        .or_else(|| home("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(|| PathBuf::from("/var/cache"))
        .join("darkroom")
}
