//! The mount: a name comes in, the bytes of that file go out. Whatever the name says and whatever
//! links lie in the way, nothing outside of the mounted directory is ever opened, and nothing that
//! is not a regular file is read. Everything here blocks.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use answer::path;
use rustix::fs::{Mode, OFlags};

use super::config::ConfigError;
use super::seen::Seen;
use super::{FetchError, Fetched, Said};

/// A directory on the way needs to be passed, not listed.
#[cfg(target_os = "linux")]
const PASS_DIRECTORY: OFlags = OFlags::PATH
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const PASS_DIRECTORY: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// `NONBLOCK`, since opening a pipe that nobody writes to would wait for ever.
const READ_FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// A directory of pictures.
#[derive(Debug)]
pub(super) struct Mount {
    /// Without links, so that containment is a matter of path components.
    root: PathBuf,
    seen: Seen,
}

impl Mount {
    pub(super) fn new(path: &Path) -> Result<Self, ConfigError> {
        let refuse = |source| ConfigError::Mount {
            path: path.to_owned(),
            source,
        };
        let root = path.canonicalize().map_err(refuse)?;
        if root.parent().is_none() {
            return Err(ConfigError::MountIsRoot);
        }
        let metadata = root.metadata().map_err(refuse)?;
        if !metadata.is_dir() {
            return Err(refuse(io::ErrorKind::NotADirectory.into()));
        }
        let seen = Seen::new(&root, &metadata);
        Ok(Self { root, seen })
    }

    /// The bytes of the file `name`.
    pub(super) fn read(&self, name: &str, bytes_max: u64) -> Result<Fetched, FetchError> {
        let relative = self.locate(name).map_err(FetchError::InvalidFile)?;
        let (file, metadata) = self.open(&relative).map_err(FetchError::InvalidFile)?;
        if metadata.len() > bytes_max {
            return Err(FetchError::TooLarge { bytes_max });
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        // A file can grow while it is read; one byte more than allowed is enough to see it.
        file.take(bytes_max.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(FetchError::InvalidFile)?;
        match bytes.len() as u64 {
            0 => Err(FetchError::Empty),
            read if read > bytes_max => Err(FetchError::TooLarge { bytes_max }),
            _ => Ok(Fetched {
                bytes: bytes.into(),
                said: Said {
                    validator: Some(validator(&metadata)),
                    ..Said::default()
                },
            }),
        }
    }

    /// What changes when the file `name` changes. Opens nothing.
    pub(super) fn validator(&self, name: &str) -> Result<String, FetchError> {
        let stat = || {
            let relative = self.locate(name)?;
            regular(self.root.join(relative).symlink_metadata()?)
        };
        let metadata = stat().map_err(FetchError::InvalidFile)?;
        let validator = validator(&metadata);
        if let Some(path) = path::inside(name) {
            self.seen
                .remember(name, self.root.join(path), (&metadata, &validator));
        }
        Ok(validator)
    }

    /// The same, where it is known without waiting for a disk: the file was looked at before, and has not
    /// changed.
    pub(super) fn validator_at_once(&self, name: &str) -> Option<Arc<str>> {
        self.seen.validator(name)
    }

    /// Where `name` really is, seen from the root and free of links.
    fn locate(&self, name: &str) -> io::Result<PathBuf> {
        let inside = path::inside(name).ok_or_else(outside)?;
        let real = self.root.join(inside).canonicalize()?;
        real.strip_prefix(&self.root)
            .map(Path::to_owned)
            .map_err(|_| outside())
    }

    /// Open what [`Mount::locate`] has found, and nothing that a link put in its place since.
    fn open(&self, relative: &Path) -> io::Result<(File, Metadata)> {
        // Opening alone can have an effect on a device, so look first.
        regular(self.root.join(relative).symlink_metadata()?)?;
        let file = open_without_links(&self.root, relative)?;
        let metadata = regular(file.metadata()?)?;
        Ok((file, metadata))
    }
}

fn open_without_links(root: &Path, relative: &Path) -> io::Result<File> {
    let mut parts = relative.components();
    let name = parts.next_back().ok_or(io::ErrorKind::IsADirectory)?;
    let mut directory = rustix::fs::open(root, PASS_DIRECTORY, Mode::empty())?;
    for part in parts {
        directory =
            rustix::fs::openat(&directory, part.as_os_str(), PASS_DIRECTORY, Mode::empty())?;
    }
    Ok(File::from(rustix::fs::openat(
        &directory,
        name.as_os_str(),
        READ_FILE,
        Mode::empty(),
    )?))
}

fn regular(metadata: Metadata) -> io::Result<Metadata> {
    if metadata.is_file() {
        Ok(metadata)
    } else {
        Err(io::Error::other("not a regular file"))
    }
}

fn outside() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "outside of the mount")
}

fn validator(metadata: &Metadata) -> String {
    format!(
        "{:x}.{:x}-{:x}",
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.len()
    )
}

#[cfg(test)]
mod tests;
