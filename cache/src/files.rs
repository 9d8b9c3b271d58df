//! The only file, with its children, that touches the disk: entries are read whole, written to a
//! temporary name and renamed, unlinked. Everything goes through one handle of the cache directory, so
//! that nothing is ever written anywhere else, whatever is mounted or moved meanwhile.
//! Must never hold a lock of the index, nor keep an account: it reports what things take.

mod cached;
mod listing;
mod lock;

use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustix::buffer::spare_capacity;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, Stat, Timespec, Timestamps};
use rustix::io::Errno;

pub(crate) use listing::Item;

use crate::error::{Damage, OpenError, ReadError};
use crate::key::{ENTRIES, Name, shard_path};

/// A cache directory, open and locked.
#[derive(Debug)]
pub(crate) struct Files {
    root: OwnedFd,
    lock: Mutex<OwnedFd>,
    /// What the file system hands out space in.
    block_bytes: u64,
    /// Whether reading never waits.
    in_memory: bool,
}

/// Whether a directory was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Empty,
    Used,
}

/// Folders are for the owner alone: renditions may be private.
const FOLDER_MODE: u32 = 0o700;

/// As `FOLDER_MODE`, for files.
const FILE_MODE: u32 = 0o600;

/// Some file systems say "block" and mean their preferred transfer size (NFS: 1 MiB); what `stat` says a
/// file takes is right there too, so the rounding is only believed up to this.
const BLOCK_BYTES_MAX: u64 = 64 << 10;

/// What creating one file may take beside its bytes: a directory that splits its index (3 blocks), and a
/// file's extent block.
const SLACK_BLOCKS: u64 = 4;

