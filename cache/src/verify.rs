//! A check of every entry, for the command line: each file is read and compared with its checksums.

use std::io;

use crate::entry::{self, Entry};
use crate::error::{Damage, ReadError};
use crate::index::{Cursor, File};
use crate::key::{Key, Name};
use crate::shared::Shared;

/// What a check of every entry found.
#[derive(Debug, Default)]
pub struct VerifyReport {
    /// Entries that are whole.
    pub entries: u64,
    /// Bytes that they take on disk.
    pub bytes: u64,
    /// Entries that were not, and have been removed.
    pub damaged: Vec<(Key, Damage)>,
    /// Entries that could not be read; they may be whole.
    pub unreadable: Vec<(Key, io::Error)>,
    /// Things in our folders that are not ours, and were left alone.
    pub foreign: u64,
}

impl Shared {
    /// Checks everything that stands in the cache; not a use.
    pub(crate) fn verify(&self) -> VerifyReport {
        self.wait_until_scanned();
        let mut report = VerifyReport {
            foreign: self.counters.foreign.get(),
            ..VerifyReport::default()
        };
        let mut cursor = Cursor::default();
        loop {
            let stretch = self.lock().index.files(&mut cursor);
            let Some(files) = stretch else { return report };
            for file in files {
                self.verify_file(&file, &mut report);
            }
        }
    }

    /// Reads one entry whole and compares it.
    pub(crate) fn read(&self, name: &Name, bytes_max: u64) -> Result<Entry, ReadError> {
        let bytes = self.files.read(name, bytes_max)?;
        entry::parse(name, bytes).map_err(ReadError::Damaged)
    }

    fn verify_file(&self, file: &File, report: &mut VerifyReport) {
        match self.read(&file.name, file.bytes) {
            Ok(_) => {
                report.entries += 1;
                report.bytes += file.bytes;
            }
            // Evicted or replaced since it was listed, unless the index still has it.
            Err(ReadError::Missing) => self.discard(&file.name),
            Err(ReadError::Damaged(damage)) => {
                report.damaged.push((file.name.key, damage));
                self.discard(&file.name);
            }
            Err(ReadError::Io(error)) => {
                self.counters.read_errors.add(1);
                report.unreadable.push((file.name.key, error));
            }
        }
    }
}
