//! The second level in a directory: found again, checked, purged, bounded.

use std::sync::Arc;
use std::time::SystemTime;

use super::*;

const PATIENCE: Duration = Duration::from_secs(30);

fn entry(body: &[u8]) -> Entry {
    Entry {
        meta: vec![1],
        body: body.to_vec(),
        checksum: cache::checksum(body),
        stored_at: SystemTime::UNIX_EPOCH,
    }
}

fn open(directory: &tempfile::TempDir) -> Arc<SecondLevel> {
    let url = format!("file://{}/renditions", directory.path().display());
    Arc::new(SecondLevel::open(&StoreUrl::parse(&url).unwrap(), PATIENCE).unwrap())
}

/// Let everything that waits be written.
async fn write_all(level: &SecondLevel) {
    tokio::select! {
        () = level.write() => {}
        () = async {
            while level.stats().waiting_bytes > 0 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
}

#[tokio::test]
async fn what_is_written_is_found_by_another_pod() {
    let directory = tempfile::tempdir().unwrap();
    let (one, other) = (open(&directory), open(&directory));
    let (key, tag) = (Key([1; 32]), Tag(7));
    assert_eq!(other.get(&key, tag).await, None);
    one.put((&key, tag), &entry(b"picture"), one.mark());
    write_all(&one).await;
    assert_eq!(other.get(&key, tag).await, Some(entry(b"picture")));
    assert_eq!((other.stats().hits, other.stats().misses), (1, 1));
    assert_eq!((one.stats().writes, one.stats().drops), (1, 0));
}

#[tokio::test]
async fn a_purge_takes_one_source_and_what_waits_to_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let level = open(&directory);
    for (number, tag) in [(1, 7), (2, 7), (3, 8)] {
        level.put(
            (&Key([number; 32]), Tag(tag)),
            &entry(b"picture"),
            level.mark(),
        );
    }
    write_all(&level).await;
    let begun = level.mark();
    assert_eq!(
        level
            .purge((Selection::Source(Tag(7)), Tag(7)))
            .await
            .unwrap(),
        2
    );
    assert_eq!(level.get(&Key([1; 32]), Tag(7)).await, None);
    assert!(level.get(&Key([3; 32]), Tag(8)).await.is_some());

    let level = open(&directory);
    level.purge((Selection::All, Tag(0))).await.unwrap();
    level.put((&Key([4; 32]), Tag(7)), &entry(b"late"), begun);
    write_all(&level).await;
    assert_eq!((level.stats().writes, level.stats().drops), (0, 1));
}

#[tokio::test]
async fn bytes_that_wait_obeyed_and_violated() {
    let directory = tempfile::tempdir().unwrap();
    let level = open(&directory);
    let half = entry(&vec![0; OBJECT_BYTES_MAX as usize - 1024]);
    for number in 1..=3 {
        level.put((&Key([number; 32]), Tag(1)), &half, level.mark());
    }
    assert_eq!(level.stats().drops, 1, "two fit, a third does not");
    let too_large = entry(&vec![0; OBJECT_BYTES_MAX as usize]);
    level.put((&Key([4; 32]), Tag(1)), &too_large, level.mark());
    assert_eq!(level.stats().drops, 2);
}

#[tokio::test]
async fn a_damaged_object_is_a_miss() {
    let directory = tempfile::tempdir().unwrap();
    let level = open(&directory);
    let (key, tag) = (Key([1; 32]), Tag(7));
    level.put((&key, tag), &entry(b"picture"), level.mark());
    write_all(&level).await;
    let path = format!("/{}", level.path(&key, tag));
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(level.get(&key, tag).await, None);
    assert_eq!(level.stats().damaged, 1);
}
