//! The index against a plain model, and the cases that a model does not reach.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

const LIMIT: u64 = 16 * 512;
/// Where versions begin in these tests, so that smaller ones are of an earlier run.
const FIRST: u64 = 1 << 40;

fn key(number: u8) -> Key {
    Key([number; 32])
}

fn old_file(number: u8, version: u64, used_at: u64) -> File {
    File {
        name: Name {
            key: key(number),
            tag: Tag(u64::from(number)),
            version: Version(version),
        },
        bytes: 512,
        used_at,
    }
}

/// Stores an entry as the cache does, every unlink succeeding. `None` when there was no room.
fn store(index: &mut Index, number: u8, blocks: u64) -> Option<Vec<u8>> {
    let mut hold = Hold::new(blocks * 512);
    let mut evicted = Vec::new();
    loop {
        match index.gather(&mut hold) {
            Gather::Ready => break,
            Gather::Full => {
                index.give_back(&hold);
                return None;
            }
            Gather::Evict(files) => {
                for file in files {
                    index.gone(file.bytes);
                    evicted.push(file.name.key.0[0]);
                }
            }
        }
        assert!(index.used() <= LIMIT);
    }
    let used_at = index.tick(0);
    let name = Name {
        key: key(number),
        tag: Tag(u64::from(number % 3)),
        version: index.issue_version(),
    };
    if let Some(replaced) = index.insert(
        &hold,
        &File {
            name,
            bytes: blocks * 512,
            used_at,
        },
    ) {
        index.gone(replaced.bytes);
    }
    Some(evicted)
}

fn drain(index: &mut Index) -> Vec<u8> {
    index.set_limit(0);
    let mut order = Vec::new();
    loop {
        let excess = index.excess();
        if excess.is_empty() {
            return order;
        }
        for file in excess {
            index.gone(file.bytes);
            order.push(file.name.key.0[0]);
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Store(u8, u64),
    Touch(u8),
    Take(u8),
    Purge(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..12, 1_u64..6).prop_map(|(number, blocks)| Step::Store(number, blocks)),
        4 => (0_u8..12).prop_map(Step::Touch),
        1 => (0_u8..12).prop_map(Step::Take),
        1 => (0_u64..3).prop_map(Step::Purge),
    ]
}

/// Least recent first; each with its blocks.
type Model = VecDeque<(u8, u64)>;

fn store_in_model(model: &mut Model, number: u8, blocks: u64) -> Vec<u8> {
    let mut evicted = Vec::new();
    while model.iter().map(|(_, blocks)| blocks).sum::<u64>() + blocks > LIMIT / 512 {
        evicted.extend(model.pop_front().map(|(number, _)| number));
    }
    model.retain(|(other, _)| *other != number);
    model.push_back((number, blocks));
    evicted
}

proptest! {
    #[test]
    fn behaves_like_the_model(steps in proptest::collection::vec(step(), 0..120)) {
        let (mut index, mut model) = (Index::new(LIMIT, FIRST), Model::new());
        for step in steps {
            match step {
                Step::Store(number, blocks) => {
                    let evicted = store(&mut index, number, blocks);
                    prop_assert_eq!(evicted, Some(store_in_model(&mut model, number, blocks)));
                }
                Step::Touch(number) => {
                    let known = model.iter().position(|(other, _)| *other == number);
                    prop_assert_eq!(index.touch(&key(number), 0).is_some(), known.is_some());
                    if let Some(entry) = known.and_then(|at| model.remove(at)) {
                        model.push_back(entry);
                    }
                }
                Step::Take(number) => {
                    let file = index.take(&key(number));
                    prop_assert_eq!(file.is_some(), model.iter().any(|(other, _)| *other == number));
                    index.gone(file.map_or(0, |file| file.bytes));
                    model.retain(|(other, _)| *other != number);
                }
                Step::Purge(tag) => {
                    let (mark, mut cursor) = (index.mark(), Cursor::default());
                    while let Some(files) = index.sweep(&mut cursor, Selection::Tagged(Tag(tag)), mark) {
                        index.gone(files.iter().map(|file| file.bytes).sum());
                    }
                    model.retain(|(number, _)| u64::from(number % 3) != tag);
                }
            }
            prop_assert_eq!(index.entries(), model.len());
            prop_assert_eq!(index.bytes(), model.iter().map(|(_, blocks)| blocks * 512).sum::<u64>());
        }
        prop_assert_eq!(drain(&mut index), model.iter().map(|(number, _)| *number).collect::<Vec<_>>());
    }

    #[test]
    fn found_in_any_order_sorted_by_use(times in proptest::collection::vec(0_u64..50, 1..20)) {
        let mut index = Index::new(LIMIT * 10, FIRST);
        index.expect_found(LIMIT * 10);
        let mut found = Vec::new();
        for (number, time) in times.iter().enumerate() {
            match index.adopt(&old_file(number as u8, number as u64, *time)) {
                Adoption::Adopted(place) => found.push(place),
                other => prop_assert!(false, "{:?}", other),
            }
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        index.sort_in(&found, 100);
        index.all_found();
        let mut expected: Vec<(u64, u8)> = times.iter().enumerate().map(|(number, time)| (*time, number as u8)).collect();
        expected.sort_unstable();
        prop_assert_eq!(drain(&mut index), expected.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
    }
}

#[test]
fn larger_than_the_limit_is_refused_and_everything_given_back() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(store(&mut index, 1, 17), None);
    assert_eq!(index.bytes(), 0);
    assert_eq!(store(&mut index, 1, 16), Some(vec![]));
}

#[test]
fn a_failed_eviction_keeps_its_bytes() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(store(&mut index, 1, 10), Some(vec![]));
    let mut hold = Hold::new(10 * 512);
    let Gather::Evict(files) = index.gather(&mut hold) else {
        panic!("room for 20 blocks in 16")
    };
    assert!(
        !index.contains(&key(1)),
        "not found while it is being unlinked"
    );
    index.keep(&files[0], End::MostRecent);
    assert!(index.contains(&key(1)));
    index.give_back(&hold);
    assert_eq!(index.bytes(), 10 * 512);
}

#[test]
fn a_condemned_file_keeps_its_bytes_until_it_is_gone() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(store(&mut index, 1, 10), Some(vec![]));
    let file = index.take(&key(1)).unwrap();
    index.condemn(file.name.path(), file.bytes);
    assert_eq!(store(&mut index, 2, 7), None);
    let condemned = index.take_condemned();
    assert_eq!(condemned.len(), 1);
    index.gone(condemned[0].bytes);
    assert_eq!(store(&mut index, 2, 7), Some(vec![]));
}

