//! The way of an entry into the cache: reserve, make it, commit. A ticket remembers when its making
//! began, so that a purge meanwhile keeps the entry out.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::time::SystemTime;

use rustix::io::Errno;

use crate::entry::{self, META_BYTES_MAX, TRAILER_BYTES};
use crate::error::PutError;
use crate::index::{File, Hold, Selection};
use crate::key::{Key, Name, Tag};
use crate::shared::{Shared, now};

/// The right to store one entry, unless it is purged first. Dropped, it stores nothing.
#[derive(Debug)]
pub struct Ticket {
    shared: Arc<Shared>,
    name: Name,
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// `checksum` of the body.
    pub checksum: u64,
    /// When.
    pub stored_at: SystemTime,
}

/// An entry being made.
#[derive(Debug)]
pub(crate) struct Flight {
    name: Name,
    stage: Stage,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Making,
    /// Its file is getting its name.
    Publishing,
    /// Purged before its file got its name.
    Revoked,
    /// Purged while its file got its name: the purge waits until it is gone again.
    PublishingRevoked,
}

impl Flight {
    /// Keeps the entry out if the purge means it.
    pub(crate) fn revoke(&mut self, selection: Selection) {
        if selection.selects(&self.name) {
            self.stage = match self.stage {
                Stage::Making | Stage::Revoked => Stage::Revoked,
                Stage::Publishing | Stage::PublishingRevoked => Stage::PublishingRevoked,
            };
        }
    }

    /// Whether a purge still has to wait for it.
    pub(crate) fn holds_up(&self, selection: Selection) -> bool {
        self.stage == Stage::PublishingRevoked && selection.selects(&self.name)
    }
}

/// A file written, not yet an entry.
struct Written {
    file: File,
    hold: Hold,
    checksum: u64,
    stored_at: SystemTime,
}

impl Ticket {
    pub(crate) fn new(shared: Arc<Shared>, key: &Key, tag: Tag) -> Self {
        let mut state = shared.lock();
        let name = Name {
            key: *key,
            tag,
            version: state.index.issue_version(),
        };
        state.flights.insert(
            name.version,
            Flight {
                name,
                stage: Stage::Making,
            },
        );
        drop(state);
        Self { shared, name }
    }

    /// Stores the entry, in place of what the key stood for before.
    pub fn commit(self, meta: &[u8], body: &[u8]) -> Result<Stored, PutError> {
        let result = self
            .write(meta, body)
            .and_then(|written| self.publish(&written));
        match &result {
            Ok(_) => self.shared.counters.stores.add(1),
            Err(PutError::Io(_)) => self.shared.counters.write_errors.add(1),
            Err(PutError::TooLarge { .. } | PutError::NoRoom | PutError::Purged) => {}
        }
        result
    }

    /// Room first, then the file under its temporary name.
    fn write(&self, meta: &[u8], body: &[u8]) -> Result<Written, PutError> {
        let bytes = (meta.len() + body.len()) as u64;
        let bytes_max = self.shared.config.entry_bytes_max;
        if meta.len() > META_BYTES_MAX {
            return Err(PutError::TooLarge {
                bytes: meta.len() as u64,
                bytes_max: META_BYTES_MAX as u64,
            });
        }
        if bytes > bytes_max {
            return Err(PutError::TooLarge { bytes, bytes_max });
        }
        if self.is_revoked() {
            return Err(PutError::Purged);
        }
        let files = &self.shared.files;
        let mut hold = Hold::new(files.bytes_wanted(bytes + TRAILER_BYTES as u64));
        let stored_at = SystemTime::now();
        let trailer = entry::trailer(&self.name, meta, body, stored_at);
        let mut parts = [body, meta, &trailer].map(IoSlice::new);
        let used_at = self.shared.lock().index.tick(now());
        let written = self.shared.make_room(&mut hold).and_then(|()| {
            files
                .write(&self.name, &mut parts, used_at)
                .map_err(|error| self.give_up(&hold, error))
        });
        match written {
            Ok(bytes) => {
                let checksum = entry::stored_checksum(&trailer);
                Ok(Written {
                    file: File {
                        name: self.name,
                        bytes,
                        used_at,
                    },
                    hold,
                    checksum,
                    stored_at,
                })
            }
            Err(error) => {
                self.shared.lock().index.give_back(&hold);
                Err(error)
            }
        }
    }

    /// The rename, and the entry can be found.
    fn publish(&self, written: &Written) -> Result<Stored, PutError> {
        if let Err(error) = self
            .begin_publishing()
            .and_then(|()| Ok(self.shared.files.publish(&self.name)?))
        {
            self.unlink_temporary(&written.hold);
            self.shared.lock().index.give_back(&written.hold);
            return Err(error);
        }
        let shard = self.name.key.shard();
        let shard_bytes = self.shared.files.shard_bytes(shard);
        let mut state = self.shared.lock();
        if let Ok(bytes) = shard_bytes {
            state.index.set_shard_bytes(shard, bytes);
        }
        let replaced = state.index.insert(&written.hold, &written.file);
        let revoked = state
            .flights
            .get(&self.name.version)
            .is_some_and(|flight| flight.stage == Stage::PublishingRevoked);
        let unwanted = if revoked {
            state.index.take_file(&self.name)
        } else {
            None
        };
        drop(state);
        self.shared.wrote(written.file.bytes);
        let leaving: Vec<File> = replaced.into_iter().chain(unwanted).collect();
        if !leaving.is_empty() {
            // A failure is counted, and tried again by the keeper.
            let _ = self.shared.unlink_all(&leaving);
        }
        if revoked {
            Err(PutError::Purged)
        } else {
            Ok(Stored {
                checksum: written.checksum,
                stored_at: written.stored_at,
            })
        }
    }

    fn is_revoked(&self) -> bool {
        self.shared
            .lock()
            .flights
            .get(&self.name.version)
            .is_none_or(|flight| flight.stage == Stage::Revoked)
    }

    /// From here on a purge waits for this entry, so that it can promise that the file is gone.
    fn begin_publishing(&self) -> Result<(), PutError> {
        match self.shared.lock().flights.get_mut(&self.name.version) {
            Some(flight) if flight.stage == Stage::Making => {
                flight.stage = Stage::Publishing;
                Ok(())
            }
            _ => Err(PutError::Purged),
        }
    }

    /// A write failed: its remains go, and a full disk shrinks the cache.
    fn give_up(&self, hold: &Hold, error: io::Error) -> PutError {
        self.unlink_temporary(hold);
        let full = [Errno::NOSPC, Errno::DQUOT].map(|errno| Some(errno.raw_os_error()));
        if full.contains(&error.raw_os_error()) {
            self.shared.fit_to_disk(hold.wanted());
        }
        PutError::Io(error)
    }

    fn unlink_temporary(&self, hold: &Hold) {
        let path = self.name.temporary_path();
        if self.shared.files.unlink(&path).is_err() {
            self.shared.counters.unlink_errors.add(1);
            self.shared.lock().index.condemn_held(path, hold);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.lock().flights.remove(&self.name.version);
        self.shared.changed.notify_all();
    }
}
