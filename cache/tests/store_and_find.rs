//! Storing, finding, replacing, removing; limits of one entry; permissions.

use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use cache::{Config, DiskCache, Key, META_BYTES_MAX, OpenError, PutError, Scan};

use crate::setting::{MIB, Setting, body, key};

#[test]
fn what_is_stored_is_found() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let before = SystemTime::now();
    let stored = cache.put(&key(1), b"meta", b"body").unwrap();
    let entry = cache.get(&key(1)).unwrap();
    assert_eq!(
        (&entry.meta[..], &entry.body[..]),
        (&b"meta"[..], &b"body"[..])
    );
    assert_eq!(entry.checksum, cache::checksum(b"body"));
    assert_eq!(
        (entry.checksum, entry.stored_at),
        (stored.checksum, stored.stored_at)
    );
    assert!(entry.stored_at >= before && entry.stored_at <= SystemTime::now());
    assert_eq!(cache.get(&key(2)), None);
    let stats = cache.stats();
    assert_eq!(
        (stats.entries, stats.hits, stats.misses, stats.stores),
        (1, 1, 1, 1)
    );
    assert_eq!(stats.scan, Scan::Complete);
}

#[test]
fn a_second_put_takes_the_place_of_the_first() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", &vec![1; 9000]).unwrap();
    cache.put(&key(1), b"", &[2; 10]).unwrap();
    assert_eq!(cache.get(&key(1)).unwrap().body, [2; 10]);
    assert_eq!(setting.files().len(), 1);
    assert_eq!(cache.stats().entries, 1);
}

#[test]
fn removed_is_gone() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", b"body").unwrap();
    assert!(cache.contains(&key(1)));
    assert!(cache.remove(&key(1)).unwrap());
    assert!(!cache.remove(&key(1)).unwrap());
    assert!(!cache.contains(&key(1)));
    assert_eq!((cache.get(&key(1)), setting.files().len()), (None, 0));
}

#[test]
fn entry_bytes_max_obeyed() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let (meta, body) = (
        vec![1; META_BYTES_MAX],
        vec![2; MIB as usize - META_BYTES_MAX],
    );
    cache.put(&key(1), &meta, &body).unwrap();
    let entry = cache.get(&key(1)).unwrap();
    assert_eq!((entry.meta, entry.body), (meta, body));
}

#[test]
fn entry_bytes_max_violated() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let too_large = |result| matches!(result, Err(PutError::TooLarge { .. }));
    assert!(too_large(cache.put(
        &key(1),
        b"",
        &vec![0; MIB as usize + 1]
    )));
    assert!(too_large(cache.put(
        &key(1),
        &vec![0; META_BYTES_MAX + 1],
        b""
    )));
    assert!(setting.files().is_empty());
    assert_eq!(
        cache.stats().write_errors,
        0,
        "the disk has nothing to do with it"
    );
}

#[test]
fn an_entry_over_the_budget_finds_no_room() {
    let setting = Setting::new(MIB);
    let cache = DiskCache::open(Config {
        entry_bytes_max: 4 * MIB,
        ..setting.config()
    })
    .unwrap();
    assert!(matches!(
        cache.put(&key(1), b"", &vec![0; 2 * MIB as usize]),
        Err(PutError::NoRoom)
    ));
    cache.put(&key(1), b"", b"small").unwrap();
}

#[test]
fn bytes_max_is_checked() {
    let open = |bytes_max| DiskCache::open(Setting::new(bytes_max).config());
    assert!(matches!(open(MIB - 1), Err(OpenError::TooSmall { .. })));
    assert!(open(MIB).is_ok());
}

#[test]
fn a_dropped_ticket_stores_nothing() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    drop(cache.reserve(&key(1), cache::Tag(1)));
    assert!(setting.files().is_empty() && !cache.contains(&key(1)));
}

#[test]
fn ten_thousand_keys_that_differ_in_one_bit() {
    let setting = Setting::in_memory(256 * MIB);
    let cache = setting.open();
    // Pairs: a key, and the same with one bit turned, at each of the 256 places in turn.
    let pair = |number: u64| {
        let mut other = key(number / 256);
        other.0[number as usize % 256 / 8] ^= 1 << (number % 8);
        other
    };
    let keys: Vec<Key> = (0..10_000).map(pair).collect();
    for key in &keys {
        cache.put(key, &key.0, &body(key, 40)).unwrap();
    }
    assert_eq!(cache.stats().entries, 10_000);
    for key in &keys {
        let entry = cache.get(key).unwrap();
        assert_eq!((entry.meta, entry.body), (key.0.to_vec(), body(key, 40)));
    }
}

#[test]
fn folders_and_files_are_the_owners_alone() {
    let setting = Setting::new(8 * MIB);
    let directory = setting.path().join("new/cache");
    let cache = DiskCache::open(Config {
        directory: directory.clone(),
        ..setting.config()
    })
    .unwrap();
    cache.put(&key(1), b"", b"body").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    let file = crate::setting::files_below(&directory.join("entries-1")).remove(0);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    assert_eq!(mode(&directory.join("entries-1")), 0o700);
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join("lock")), 0o600);
}
