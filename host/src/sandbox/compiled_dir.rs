//! The folder of compiled code. Machine code that is loaded is believed, so only files that this user
//! wrote, whole, where nobody else can write, are ever given out. It does not know wasmtime.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

const EXTENSION: &str = "cwasm";

/// Files kept: one for this program and a few for its versions before and after (a rolling update
/// and back), some 10 MB each.
const FILES_MAX: usize = 4;

/// The compiled transformer is under 16 MiB; more than this was not written here.
const FILE_BYTES_MAX: u64 = 256 << 20;

const ROOT: u32 = 0;
/// Group and others may read, never write.
const FOREIGN_WRITE: u32 = 0o022;

#[derive(Debug)]
pub(super) struct CompiledDir {
    path: PathBuf,
}

impl CompiledDir {
    /// Make the folder if need be. Refused where another user but root owns it, or can write to it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        refuse_foreign(&fs::metadata(path)?)?;
        Ok(Self {
            path: path.to_path_buf(),
        })
    }

    /// The file of `key`, if there is one to be trusted. What cannot be trusted is named in the log
    /// and passed over.
    pub(super) fn find(&self, key: &str) -> io::Result<Option<PathBuf>> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(digest) = name.to_str().and_then(|name| digest_in(name, key)) else {
                continue;
            };
            match verify(&entry.path(), digest) {
                Ok(()) => return Ok(Some(entry.path())),
                Err(why) => tracing::warn!(file = ?name, %why, "compiled code is not believed"),
            }
        }
        Ok(None)
    }

    /// Whether a file can be written here, by trying.
    pub(super) fn takes_code(&self) -> bool {
        let trial = self.path.join(format!("trial.{}.part", process::id()));
        let taken = write_new(&trial, b"").is_ok();
        taken && fs::remove_file(&trial).is_ok()
    }

    /// Keep `code` under `key`, whole or not at all, and forget the oldest files above the limit.
    pub(super) fn put(&self, key: &str, code: &[u8]) -> io::Result<()> {
        let unfinished = self.path.join(format!("{key}.{}.part", process::id()));
        let written = write_new(&unfinished, code)
            .and_then(|()| fs::rename(&unfinished, self.path.join(file_name(key, code))));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished); // it may never have existed
        }
        written?;
        self.prune()
    }

    fn prune(&self) -> io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == EXTENSION)
            {
                files.push((fs::symlink_metadata(&path)?.modified()?, path));
            }
        }
        files.sort();
        let surplus = files.len().saturating_sub(FILES_MAX);
        for (_, path) in files.drain(..surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// `<key>-<SHA-256 of the contents>.cwasm`: a file says itself whether it is whole.
fn file_name(key: &str, code: &[u8]) -> String {
    format!("{key}-{}.{EXTENSION}", hex(&Sha256::digest(code)))
}

fn digest_in<'a>(name: &'a str, key: &str) -> Option<&'a str> {
    name.strip_prefix(key)?
        .strip_prefix('-')?
        .strip_suffix(EXTENSION)?
        .strip_suffix('.')
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn write_new(path: &Path, code: &[u8]) -> io::Result<()> {
    // Only a crash of a process with this id leaves such a file behind.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(code)?;
    file.sync_all()
}

/// A plain file, ours alone to write, with the contents that its name promises.
fn verify(path: &Path, digest: &str) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    refuse_foreign(&metadata)?;
    if metadata.len() > FILE_BYTES_MAX {
        return Err(io::Error::other("it is too large"));
    }
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut HashWriter(&mut hasher))?;
    if hex(&hasher.finalize()) == digest {
        Ok(())
    } else {
        Err(io::Error::other("its contents are not what was written"))
    }
}

fn refuse_foreign(metadata: &Metadata) -> io::Result<()> {
    let refuse = |why| Err(io::Error::new(ErrorKind::PermissionDenied, why));
    // What root owns is believed: an image's files are root's, and root could change this program too.
    if ![ROOT, rustix::process::geteuid().as_raw()].contains(&metadata.uid()) {
        return refuse("another user owns it");
    }
    if metadata.permissions().mode() & FOREIGN_WRITE != 0 {
        return refuse("others can write to it");
    }
    Ok(())
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
