//! Reads that never wait for a disk: of files whose name and bytes the kernel has in memory. Anything
//! else is `NotAtOnce`, and the caller reads again where waiting is allowed. Must never wait itself.

use std::io::IoSliceMut;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::{Errno, ReadWriteFlags};

use super::Files;
use crate::key::Name;

/// Copying this much takes as long as a few small answers (about 30 microseconds); what is larger is read
/// elsewhere, so that one large entry does not hold up everybody who shares the caller's thread.
const AT_ONCE_BYTES_MAX: u64 = 256 << 10;

/// `f_type` of a file system that is nothing but memory (`linux/magic.h`). It knows no reading "without
/// waiting", and never waits.
const TMPFS: i128 = 0x0102_1994;

/// A read that was not done: it would have waited, or would have failed, or this kernel cannot tell. The
/// read that may wait finds out which.
#[derive(Debug)]
pub(crate) struct NotAtOnce;

impl Files {
    /// Whether the entries lie in memory anyway.
    pub(super) fn is_in_memory(root: &OwnedFd) -> bool {
        rustix::fs::fstatfs(root).is_ok_and(|volume| i128::from(volume.f_type) == TMPFS)
    }

    /// As [`Files::read`], without ever waiting for the disk.
    pub(crate) fn read_at_once(&self, name: &Name, bytes_max: u64) -> Result<Vec<u8>, NotAtOnce> {
        let file = self.open_at_once(&name.path())?;
        let length = rustix::fs::fstat(&file)?.st_size as u64;
        if length > bytes_max.min(AT_ONCE_BYTES_MAX) {
            return Err(NotAtOnce);
        }
        let mut bytes = vec![0; length as usize];
        let mut buffer = [IoSliceMut::new(&mut bytes)];
        let read = if self.in_memory {
            rustix::io::preadv(&file, &mut buffer, 0)?
        } else {
            rustix::io::preadv2(&file, &mut buffer, 0, ReadWriteFlags::NOWAIT)?
        };
        // Otherwise only a part of it is in memory.
        if read == bytes.len() {
            Ok(bytes)
        } else {
            Err(NotAtOnce)
        }
    }

    fn open_at_once(&self, path: &str) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NOATIME;
        rustix::fs::openat2(&self.root, path, flags, Mode::empty(), ResolveFlags::CACHED)
    }
}

impl From<Errno> for NotAtOnce {
    /// Also what old kernels and sandboxes say of calls that they do not know or allow.
    fn from(_: Errno) -> Self {
        Self
    }
}
