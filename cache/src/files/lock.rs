//! One process at a time: an advisory lock on a file of the cache directory, which names its holder.
//! The kernel lets go of it when the process ends, however it ends.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use crate::error::OpenError;

/// The lock file's path below the cache directory.
pub(super) const FILE: &str = "lock";

/// Why the lock was not to be had.
#[derive(Debug)]
pub(super) enum LockError {
    /// Somebody else has it.
    Held(Option<u32>),
    Io(Errno),
}

/// Takes the lock or says who has it; never waits.
pub(super) fn acquire(root: &OwnedFd) -> Result<OwnedFd, LockError> {
    loop {
        let file = match lock(root, OFlags::RDONLY) {
            // Locks over a network may ask for a file that is open for writing.
            Err(LockError::Io(Errno::BADF)) => lock(root, OFlags::RDWR),
            other => other,
        }?;
        // Somebody may have removed the file between the two calls; then it guards nothing.
        if is_current(root, &file)? {
            sign(root)?;
            return Ok(file);
        }
    }
}

/// Lets go of the lock, whoever else has the handle.
pub(super) fn release(file: &OwnedFd) {
    // It fails only where there is nothing to let go of.
    let _ = rustix::fs::flock(file, FlockOperation::Unlock);
}

/// Open for reading, so that a cache at rest does not keep its file system from being remounted.
fn lock(root: &OwnedFd, access: OFlags) -> Result<OwnedFd, LockError> {
    let flags = access | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = rustix::fs::openat(root, FILE, flags, Mode::from_raw_mode(super::FILE_MODE))?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => Err(LockError::Held(holder(&file))),
        Err(errno) => Err(errno.into()),
    }
}

/// Leaves the holder's name in the file.
fn sign(root: &OwnedFd) -> Result<(), Errno> {
    let file = rustix::fs::openat(
        root,
        FILE,
        OFlags::WRONLY | OFlags::TRUNC | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    rustix::io::write(&file, format!("{}\n", std::process::id()).as_bytes())?;
    Ok(())
}

/// Whether a lock is on the file that others would find.
pub(super) fn is_current(root: &OwnedFd, file: &OwnedFd) -> Result<bool, Errno> {
    let held = rustix::fs::fstat(file)?;
    match rustix::fs::statat(root, FILE, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok((found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)),
        Err(Errno::NOENT) => Ok(false),
        Err(errno) => Err(errno),
    }
}

fn holder(file: &OwnedFd) -> Option<u32> {
    let mut text = [0; 16];
    let length = rustix::io::pread(file, &mut text, 0).ok()?;
    std::str::from_utf8(&text[..length])
        .ok()?
        .trim()
        .parse()
        .ok()
}

impl LockError {
    pub(super) fn into_open_error(self, directory: &Path) -> OpenError {
        match self {
            Self::Held(process) => OpenError::InUse {
                directory: directory.to_owned(),
                process,
            },
            Self::Io(errno) => OpenError::Io {
                directory: directory.to_owned(),
                action: "lock",
                source: errno.into(),
            },
        }
    }
}

impl From<Errno> for LockError {
    fn from(errno: Errno) -> Self {
        Self::Io(errno)
    }
}

impl From<LockError> for io::Error {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held(_) => Self::new(
                io::ErrorKind::ResourceBusy,
                "another process has locked the directory",
            ),
            LockError::Io(errno) => errno.into(),
        }
    }
}
