//! Bytes by key on disk, within a byte budget; the least recently used goes first.
//!
//! [`DiskCache`] stores, finds and removes entries. It knows keys and bytes and nothing of what they
//! mean, and it may forget anything at any time: a caller must be able to make every entry again.
//!
//! What is promised:
//! - **Whole or not at all.** An entry that is returned is, byte for byte, what was stored under its key:
//!   the full key and the checksums stand in its file and are compared at each read. A file that is
//!   damaged in any way is a miss, and is removed.
//! - **The budget is never passed**, directories included, as the file system counts. Room is made before
//!   a write begins; a file that cannot be unlinked stays in the account. What is being read at the moment
//!   it is evicted takes its room until the read ends.
//! - **The least recently used goes first**, also after a restart: exactly after a clean stop; after a
//!   crash an entry may look up to eleven minutes older than it is.
//! - **What is purged stays away**: an entry whose making began before the purge is not stored after it.
//! - **Errors of the disk are counted and survived**: a read becomes a miss, a write an error for the
//!   caller to ignore, and nothing needs a restart when the disk is well again.
//! - **One process to a directory**; a second one is told who is there.
//!
//! What is not promised: that an entry is still there a moment after it was stored, and that it survives
//! a crash of the machine. Files are renamed into place without being synced, which is safe because the
//! checksums tell whether their bytes arrived, and cheap because a lost entry is made again. Only purges
//! are synced.
//!
//! Calls block on the disk; an asynchronous caller runs them where blocking is allowed. Times of use are
//! kept in the files' modification times. Files of others in the directory are left alone and counted.
#![forbid(unsafe_code)]

mod key;
mod entry;
mod index;
mod files;
mod counters;
mod shared;
mod ticket;
mod purge;
mod verify;
mod recover;
mod keeper;
mod disk_cache;
mod error;

pub use counters::{Scan, Stats};
pub use disk_cache::{AtOnce, Config, DiskCache};
pub use entry::{Entry, META_BYTES_MAX, checksum};
pub use error::{Damage, OpenError, PutError, RemoveError};
pub use key::{Key, Tag};
pub use ticket::{Stored, Ticket};
pub use verify::VerifyReport;
