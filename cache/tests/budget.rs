//! The budget is never passed, by whatever many threads do, and the account tells the truth.

use std::sync::atomic::{AtomicBool, Ordering};

use cache::{Config, DiskCache, Key, PutError};

use crate::setting::{MIB, Setting, Volume, body, bytes_on_disk, key};

/// Eight writers, two of which meet at each key; each looks at what it has put.
fn write_from_many_threads(cache: &DiskCache, look: impl Fn(&Key) + Sync) {
    let look = &look;
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            scope.spawn(move || {
                for number in 0..150 {
                    let key = key(thread / 2 * 1000 + number % 60);
                    let length = (number * 7919 % 60_000) as usize;
                    match cache.put(&key, b"", &body(&key, length)) {
                        // Eight writers can hold all the room there is for a moment.
                        Ok(_) | Err(PutError::NoRoom) => {}
                        Err(error) => panic!("{error}"),
                    }
                    look(&key);
                }
            });
        }
    });
}

#[test]
fn concurrent_puts_never_pass_the_budget() {
    // A file system of its own can be asked what it holds at one moment; a walk over files cannot.
    let Some(volume) = Volume::mount("size=64m") else {
        return;
    };
    let directory = volume.path().join("cache");
    let config = Config {
        directory,
        bytes_max: 2 * MIB,
        free_bytes_min: 0,
        entry_bytes_max: MIB,
    };
    let cache = DiskCache::open(config).unwrap();
    let done = AtomicBool::new(false);
    let (account, disk) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut highest = (0, 0);
            while !done.load(Ordering::Relaxed) {
                highest = (
                    highest.0.max(cache.stats().bytes),
                    highest.1.max(volume.used_bytes()),
                );
            }
            highest
        });
        // Nobody reads meanwhile: the system gives the room of an unlinked file back when its last reader
        // closes it.
        write_from_many_threads(&cache, |_| {});
        done.store(true, Ordering::Relaxed);
        watcher.join().unwrap()
    });
    assert!(account <= 2 * MIB, "the account rose to {account}");
    assert!(disk <= 2 * MIB, "the disk rose to {disk}");
    assert!(disk > 3 * MIB / 2, "the test filled the cache: {disk}");
}

#[test]
fn concurrent_puts_leave_a_true_account() {
    let setting = Setting::new(2 * MIB);
    let cache = setting.open();
    write_from_many_threads(&cache, |key| {
        if let Some(entry) = cache.get(key) {
            assert_eq!(entry.body, body(key, entry.body.len()));
        }
    });
    let stats = cache.stats();
    assert!(stats.evictions > 0 && stats.bytes <= 2 * MIB);
    let disk = bytes_on_disk(setting.path());
    assert!(
        disk <= stats.bytes && stats.bytes <= disk + 4096,
        "{} in the account, {disk} on disk",
        stats.bytes
    );
    assert_eq!(
        (
            stats.corrupt,
            stats.read_errors,
            stats.write_errors,
            stats.unlink_errors
        ),
        (0, 0, 0, 0)
    );
    assert_eq!(
        (cache.verify().entries, setting.files().len() as u64),
        (stats.entries, stats.entries)
    );
}

#[test]
fn the_account_is_what_the_disk_says() {
    let setting = Setting::new(64 * MIB);
    let cache = setting.open();
    for number in 0..1500 {
        cache
            .put(
                &key(number),
                b"",
                &body(&key(number), (number * 37 % 20_000) as usize),
            )
            .unwrap();
    }
    for number in (0..1500).step_by(3) {
        cache.remove(&key(number)).unwrap();
    }
    let (account, disk) = (cache.stats().bytes, bytes_on_disk(setting.path()));
    assert!(account >= disk, "{account} in the account, {disk} on disk");
    assert!(
        account <= disk + disk / 100,
        "{account} in the account, {disk} on disk"
    );
    drop(cache);
    let cache = setting.open();
    let account = cache.stats().bytes;
    assert!(
        account >= disk && account <= disk + disk / 100,
        "{account} after a scan, {disk} on disk"
    );
}

#[test]
fn the_least_recently_used_goes_first() {
    let setting = Setting::new(MIB);
    let cache = setting.open();
    for number in 0..4 {
        cache.put(&key(number), b"", &vec![0; 220_000]).unwrap();
    }
    assert!(cache.get(&key(0)).is_some());
    cache.put(&key(4), b"", &vec![0; 220_000]).unwrap();
    let present: Vec<bool> = (0..5).map(|number| cache.contains(&key(number))).collect();
    assert_eq!(present, [true, false, true, true, true]);
    assert_eq!(cache.stats().evictions, 1);
}

#[test]
fn a_smaller_budget_is_met_once_scanned() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    for number in 0..60 {
        cache.put(&key(number), b"", &vec![0; 100_000]).unwrap();
    }
    drop(cache);
    let cache = DiskCache::open(Config {
        bytes_max: 2 * MIB,
        ..setting.config()
    })
    .unwrap();
    cache.wait_until_scanned();
    assert!(cache.stats().bytes <= 2 * MIB && bytes_on_disk(setting.path()) <= 2 * MIB);
    assert!(cache.contains(&key(59)) && !cache.contains(&key(0)));
}

#[test]
fn free_bytes_min_shrinks_the_cache() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    for number in 0..60 {
        cache.put(&key(number), b"", &vec![0; 100_000]).unwrap();
    }
    drop(cache);
    let cache = DiskCache::open(Config {
        free_bytes_min: u64::MAX,
        ..setting.config()
    })
    .unwrap();
    cache.wait_until_scanned();
    assert_eq!(cache.stats().entries, 0, "no disk has that much to spare");
    assert!(matches!(
        cache.put(&key(1), b"", b"body"),
        Err(PutError::NoRoom)
    ));
}