#[test]
fn while_scanning_room_is_made_from_what_was_found() {
    let mut index = Index::new(LIMIT, FIRST);
    index.expect_found(LIMIT);
    assert_eq!(
        store(&mut index, 1, 1),
        None,
        "the disk may be full of what is not found yet"
    );
    assert!(matches!(
        index.adopt(&old_file(2, 7, 0)),
        Adoption::Adopted(_)
    ));
    assert_eq!(store(&mut index, 1, 1), Some(vec![2]));
    index.all_found();
    assert_eq!(store(&mut index, 3, 15), Some(vec![]));
}

#[test]
fn a_scan_never_brings_back_what_this_run_replaced() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(store(&mut index, 1, 1), Some(vec![]));
    assert_eq!(index.adopt(&old_file(1, 7, 0)), Adoption::Outdated);
}

#[test]
fn two_old_files_of_a_key_go_both() {
    let mut index = Index::new(LIMIT, FIRST);
    assert!(matches!(
        index.adopt(&old_file(1, 7, 0)),
        Adoption::Adopted(_)
    ));
    assert_eq!(index.adopt(&old_file(1, 7, 0)), Adoption::Known);
    assert_eq!(
        index.adopt(&old_file(1, 8, 0)),
        Adoption::Ambiguous(old_file(1, 7, 0))
    );
    assert!(!index.contains(&key(1)));
}

#[test]
fn times_in_the_future_are_brought_back_in_order() {
    let mut index = Index::new(LIMIT, FIRST);
    let mut found = Vec::new();
    for (number, time) in [(1, 5_000), (2, 50), (3, 6_000)] {
        let Adoption::Adopted(place) = index.adopt(&old_file(number, u64::from(number), time))
        else {
            panic!("{number}")
        };
        found.push(place);
    }
    found.sort_unstable_by(|one, other| other.cmp(one));
    index.sort_in(&found, 1000);
    let written: Vec<(u8, u64)> = index
        .take_queued()
        .iter()
        .map(|(name, used_at)| (name.key.0[0], *used_at))
        .collect();
    assert_eq!(
        written,
        [(3, 1000), (1, 999)],
        "those in the future alone are written anew"
    );
    assert_eq!(drain(&mut index), [2, 1, 3]);
}

#[test]
fn times_never_go_back() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(
        (index.tick(100), index.tick(50), index.tick(200)),
        (100, 101, 200)
    );
}

#[test]
fn a_use_is_written_when_the_file_is_far_behind() {
    let second = 1_000_000_000;
    let mut index = Index::new(LIMIT, FIRST);
    assert!(matches!(
        index.adopt(&old_file(1, 7, 0)),
        Adoption::Adopted(_)
    ));
    index.touch(&key(1), (u64::from(PERSIST_AFTER_S) - 1) * second);
    assert_eq!(index.take_queued(), []);
    let due = u64::from(PERSIST_AFTER_S) * second;
    let file = index.touch(&key(1), due).unwrap();
    index.touch(&key(1), due + 5);
    assert_eq!(index.take_queued(), [(file.name, due + 5)]);
    assert_eq!(index.take_queued(), []);
    index.touch(&key(1), due + 6);
    let mut cursor = Cursor::default();
    assert_eq!(
        index.take_behind(&mut cursor),
        Some(vec![(file.name, due + 6)]),
        "at the end everything is written"
    );
}

#[test]
fn a_sweep_passes_over_what_came_after_its_mark() {
    let mut index = Index::new(LIMIT, FIRST);
    assert_eq!(store(&mut index, 1, 1), Some(vec![]));
    let mark = index.mark();
    assert_eq!(store(&mut index, 2, 1), Some(vec![]));
    let swept = index
        .sweep(&mut Cursor::default(), Selection::All, mark)
        .unwrap();
    assert_eq!(
        swept.iter().map(|file| file.name.key).collect::<Vec<_>>(),
        [key(1)]
    );
}
