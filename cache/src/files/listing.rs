//! What stands in a shard: names are read and sizes asked for, no file is opened.

use std::io;
use std::mem::MaybeUninit;
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, FileType, RawDir, Stat};
use rustix::io::Errno;

use super::Files;
use crate::index::File;
use crate::key::{ENTRIES, Name, Parsed, SHARDS, shard_path};

/// One thing found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// An entry by its name, and the file's length.
    Entry(File, u64),
    /// A write that never ended, or is under way.
    Temporary(File),
    /// Something that is not ours.
    Foreign,
}

/// One call to the kernel fills it with about 280 names.
const BUFFER_BYTES: usize = 32 << 10;

impl Files {
    /// Shows everything in a shard until told to stop. A shard that is not there is empty.
    pub(crate) fn list_shard(
        &self,
        shard: u8,
        visit: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let folder = match self.open_folder(&shard_path(shard)) {
            Err(Errno::NOENT) => return Ok(()),
            other => other?,
        };
        let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
        let mut names = RawDir::new(&folder, &mut buffer);
        while let Some(name) = names.next() {
            let name = name?;
            if is_dot(name.file_name().to_bytes()) {
                continue;
            }
            if let Some(item) = self.item(&folder, name.file_name())?
                && visit(item).is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// How many things stand among the shards that are not shards.
    pub(crate) fn foreign_among_shards(&self) -> io::Result<u64> {
        let folder = self.open_folder(ENTRIES)?;
        let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
        let mut names = RawDir::new(&folder, &mut buffer);
        let mut foreign = 0;
        while let Some(name) = names.next() {
            let name = name?;
            let text = name.file_name().to_bytes();
            let is_shard = (0..SHARDS).any(|shard| text == format!("{shard:02x}").as_bytes());
            foreign += u64::from(!is_shard && !is_dot(text));
        }
        Ok(foreign)
    }

    /// `None` when it went away while it was looked at.
    fn item(&self, folder: &OwnedFd, file_name: &std::ffi::CStr) -> io::Result<Option<Item>> {
        let parsed = Name::parse(file_name.to_bytes());
        if parsed == Parsed::Foreign {
            return Ok(Some(Item::Foreign));
        }
        let stat = match rustix::fs::statat(folder, file_name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(None),
            other => other?,
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Ok(Some(Item::Foreign));
        }
        let file = |name| File {
            name,
            bytes: self.takes(&stat),
            used_at: used_at(&stat),
        };
        Ok(Some(match parsed {
            Parsed::Entry(name) => Item::Entry(file(name), stat.st_size as u64),
            Parsed::Temporary(name) => Item::Temporary(file(name)),
            Parsed::Foreign => Item::Foreign,
        }))
    }
}

fn used_at(stat: &Stat) -> u64 {
    let seconds = u64::try_from(stat.st_mtime).unwrap_or(0);
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(stat.st_mtime_nsec)
}

fn is_dot(name: &[u8]) -> bool {
    name == b"." || name == b".."
}
