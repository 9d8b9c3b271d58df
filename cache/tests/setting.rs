//! A cache in a folder of its own, and what tests need to look at it from outside.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use cache::{Config, DiskCache, Key};
use rustix::mount::{MountFlags, UnmountFlags};
use tempfile::TempDir;

pub(crate) const MIB: u64 = 1 << 20;

/// A directory that outlives the caches opened in it.
pub(crate) struct Setting {
    pub(crate) directory: TempDir,
    pub(crate) bytes_max: u64,
}

impl Setting {
    pub(crate) fn new(bytes_max: u64) -> Self {
        Self {
            directory: TempDir::new().unwrap(),
            bytes_max,
        }
    }

    /// For tests that create and remove files by the thousand, which some disks are slow at.
    pub(crate) fn in_memory(bytes_max: u64) -> Self {
        let directory = TempDir::new_in("/dev/shm")
            .or_else(|_| TempDir::new())
            .unwrap();
        Self {
            directory,
            bytes_max,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            directory: self.path().into(),
            bytes_max: self.bytes_max,
            free_bytes_min: 0,
            entry_bytes_max: MIB,
        }
    }

    /// Opens it and waits for the scan.
    pub(crate) fn open(&self) -> DiskCache {
        let cache = DiskCache::open(self.config()).unwrap();
        cache.wait_until_scanned();
        cache
    }

    /// Every file below the entries' folder.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files_below(&self.path().join("entries-1"))
    }
}

/// A file system in memory, unmounted at the end.
pub(crate) struct Volume {
    folder: TempDir,
}

impl Volume {
    /// `None` where mounting is not allowed: the test says so and passes.
    pub(crate) fn mount(options: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let options = std::ffi::CString::new(options).unwrap();
        match rustix::mount::mount(
            "tmpfs",
            folder.path(),
            "tmpfs",
            MountFlags::empty(),
            Some(options.as_c_str()),
        ) {
            Ok(()) => Some(Self { folder }),
            Err(errno) => {
                eprintln!("skipped: a tmpfs cannot be mounted here ({errno})");
                None
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn remount(&self, flags: MountFlags) {
        rustix::mount::mount_remount(self.path(), flags, c"").unwrap();
    }

    /// What it holds at this moment, as the file system counts.
    pub(crate) fn used_bytes(&self) -> u64 {
        let volume = rustix::fs::statvfs(self.path()).unwrap();
        (volume.f_blocks - volume.f_bfree) * volume.f_frsize
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = rustix::mount::unmount(self.path(), UnmountFlags::DETACH);
    }
}

/// A key that looks like a digest.
pub(crate) fn key(number: u64) -> Key {
    Key(std::array::from_fn(|at| {
        (cache::checksum(&[&number.to_le_bytes()[..], &[at as u8 / 8]].concat()) >> (at % 8 * 8))
            as u8
    }))
}

/// A body that only this key has: what a reader can tell a wrong byte by.
pub(crate) fn body(key: &Key, length: usize) -> Vec<u8> {
    let mut state = cache::checksum(&key.0) | 1;
    let next = || {
        // Xorshift: any stream that differs from key to key will do.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// What everything below a cache directory takes, as the file system counts.
pub(crate) fn bytes_on_disk(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return 0;
    };
    let below = entries.flatten().map(|entry| {
        let Ok(metadata) = entry.path().symlink_metadata() else {
            return 0;
        };
        metadata.blocks() * 512
            + if metadata.is_dir() {
                bytes_on_disk(&entry.path())
            } else {
                0
            }
    });
    below.sum()
}
