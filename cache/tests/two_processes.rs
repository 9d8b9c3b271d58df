//! One process to a directory; the second is told who is there.

use cache::{DiskCache, OpenError};

use crate::setting::{MIB, Setting, key};

#[test]
fn a_second_cache_is_told_who_has_the_directory() {
    let setting = Setting::new(8 * MIB);
    let first = setting.open();
    let error = DiskCache::open(setting.config()).unwrap_err();
    let text = error.to_string();
    let OpenError::InUse { directory, process } = error else {
        panic!("{text}")
    };
    assert_eq!(
        (directory, process),
        (setting.path().to_owned(), Some(std::process::id()))
    );
    assert!(
        text.contains(&setting.path().display().to_string())
            && text.contains(&std::process::id().to_string()),
        "{text}"
    );
    first.put(&key(1), b"", b"body").unwrap();
    drop(first);
    assert!(setting.open().contains(&key(1)));
}

#[test]
fn a_lock_whose_file_was_removed_is_still_one_lock() {
    let setting = Setting::new(8 * MIB);
    let first = setting.open();
    for entry in std::fs::read_dir(setting.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap();
        } else {
            std::fs::remove_file(path).unwrap();
        }
    }
    // The first takes the lock again with its next write, before another can.
    first.put(&key(1), b"", b"body").unwrap();
    assert_eq!(first.get(&key(1)).unwrap().body, b"body");
    assert!(matches!(
        DiskCache::open(setting.config()),
        Err(OpenError::InUse { .. })
    ));
}

#[test]
fn a_directory_taken_over_is_not_written() {
    let setting = Setting::new(8 * MIB);
    let first = setting.open();
    std::fs::remove_file(setting.path().join("lock")).unwrap();
    std::fs::remove_dir_all(setting.path().join("entries-1")).unwrap();
    let second = setting.open();
    std::fs::remove_dir_all(setting.path().join("entries-1")).unwrap();
    assert!(first.put(&key(1), b"", b"body").is_err());
    second.put(&key(2), b"", b"body").unwrap();
    assert_eq!(setting.files().len(), 1);
}
