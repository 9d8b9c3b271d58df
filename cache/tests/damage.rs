//! Files that are not what was stored: each is a miss and is removed, and nothing else is touched.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use cache::Damage;

use crate::setting::{MIB, Setting, body, key};

/// Stores an entry, damages its file behind the cache's back, and looks.
fn assert_miss_and_removed(damage: impl Fn(&Path)) {
    for restart in [false, true] {
        let setting = Setting::new(8 * MIB);
        let mut cache = setting.open();
        cache.put(&key(1), b"meta", &body(&key(1), 5000)).unwrap();
        let path = setting.files().remove(0);
        cache.put(&key(2), b"meta", &body(&key(2), 5000)).unwrap();
        damage(&path);
        if restart {
            drop(cache);
            cache = setting.open();
        }
        assert_eq!(cache.get(&key(1)), None, "after a restart: {restart}");
        assert!(!path.exists());
        assert_eq!(cache.stats().corrupt, 1);
        assert_eq!(cache.get(&key(2)).unwrap().body, body(&key(2), 5000));
        cache.put(&key(1), b"meta", b"again").unwrap();
        assert_eq!(cache.get(&key(1)).unwrap().body, b"again");
    }
}

fn set_length(path: &Path, length: u64) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(length)
        .unwrap();
}

#[test]
fn truncated() {
    assert_miss_and_removed(|path| set_length(path, 4000));
}

#[test]
fn of_no_length() {
    assert_miss_and_removed(|path| set_length(path, 0));
}

#[test]
fn grown_by_a_byte() {
    assert_miss_and_removed(|path| {
        OpenOptions::new()
            .append(true)
            .open(path)
            .unwrap()
            .write_all(b"!")
            .unwrap();
    });
}

#[test]
fn grown_far_over_every_limit() {
    // Sparse: it takes no space, but a reader that believed it would allocate a terabyte.
    assert_miss_and_removed(|path| set_length(path, 1 << 40));
}

#[test]
fn a_bit_turned_in_the_body() {
    assert_miss_and_removed(|path| turn_bit(path, 2500));
}

#[test]
fn a_bit_turned_in_the_trailer() {
    assert_miss_and_removed(|path| turn_bit(path, 5004 + 30));
}

#[test]
fn foreign_content_under_our_name() {
    assert_miss_and_removed(|path| fs::write(path, vec![b'x'; 5092]).unwrap());
}

#[test]
fn another_entrys_file_under_this_name() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let paths = [1, 2].map(|number| {
        cache.put(&key(number), b"", b"of the same length").unwrap();
        path_of(&setting, number)
    });
    fs::copy(&paths[1], &paths[0]).unwrap();
    assert_eq!(cache.get(&key(1)), None);
    assert!(!paths[0].exists() && cache.get(&key(2)).is_some());
}

#[test]
fn taken_away_behind_our_back() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    let empty = cache.stats().bytes;
    cache.put(&key(1), b"", b"body").unwrap();
    fs::remove_file(path_of(&setting, 1)).unwrap();
    assert_eq!(cache.get(&key(1)), None);
    assert_eq!((cache.stats().entries, cache.stats().corrupt), (0, 1));
    assert!(
        cache.stats().bytes <= empty + 8192,
        "only the shard's directory is left in the account"
    );
}

#[test]
fn verify_finds_and_removes_what_is_damaged() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    for number in 0..20 {
        cache
            .put(&key(number), b"", &body(&key(number), 3000))
            .unwrap();
    }
    turn_bit(&path_of(&setting, 7), 100);
    let report = cache.verify();
    assert_eq!(
        (report.entries, report.damaged),
        (19, vec![(key(7), Damage::Body)])
    );
    assert!(report.unreadable.is_empty());
    assert_eq!(
        (
            cache.verify().entries,
            cache.verify().damaged.len(),
            setting.files().len()
        ),
        (19, 0, 19)
    );
}

fn turn_bit(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 4;
    fs::write(path, bytes).unwrap();
}

fn path_of(setting: &Setting, number: u64) -> PathBuf {
    let text = key(number).to_string();
    setting
        .files()
        .into_iter()
        .find(|path| path.display().to_string().contains(&text))
        .unwrap()
}
