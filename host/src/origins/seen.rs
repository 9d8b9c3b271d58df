//! What was seen of the mount's files lately, so that a hit asks the kernel once and waits for nobody: a
//! name goes in, and the file's validator comes out if the name still leads to the very same file, not
//! changed since. Only names that were looked at in full before, on file systems of this machine: looking
//! at one again is a matter of the kernel's memory, not of a disk or a server that may hang.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quick_cache::sync::Cache;

/// Files remembered: a hot set many times as large as what is asked for within a second. A name and a
/// path each, so some megabytes.
const FILES_MAX: usize = 16_384;

/// Names longer than this are looked at in full each time: what is remembered stays small.
const NAME_BYTES_MAX: usize = 512;

/// `f_type` of file systems that answer from this machine (`linux/magic.h` and the projects' own): ext,
/// XFS, btrfs, tmpfs, overlay, ZFS, F2FS, bcachefs, squashfs, EROFS.
#[cfg(target_os = "linux")]
const LOCAL: [u32; 10] = [
    0xEF53,
    0x5846_5342,
    0x9123_683E,
    0x0102_1994,
    0x794C_7630,
    0x2FC1_2FC1,
    0xF2F5_2010,
    0xCA45_1A4E,
    0x7371_7368,
    0xE0F5_E1E2,
];

/// The files seen; see the first lines.
pub(super) struct Seen {
    files: Option<Cache<String, Arc<File>>>,
    device: u64,
}

struct File {
    path: PathBuf,
    identity: Identity,
    validator: Arc<str>,
}

/// What tells that a file is the same and has not been written.
#[derive(PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Seen {
    /// Of the directory `root`. Where it is not of this machine nothing is remembered.
    pub(super) fn new(root: &Path, metadata: &Metadata) -> Self {
        Self {
            files: is_local(root).then(|| Cache::new(FILES_MAX)),
            device: metadata.dev(),
        }
    }

    /// `name` leads along `path` to a file of this `validator`.
    pub(super) fn remember(&self, name: &str, path: PathBuf, seen: (&Metadata, &str)) {
        let (metadata, validator) = seen;
        if let Some(files) = &self.files
            && metadata.dev() == self.device
            && name.len() <= NAME_BYTES_MAX
        {
            let file = File {
                path,
                identity: Identity::of(metadata),
                validator: validator.into(),
            };
            files.insert(name.to_owned(), Arc::new(file));
        }
    }

    /// The validator of `name`, if it leads where it did and nothing has changed there. One call of the
    /// kernel, which follows whatever links there are now.
    pub(super) fn validator(&self, name: &str) -> Option<Arc<str>> {
        let file = self.files.as_ref()?.get(name)?;
        let now = file.path.metadata().ok()?;
        (Identity::of(&now) == file.identity).then(|| Arc::clone(&file.validator))
    }
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Seen").finish_non_exhaustive()
    }
}

#[cfg(target_os = "linux")]
fn is_local(root: &Path) -> bool {
    // `f_type` is signed on some architectures; the magic numbers are 32 bits.
    rustix::fs::statfs(root).is_ok_and(|volume| LOCAL.contains(&(volume.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn is_local(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_same_file_is_known_and_any_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let seen = Seen::new(root, &root.metadata().unwrap());
        let (path, other) = (root.join("a.jpg"), root.join("b.jpg"));
        fs::write(&path, "one").unwrap();
        fs::write(&other, "two").unwrap();
        let look = || {
            let metadata = path.metadata().unwrap();
            seen.remember("a.jpg", path.clone(), (&metadata, "v"));
            assert_eq!(seen.validator("a.jpg").as_deref(), Some("v"));
        };
        assert_eq!(seen.validator("a.jpg"), None);
        look();
        fs::write(&path, "longer").unwrap();
        assert_eq!(seen.validator("a.jpg"), None);
        look();
        fs::remove_file(&path).unwrap();
        assert_eq!(seen.validator("a.jpg"), None);
        symlink(&other, &path).unwrap();
        assert_eq!(seen.validator("a.jpg"), None, "the name leads elsewhere");
    }

    #[test]
    fn length_of_a_name_obeyed_and_violated() {
        let folder = tempfile::tempdir().unwrap();
        let metadata = folder.path().metadata().unwrap();
        let seen = Seen::new(folder.path(), &metadata);
        for (length, is_kept) in [(NAME_BYTES_MAX, true), (NAME_BYTES_MAX + 1, false)] {
            let name = "n".repeat(length);
            seen.remember(&name, folder.path().to_owned(), (&metadata, "v"));
            assert_eq!(seen.validator(&name).is_some(), is_kept);
        }
    }
}
