//! Reads that never wait: what the kernel has in memory is found, all else is left to the read that may.

use std::fs;

use cache::{AtOnce, DiskCache};

use crate::setting::{MIB, Setting, body, key};

/// What was just written is in the kernel's memory, on every file system; where it or the kernel cannot say
/// so, nothing is found at once, and nothing else.
fn found(cache: &DiskCache, number: u64, length: usize) -> bool {
    match cache.get_at_once(&key(number)) {
        AtOnce::Found(entry) => {
            assert_eq!(entry.body, body(&key(number), length));
            assert_eq!(entry, cache.get(&key(number)).unwrap());
            true
        }
        AtOnce::WouldBlock => false,
        AtOnce::Absent => panic!("{number} is stored"),
    }
}

#[test]
fn what_is_in_memory_is_found_and_what_is_not_stored_is_absent() {
    for setting in [Setting::new(8 * MIB), Setting::in_memory(8 * MIB)] {
        let cache = setting.open();
        let mut at_once = 0;
        for number in 0..20 {
            let length = number as usize * 10_000;
            cache
                .put(&key(number), b"meta", &body(&key(number), length))
                .unwrap();
            at_once += u32::from(found(&cache, number, length));
        }
        eprintln!("{at_once} of 20 in {}", setting.path().display());
        assert!(matches!(cache.get_at_once(&key(99)), AtOnce::Absent));
        assert_eq!(cache.stats().misses, 1);
    }
}

#[test]
fn a_large_entry_is_left_to_others() {
    let setting = Setting::in_memory(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", &vec![1; 300 << 10]).unwrap();
    assert!(matches!(cache.get_at_once(&key(1)), AtOnce::WouldBlock));
    assert!(cache.get(&key(1)).is_some());
}

#[test]
fn what_is_damaged_is_not_found_and_then_removed() {
    let setting = Setting::in_memory(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", &body(&key(1), 5000)).unwrap();
    let file = setting.files().remove(0);
    let mut bytes = fs::read(&file).unwrap();
    bytes[100] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert!(matches!(cache.get_at_once(&key(1)), AtOnce::WouldBlock));
    assert_eq!(cache.get(&key(1)), None);
    assert_eq!(cache.stats().corrupt, 1);
    assert!(matches!(cache.get_at_once(&key(1)), AtOnce::Absent));
}

#[test]
fn a_touch_is_a_use() {
    let setting = Setting::new(MIB);
    let cache = setting.open();
    for number in 0..4 {
        cache.put(&key(number), b"", &vec![0; 220_000]).unwrap();
    }
    assert!(cache.touch(&key(0)));
    assert!(!cache.touch(&key(9)));
    cache.put(&key(4), b"", &vec![0; 220_000]).unwrap();
    assert!(cache.contains(&key(0)) && !cache.contains(&key(1)));
}
