//! What is believed, and what is not. Files of other users cannot be made here without being root, so
//! ownership is tested through the folder that only root owns, where the test is not root itself.

use std::os::unix::fs::symlink;

use super::*;

const KEY: &str = "0123456789abcdef";
const CODE: &[u8] = b"machine code";

fn folder() -> (tempfile::TempDir, CompiledDir) {
    let temporary = tempfile::tempdir().unwrap();
    let compiled = CompiledDir::open(&temporary.path().join("compiled")).unwrap();
    (temporary, compiled)
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The file, after one was put.
fn put(compiled: &CompiledDir) -> PathBuf {
    compiled.put(KEY, CODE).unwrap();
    compiled.find(KEY).unwrap().unwrap()
}

#[test]
fn what_was_put_is_found() {
    let (_temporary, compiled) = folder();
    assert_eq!(compiled.find(KEY).unwrap(), None);
    let path = put(&compiled);
    assert_eq!(fs::read(&path).unwrap(), CODE);
    assert_eq!((mode(&compiled.path), mode(&path)), (0o700, 0o600));
    assert_eq!(
        compiled.find("0123456789abcde").unwrap(),
        None,
        "a prefix is another key"
    );
    assert_eq!(
        fs::read_dir(&compiled.path).unwrap().count(),
        1,
        "nothing unfinished is left"
    );
}

#[test]
fn damaged_and_truncated_files_are_not_believed() {
    let (_temporary, compiled) = folder();
    let path = put(&compiled);
    fs::write(&path, b"machine c0de").unwrap();
    assert_eq!(compiled.find(KEY).unwrap(), None);
    fs::write(&path, &CODE[..4]).unwrap();
    assert_eq!(compiled.find(KEY).unwrap(), None);
    assert_eq!(put(&compiled), path, "it is written anew");
}

#[test]
fn files_others_can_write_are_not_believed() {
    let (_temporary, compiled) = folder();
    let path = put(&compiled);
    for foreign in [0o620, 0o602] {
        chmod(&path, foreign);
        assert_eq!(compiled.find(KEY).unwrap(), None);
    }
    chmod(&path, 0o644);
    assert_eq!(compiled.find(KEY).unwrap(), Some(path));
}

#[test]
fn links_are_not_believed() {
    let (temporary, compiled) = folder();
    let path = put(&compiled);
    let elsewhere = temporary.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert_eq!(compiled.find(KEY).unwrap(), None);
}

#[test]
fn folders_others_can_write_are_refused() {
    let (_temporary, compiled) = folder();
    for foreign in [0o770, 0o707] {
        chmod(&compiled.path, foreign);
        let refused = CompiledDir::open(&compiled.path).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    }
    chmod(&compiled.path, 0o750);
    CompiledDir::open(&compiled.path).unwrap();
}

/// Root gives a file away; to anyone else a folder of root's is one to be believed.
#[test]
fn what_another_user_owns_is_refused_unless_that_is_root() {
    let (_temporary, compiled) = folder();
    let path = put(&compiled);
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(1), None).unwrap();
        assert_eq!(compiled.find(KEY).unwrap(), None);
    } else {
        CompiledDir::open(Path::new("/usr")).unwrap();
    }
}

#[test]
fn files_max_obeyed_and_violated() {
    let (_temporary, compiled) = folder();
    let count = || fs::read_dir(&compiled.path).unwrap().count();
    for number in 0..FILES_MAX {
        compiled.put(&format!("key{number}"), CODE).unwrap();
        // File times are coarse; the order of these files must not depend on that.
        let path = compiled.find(&format!("key{number}")).unwrap().unwrap();
        let age = std::time::Duration::from_secs(3600 - number as u64);
        File::open(&path)
            .unwrap()
            .set_modified(SystemTime::now() - age)
            .unwrap();
    }
    assert_eq!(count(), FILES_MAX);
    put(&compiled);
    assert_eq!(count(), FILES_MAX);
    assert_eq!(compiled.find("key0").unwrap(), None, "the oldest went");
    assert!(compiled.find("key1").unwrap().is_some());
}
