//! What can go wrong, by what was asked for. A key that is not stored is not among them: that is `None`.
#![warn(clippy::wildcard_enum_match_arm)]

use std::io;
use std::path::PathBuf;

use rustix::io::Errno;

pub use crate::entry::Damage;

/// A cache directory that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("the cache directory {} is in use by {}", directory.display(), process.map_or("another process".into(), |id| format!("process {id}")))]
    InUse {
        /// The directory.
        directory: PathBuf,
        /// The other process, where it has said who it is.
        process: Option<u32>,
    },
    /// Less than the folders alone take.
    #[error(
        "a cache of {bytes_max} bytes is too small: its folders alone need a part of {minimum}"
    )]
    TooSmall {
        /// What was asked for.
        bytes_max: u64,
        /// The least that makes sense.
        minimum: u64,
    },
    /// The file system said no.
    #[error("cannot {action} the cache directory {}", directory.display())]
    Io {
        /// The directory.
        directory: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

/// An entry that was not stored. What was stored under the key before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Larger than one entry may be.
    #[error("an entry of {bytes} bytes is over the limit of {bytes_max}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// Nothing is left to evict: other writes under way hold the room, files cannot be unlinked, or the
    /// scan of a full cache has only begun.
    #[error("no room can be made in the cache")]
    NoRoom,
    /// The entry was purged while it was made.
    #[error("the entry was purged while it was made")]
    Purged,
    /// The file system said no.
    #[error("the cache cannot be written")]
    Io(#[from] io::Error),
}

/// Entries that are no longer found, but whose files could not all be removed. They stay in the account
/// and are tried again every minute; a restart before that brings them back.
#[derive(Debug, thiserror::Error)]
#[error("{failed} of {} files could not be removed", removed + failed)]
pub struct RemoveError {
    /// How many were removed.
    pub removed: usize,
    /// How many were not.
    pub failed: usize,
    /// Why the first of them was not.
    pub source: io::Error,
}

/// A file that could not be read as an entry.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// It is gone.
    Missing,
    /// It is there and is not what was stored.
    Damaged(Damage),
    /// The disk, or permission to it, failed; the file may be whole.
    Io(io::Error),
}

impl From<Errno> for ReadError {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::NOENT => Self::Missing,
            // What a name of ours has become: a symbolic link, a folder.
            Errno::LOOP | Errno::ISDIR => Self::Damaged(Damage::Truncated),
            errno => Self::Io(errno.into()),
        }
    }
}
