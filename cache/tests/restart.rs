//! What a restart finds: entries, their order, remains of writes, things of others, odd clocks.

use std::fs::{self, File, FileTimes};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use cache::Scan;

use crate::setting::{MIB, Setting, body, key};

#[test]
fn entries_and_their_order_survive() {
    let setting = Setting::new(2 * MIB);
    let cache = setting.open();
    for number in 0..8 {
        cache
            .put(&key(number), b"", &body(&key(number), 150_000))
            .unwrap();
    }
    for number in [0, 3] {
        assert!(cache.get(&key(number)).is_some());
    }
    let bytes = cache.stats().bytes;
    drop(cache);
    let cache = setting.open();
    assert_eq!((cache.stats().entries, cache.stats().bytes), (8, bytes));
    // Room for twelve leaves room for one: the one used last before the restart.
    for number in 100..112 {
        cache.put(&key(number), b"", &vec![0; 150_000]).unwrap();
    }
    let present: Vec<u64> = (0..8)
        .filter(|number| cache.contains(&key(*number)))
        .collect();
    assert_eq!(present, [3]);
}

#[test]
fn two_uses_in_a_row_keep_their_order() {
    let setting = Setting::new(MIB);
    let cache = setting.open();
    let numbers = [5, 1, 4, 2, 3];
    for number in 1..6 {
        cache.put(&key(number), b"", &vec![0; 100_000]).unwrap();
    }
    for number in numbers {
        assert!(cache.get(&key(number)).is_some());
    }
    drop(cache);
    let cache = setting.open();
    let mut gone = Vec::new();
    for number in 100..120 {
        cache.put(&key(number), b"", &vec![0; 60_000]).unwrap();
        gone.extend(
            (1..6)
                .filter(|number| !cache.contains(&key(*number)) && !gone.contains(number))
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(gone, numbers);
}

#[test]
fn remains_of_writes_are_deleted_and_not_counted() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", b"body").unwrap();
    let bytes = cache.stats().bytes;
    drop(cache);
    let entry = setting.files().remove(0);
    let remains = PathBuf::from(format!("{}.tmp", entry.display()));
    fs::write(&remains, vec![1; 100_000]).unwrap();
    let cache = setting.open();
    assert_eq!(setting.files(), [entry]);
    assert_eq!(
        (
            cache.stats().entries,
            cache.stats().bytes,
            cache.stats().foreign
        ),
        (1, bytes, 0)
    );
}

#[test]
fn things_of_others_are_left_alone_and_reported() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", b"body").unwrap();
    drop(cache);
    let shard = setting.files()[0].parent().unwrap().to_owned();
    fs::write(shard.join("README"), b"mine").unwrap();
    fs::write(setting.path().join("entries-1/notes.txt"), b"mine").unwrap();
    fs::write(setting.path().join("program.cwasm"), b"the caller's own").unwrap();
    fs::create_dir(shard.join("a folder")).unwrap();
    let cache = setting.open();
    assert_eq!((cache.stats().foreign, cache.stats().entries), (3, 1));
    assert_eq!(cache.verify().foreign, 3);
    assert_eq!(cache.clear().unwrap(), 1);
    assert_eq!(fs::read(shard.join("README")).unwrap(), b"mine");
    assert!(setting.path().join("program.cwasm").exists() && shard.join("a folder").exists());
}

#[test]
fn a_file_in_the_wrong_folder_is_removed() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", b"body").unwrap();
    drop(cache);
    let entry = setting.files().remove(0);
    let shard = entry.parent().unwrap();
    let other = setting
        .path()
        .join("entries-1")
        .join(if shard.ends_with("00") { "01" } else { "00" });
    fs::create_dir_all(&other).unwrap();
    fs::rename(&entry, other.join(entry.file_name().unwrap())).unwrap();
    let cache = setting.open();
    assert_eq!((cache.stats().entries, cache.stats().corrupt), (0, 1));
    assert!(setting.files().is_empty());
}

#[test]
fn two_files_of_one_key_are_both_removed() {
    let setting = Setting::new(8 * MIB);
    let cache = setting.open();
    cache.put(&key(1), b"", b"body").unwrap();
    drop(cache);
    let entry = setting.files().remove(0);
    let text = entry.display().to_string();
    let twin = format!("{}{:016x}", &text[..text.len() - 16], 7);
    fs::copy(&entry, twin).unwrap();
    let cache = setting.open();
    assert_eq!((cache.stats().entries, setting.files().len()), (0, 0));
    cache.put(&key(1), b"", b"again").unwrap();
    assert_eq!(cache.get(&key(1)).unwrap().body, b"again");
}

#[test]
fn a_clock_that_was_set_back_harms_nothing() {
    let setting = Setting::new(MIB);
    let cache = setting.open();
    for number in 0..4 {
        cache
            .put(&key(number), b"", &body(&key(number), 230_000))
            .unwrap();
    }
    drop(cache);
    // As if all had been stored a year from now, the last one first.
    let next_year = SystemTime::now() + Duration::from_hours(365 * 24);
    for (path, number) in setting.files().iter().zip(0..) {
        let number = (0..4)
            .find(|other| {
                path.display()
                    .to_string()
                    .contains(&key(*other).to_string())
            })
            .unwrap_or(number);
        let times = FileTimes::new().set_modified(next_year - Duration::from_secs(number));
        File::open(path).unwrap().set_times(times).unwrap();
    }
    let cache = setting.open();
    assert_eq!(cache.stats().scan, Scan::Complete);
    for number in 0..4 {
        assert!(cache.contains(&key(number)));
    }
    assert!(cache.get(&key(1)).is_some());
    drop(cache);
    let cache = setting.open();
    // Used since the clock was set back, 1 is the most recent all the same; then 0, which was the latest.
    cache.put(&key(10), b"", &vec![0; 400_000]).unwrap();
    let present: Vec<u64> = (0..4)
        .filter(|number| cache.contains(&key(*number)))
        .collect();
    assert_eq!(present, [0, 1]);
    let now = SystemTime::now();
    for path in setting.files() {
        assert!(
            path.metadata().unwrap().modified().unwrap() <= now,
            "the files' times are in order again"
        );
    }
}
