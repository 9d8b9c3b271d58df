//! Full, read-only and vanished file systems: errors are returned and counted, nothing panics, and all is
//! well again as soon as the disk is. On small file systems of their own, which only root can mount.

use std::fs;
use std::path::PathBuf;

use cache::{Config, DiskCache, PutError};
use rustix::mount::MountFlags;
use tempfile::TempDir;

use crate::setting::{MIB, Volume, body, key};

fn open(volume: &Volume, bytes_max: u64) -> DiskCache {
    let directory = volume.path().join("cache");
    let cache = DiskCache::open(Config {
        directory,
        bytes_max,
        free_bytes_min: 0,
        entry_bytes_max: 4 * MIB,
    })
    .unwrap();
    cache.wait_until_scanned();
    cache
}

#[test]
fn a_disk_that_others_have_filled() {
    let Some(volume) = Volume::mount("size=4m") else {
        return;
    };
    let cache = open(&volume, 64 * MIB);
    cache.put(&key(1), b"", &body(&key(1), 50_000)).unwrap();
    let other = volume.path().join("somebody elses");
    let _ = fs::write(&other, vec![1; 8 * MIB as usize]);
    let error = cache
        .put(&key(2), b"", &body(&key(2), 1_000_000))
        .unwrap_err();
    assert!(
        matches!(&error, PutError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull),
        "{error:?}"
    );
    assert_eq!(cache.stats().write_errors, 1);
    assert!(!cache.contains(&key(2)));
    assert_eq!(
        cache.get(&key(1)).unwrap().body,
        body(&key(1), 50_000),
        "what is stored is served"
    );
    fs::remove_file(other).unwrap();
    cache.look_after();
    cache.put(&key(2), b"", &body(&key(2), 1_000_000)).unwrap();
    assert_eq!(cache.get(&key(2)).unwrap().body, body(&key(2), 1_000_000));
    let remains = crate::setting::files_below(volume.path());
    assert!(
        remains.iter().all(|path| path.extension().is_none()),
        "{remains:?}"
    );
}

#[test]
fn a_disk_smaller_than_the_budget_becomes_the_budget() {
    let Some(volume) = Volume::mount("size=2m") else {
        return;
    };
    let cache = open(&volume, 64 * MIB);
    let mut failed = 0;
    for number in 0..200 {
        failed += u32::from(
            cache
                .put(&key(number), b"", &body(&key(number), 100_000))
                .is_err(),
        );
    }
    assert_eq!(failed, 0, "the limit was seen before the disk was full");
    assert!(
        cache.contains(&key(199)) && cache.stats().entries >= 10 && cache.stats().evictions > 100
    );
}

#[test]
fn a_disk_out_of_inodes() {
    let Some(volume) = Volume::mount("size=16m,nr_inodes=100") else {
        return;
    };
    let cache = open(&volume, 8 * MIB);
    let stored = (0..300)
        .filter(|number| cache.put(&key(*number), b"", b"small").is_ok())
        .count();
    let stats = cache.stats();
    assert_eq!(stored as u64, stats.stores);
    assert!(
        stats.write_errors > 0,
        "the file system does not say how many it has left until it has none"
    );
    assert!(
        stats.evictions > 0 && stored > 150,
        "{stored} stored, {} evicted",
        stats.evictions
    );
}

#[test]
fn a_disk_turned_read_only() {
    let Some(volume) = Volume::mount("size=16m") else {
        return;
    };
    let cache = open(&volume, MIB);
    for number in 0..20 {
        cache
            .put(&key(number), b"", &body(&key(number), 100_000))
            .unwrap();
    }
    let before = cache.stats();
    volume.remount(MountFlags::RDONLY);
    assert!(matches!(
        cache.put(&key(50), b"", &body(&key(50), 100_000)),
        Err(PutError::Io(_))
    ));
    let error = cache.remove(&key(19)).unwrap_err();
    assert_eq!((error.removed, error.failed), (0, 1));
    assert_eq!(
        cache.get(&key(19)),
        None,
        "a purged entry is not served although its file is still there"
    );
    assert_eq!(cache.get(&key(18)).unwrap().body, body(&key(18), 100_000));
    let during = cache.stats();
    assert!(during.write_errors == 1 && during.unlink_errors >= 2);
    assert_eq!(
        (during.bytes, during.entries),
        (before.bytes, before.entries - 1),
        "the files are there and count"
    );
    volume.remount(MountFlags::empty());
    cache.look_after();
    assert!(
        cache.stats().bytes < before.bytes,
        "the purged entry's file is gone"
    );
    cache.put(&key(50), b"", &body(&key(50), 100_000)).unwrap();
    assert_eq!(cache.get(&key(50)).unwrap().body, body(&key(50), 100_000));
    assert_eq!(cache.verify().entries, cache.stats().entries);
}

#[test]
fn a_directory_that_is_emptied_under_us() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("cache");
    let config = Config {
        directory: directory.clone(),
        bytes_max: 8 * MIB,
        free_bytes_min: 0,
        entry_bytes_max: MIB,
    };
    let cache = DiskCache::open(config).unwrap();
    for number in 0..50 {
        cache.put(&key(number), b"", b"body").unwrap();
    }
    fs::remove_dir_all(directory.join("entries-1")).unwrap();
    assert!((0..50).all(|number| cache.get(&key(number)).is_none()));
    assert_eq!((cache.stats().entries, cache.stats().corrupt), (0, 50));
    cache.put(&key(1), b"", b"body").unwrap();
    assert_eq!(cache.get(&key(1)).unwrap().body, b"body");
}

#[test]
fn a_directory_that_goes_away_and_comes_back() {
    let folder = TempDir::new().unwrap();
    let (directory, elsewhere): (PathBuf, PathBuf) =
        (folder.path().join("cache"), folder.path().join("elsewhere"));
    let config = Config {
        directory: directory.clone(),
        bytes_max: 8 * MIB,
        free_bytes_min: 0,
        entry_bytes_max: MIB,
    };
    let cache = DiskCache::open(config).unwrap();
    cache.put(&key(1), b"", b"body").unwrap();
    let (entries, hidden) = (directory.join("entries-1"), directory.join("hidden"));
    fs::rename(&entries, &hidden).unwrap();
    fs::write(&entries, b"in the way").unwrap();
    assert!(matches!(
        cache.put(&key(2), b"", b"body"),
        Err(PutError::Io(_))
    ));
    assert_eq!(cache.get(&key(1)), None);
    assert_eq!(
        (cache.stats().write_errors, cache.stats().read_errors),
        (1, 1)
    );
    fs::remove_file(&entries).unwrap();
    fs::rename(&hidden, &entries).unwrap();
    assert_eq!(cache.get(&key(1)).unwrap().body, b"body");
    fs::rename(&directory, &elsewhere).unwrap();
    cache.put(&key(2), b"", b"body").unwrap();
    assert!(
        !directory.exists(),
        "nothing is written but in the directory that was opened"
    );
    assert_eq!(cache.get(&key(2)).unwrap().body, b"body");
}
