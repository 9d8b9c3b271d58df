//! The byte budget: the cache never takes more disk than it may, and what was used least recently
//! goes first.

use std::os::unix::fs::MetadataExt;

use tests::Edge;

use crate::hit_and_miss::{files_below, files_with};

/// Room for about thirty of the pictures below; one of them is well under the sixteenth of it that a
/// single entry may take.
const BUDGET_BYTES: u64 = 4 << 20;
const PICTURES: u32 = 48;

#[test]
fn the_budget_holds_and_the_least_recently_used_goes_first() {
    let edge = Edge::builder()
        .set("cache-bytes", BUDGET_BYTES.to_string())
        .start();
    // About 120 KB each as lossless PNG.
    let target = |step: u32| format!("/resize?width={}&type=png&file=rocket.jpg", 350 + step);
    let favourite = edge.get(&target(0)).picture().to_vec();
    let second = edge.get(&target(1)).picture().to_vec();
    assert!(
        favourite.len() > 90_000,
        "{} bytes: the pictures no longer fill the budget",
        favourite.len()
    );
    for step in 2..PICTURES {
        edge.get(&target(step)).picture();
        assert!(
            edge.get(&target(0)).is_hit(),
            "used all the time, and gone after {step}"
        );
    }
    assert!(edge.count("/cache/evictions") > 0);
    assert!(edge.count("/cache/bytes") <= BUDGET_BYTES);
    let on_disk: u64 = files_below(&edge.cache_dir())
        .iter()
        .map(|path| path.metadata().unwrap().blocks() * 512)
        .sum();
    // The lock file and the version's own files may stand beside the entries.
    assert!(on_disk <= BUDGET_BYTES + 16_384, "{on_disk} bytes on disk");
    assert_eq!(files_with(&edge.cache_dir(), &favourite).len(), 1);
    assert_eq!(
        files_with(&edge.cache_dir(), &second).len(),
        0,
        "never used again, and still there"
    );
    // What is still in memory does not outlive the process.
    let edge = edge.stop().start();
    assert!(edge.get(&target(0)).is_hit());
    assert!(!edge.get(&target(1)).is_hit());
}