impl Files {
    /// Opens a cache directory, making it if need be, and locks it against other processes.
    pub(crate) fn open(directory: &Path) -> Result<(Self, Before), OpenError> {
        let failed = |action| {
            move |source: io::Error| OpenError::Io {
                directory: directory.to_owned(),
                action,
                source,
            }
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(directory)
            .map_err(failed("create"))?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::openat(CWD, directory, flags, Mode::empty())
            .map_err(|errno| failed("open")(errno.into()))?;
        let lock = lock::acquire(&root).map_err(|error| error.into_open_error(directory))?;
        let before = match rustix::fs::mkdirat(&root, ENTRIES, folder_mode()) {
            Ok(()) => Before::Empty,
            Err(Errno::EXIST) => Before::Used,
            Err(errno) => return Err(failed("create a folder in")(errno.into())),
        };
        let volume =
            rustix::fs::fstatvfs(&root).map_err(|errno| failed("measure")(errno.into()))?;
        let block_bytes = volume.f_frsize.clamp(512, BLOCK_BYTES_MAX);
        let in_memory = Self::is_in_memory(&root);
        Ok((
            Self {
                root,
                lock: Mutex::new(lock),
                block_bytes,
                in_memory,
            },
            before,
        ))
    }

    /// The most that a file of this length, and making it, can take.
    pub(crate) const fn bytes_wanted(&self, length: u64) -> u64 {
        self.round_up(length) + SLACK_BLOCKS * self.block_bytes
    }

    /// Reads a whole file; one longer than `bytes_max` is not what was stored.
    pub(crate) fn read(&self, name: &Name, bytes_max: u64) -> Result<Vec<u8>, ReadError> {
        let file = self.open_entry(&name.path())?;
        let length = rustix::fs::fstat(&file)?.st_size as u64;
        if length > bytes_max {
            return Err(ReadError::Damaged(Damage::Grown));
        }
        let length = length as usize;
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            match rustix::io::read(&file, spare_capacity(&mut bytes)) {
                Ok(0) => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(bytes)
    }

    /// Writes a file under its temporary name, with its time of last use, and says what it takes. It is
    /// not synced: after a crash of the machine its checksum tells whether its bytes had arrived.
    pub(crate) fn write(
        &self,
        name: &Name,
        parts: &mut [IoSlice<'_>],
        used_at: u64,
    ) -> io::Result<u64> {
        let path = name.temporary_path();
        let file = match self.create(&path) {
            Err(Errno::NOENT) => self
                .make_shard(name.key.shard())
                .and_then(|()| Ok(self.create(&path)?)),
            other => other.map_err(io::Error::from),
        }?;
        let mut parts = parts;
        while parts.iter().any(|part| !part.is_empty()) {
            match rustix::io::writev(&file, parts) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut parts, written),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        rustix::fs::futimens(&file, &timestamps(used_at))?;
        Ok(self.takes(&rustix::fs::fstat(&file)?))
    }

    /// Gives a written file its name: from here on it is an entry, whole or, before this, not at all.
    pub(crate) fn publish(&self, name: &Name) -> io::Result<()> {
        Ok(rustix::fs::renameat(
            &self.root,
            name.temporary_path(),
            &self.root,
            name.path(),
        )?)
    }

    /// Removes a file; one that is already gone is as good.
    pub(crate) fn unlink(&self, path: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.root, path, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Writes a time of last use.
    pub(crate) fn touch(&self, name: &Name, used_at: u64) -> io::Result<()> {
        let times = timestamps(used_at);
        Ok(rustix::fs::utimensat(
            &self.root,
            name.path(),
            &times,
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }

    /// What a shard's directory takes; nothing when there is none.
    pub(crate) fn shard_bytes(&self, shard: u8) -> io::Result<u64> {
        self.path_bytes(&shard_path(shard))
    }

    /// What stands beside the shards takes.
    pub(crate) fn overhead_bytes(&self) -> io::Result<u64> {
        Ok(self.path_bytes(ENTRIES)? + self.path_bytes(lock::FILE)?)
    }

    /// What the file system still has for us.
    pub(crate) fn free_bytes(&self) -> io::Result<u64> {
        let volume = rustix::fs::fstatvfs(&self.root)?;
        Ok(volume.f_bavail.saturating_mul(volume.f_frsize))
    }

    /// Makes the unlinking of a shard's files outlast a crash of the machine.
    pub(crate) fn sync_shard(&self, shard: u8) -> io::Result<()> {
        match self.open_folder(&shard_path(shard)) {
            Ok(folder) => Ok(rustix::fs::fsync(folder)?),
            Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn path_bytes(&self, path: &str) -> io::Result<u64> {
        match rustix::fs::statat(&self.root, path, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(stat.st_blocks as u64 * 512),
            Err(Errno::NOENT) => Ok(0),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Without an access time where that is allowed: a read shall cost no write.
    fn open_entry(&self, path: &str) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        match rustix::fs::openat(&self.root, path, flags | OFlags::NOATIME, Mode::empty()) {
            Err(Errno::PERM) => rustix::fs::openat(&self.root, path, flags, Mode::empty()),
            other => other,
        }
    }

    fn open_folder(&self, path: &str) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        rustix::fs::openat(&self.root, path, flags, Mode::empty())
    }

    fn create(&self, path: &str) -> Result<OwnedFd, Errno> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        rustix::fs::openat(&self.root, path, flags, Mode::from_raw_mode(FILE_MODE))
    }

    /// Makes a shard's directory. When somebody has emptied the cache directory under us, the lock went
    /// too and is taken again, or this fails: another process may have it.
    fn make_shard(&self, shard: u8) -> io::Result<()> {
        let path = shard_path(shard);
        match rustix::fs::mkdirat(&self.root, &path, folder_mode()) {
            Ok(()) | Err(Errno::EXIST) => return Ok(()),
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno.into()),
        }
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if !lock::is_current(&self.root, &lock)? {
            *lock = lock::acquire(&self.root).map_err(io::Error::from)?;
        }
        drop(lock);
        for path in [ENTRIES, &path] {
            match rustix::fs::mkdirat(&self.root, path, folder_mode()) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    /// What a file takes: what the file system says, and never less than its length in whole blocks, as
    /// file systems that allocate late or compress say less at first.
    fn takes(&self, stat: &Stat) -> u64 {
        (stat.st_blocks as u64 * 512).max(self.round_up(stat.st_size as u64))
    }

    const fn round_up(&self, length: u64) -> u64 {
        length.div_ceil(self.block_bytes) * self.block_bytes
    }
}

impl Drop for Files {
    /// Closing would do, were there not a moment between the fork and the exec of a child process in which
    /// the child still has the handle.
    fn drop(&mut self) {
        lock::release(&self.lock.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn folder_mode() -> Mode {
    Mode::from_raw_mode(FOLDER_MODE)
}

fn timestamps(nanoseconds: u64) -> Timestamps {
    let time = Timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as i64,
        tv_nsec: (nanoseconds % 1_000_000_000) as _,
    };
    Timestamps {
        last_access: time,
        last_modification: time,
    }
}
