//! What is purged is gone from the disk when the purge returns, and is not brought back by what was being
//! made meanwhile.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use cache::{PutError, RemoveError, Tag};

use crate::setting::{MIB, Setting, body, key};

#[test]
fn a_tag_takes_its_entries_and_no_others() {
    let setting = Setting::in_memory(64 * MIB);
    let cache = setting.open();
    for number in 0..1500 {
        cache
            .reserve(&key(number), Tag(number % 3))
            .commit(b"", b"body")
            .unwrap();
    }
    assert_eq!(cache.remove_by_tag(Tag(1)).unwrap(), 500);
    assert_eq!(cache.remove_by_tag(Tag(1)).unwrap(), 0);
    assert!((0..1500).all(|number| cache.contains(&key(number)) == (number % 3 != 1)));
    assert_eq!((setting.files().len(), cache.stats().purged), (1000, 500));
    drop(cache);
    let cache = setting.open();
    assert_eq!(
        (cache.stats().entries, cache.remove_by_tag(Tag(2)).unwrap()),
        (1000, 500)
    );
}

#[test]
fn clear_takes_everything() {
    let setting = Setting::in_memory(64 * MIB);
    let cache = setting.open();
    let empty = cache.stats().bytes;
    for number in 0..1500 {
        cache.put(&key(number), b"", b"body").unwrap();
    }
    assert_eq!(cache.clear().unwrap(), 1500);
    let stats = cache.stats();
    assert_eq!((stats.entries, setting.files().len()), (0, 0));
    assert!(
        stats.bytes <= empty + 64 * 16384,
        "only directories are left in the account: {}",
        stats.bytes
    );
}

#[test]
fn what_was_begun_before_a_purge_is_not_stored_after_it() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let purges: [&dyn Fn() -> Result<usize, RemoveError>; 3] = [
        &|| cache.remove_by_tag(Tag(9)),
        &|| cache.remove(&key(1)).map(usize::from),
        &|| cache.clear(),
    ];
    for purge in purges {
        let begun = cache.reserve(&key(1), Tag(9));
        let of_another = cache.reserve(&key(2), Tag(8));
        purge().unwrap();
        let begun_after = cache.reserve(&key(3), Tag(9));
        assert!(matches!(begun.commit(b"", b"old"), Err(PutError::Purged)));
        assert!(!cache.contains(&key(1)));
        begun_after.commit(b"", b"new").unwrap();
        assert!(cache.contains(&key(3)));
        let _ = of_another.commit(b"", b"other");
    }
    assert!(!cache.contains(&key(2)), "the last purge was of everything");
    assert_eq!(cache.stats().write_errors, 0);
}

#[test]
fn a_purge_leaves_what_another_source_is_making() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let making = cache.reserve(&key(1), Tag(8));
    assert_eq!(cache.remove_by_tag(Tag(9)).unwrap(), 0);
    making.commit(b"", b"body").unwrap();
    assert!(cache.contains(&key(1)));
}

#[test]
fn purges_racing_stores() {
    const KEYS: u64 = 50;
    let setting = Setting::in_memory(8 * MIB);
    let cache = setting.open();
    let (source, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for thread in 0..3_u64 {
            let (cache, source, done) = (&cache, &source, &done);
            scope.spawn(move || {
                for number in (0..).take_while(|_| !done.load(Ordering::Relaxed)) {
                    let key = key((number * 3 + thread) % KEYS);
                    let ticket = cache.reserve(&key, Tag(1));
                    // The source as it is when the making begins.
                    let seen = source.load(Ordering::SeqCst);
                    match ticket.commit(&seen.to_le_bytes(), &body(&key, 500)) {
                        Ok(_) | Err(PutError::Purged) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
        for version in 1..=40_u64 {
            source.store(version, Ordering::SeqCst);
            cache.remove_by_tag(Tag(1)).unwrap();
            for number in 0..KEYS {
                let Some(entry) = cache.get(&key(number)) else {
                    continue;
                };
                let made_of = u64::from_le_bytes(entry.meta.try_into().unwrap());
                assert!(
                    made_of >= version,
                    "made of version {made_of}, purged at {version}"
                );
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    cache.remove_by_tag(Tag(1)).unwrap();
    assert!(setting.files().is_empty());
}
