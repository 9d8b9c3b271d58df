//! Random operations against a map and an order in memory. The cache may forget, but only what is least
//! recently used, only when it needs the room, and it never returns anything else than was stored.

use std::collections::VecDeque;

use cache::{DiskCache, Tag};
use proptest::prelude::*;

use crate::setting::{MIB, Setting, bytes_on_disk, key};

#[derive(Debug, Clone)]
enum Step {
    Put {
        number: u64,
        length: usize,
        fill: u8,
    },
    Get(u64),
    Remove(u64),
    RemoveByTag(u64),
    Reopen,
}

/// One entry of the model, which are ordered with the least recently used first.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    number: u64,
    length: usize,
    fill: u8,
}

const KEYS: u64 = 40;
const TAGS: u64 = 5;
const LENGTH_MAX: usize = 120_000;

fn step() -> impl Strategy<Value = Step> {
    let number = 0..KEYS;
    prop_oneof![
        12 => (number.clone(), 0..LENGTH_MAX, any::<u8>()).prop_map(|(number, length, fill)| Step::Put { number, length, fill }),
        8 => number.clone().prop_map(Step::Get),
        1 => number.prop_map(Step::Remove),
        1 => (0..TAGS).prop_map(Step::RemoveByTag),
        1 => Just(Step::Reopen),
    ]
}

/// What was evicted must be a run from the least recently used on, and there must have been a need.
fn forget_evicted(cache: &DiskCache, model: &mut VecDeque<Known>, room_wanted: u64) {
    let mut evicted = 0;
    while model
        .front()
        .is_some_and(|oldest| !cache.contains(&key(oldest.number)))
    {
        evicted += model.pop_front().unwrap().length as u64 + 8192;
    }
    for known in &*model {
        assert!(
            cache.contains(&key(known.number)),
            "{} went before its time",
            known.number
        );
    }
    let stats = cache.stats();
    assert_eq!(stats.entries, model.len() as u64);
    if evicted > 0 {
        assert!(
            stats.bytes + evicted + room_wanted > stats.bytes_max,
            "evicted without need"
        );
    }
}

fn apply(cache: &DiskCache, model: &mut VecDeque<Known>, step: &Step) {
    match *step {
        Step::Put {
            number,
            length,
            fill,
        } => {
            cache
                .reserve(&key(number), Tag(number % TAGS))
                .commit(&[fill], &vec![fill; length])
                .unwrap();
            // Room for the new one is made while the one that it replaces is still there.
            let replaced = model
                .iter()
                .find(|known| known.number == number)
                .map_or(0, |known| known.length + 8192);
            let wanted = (length + replaced) as u64 + 32768;
            model.retain(|known| known.number != number);
            model.push_back(Known {
                number,
                length,
                fill,
            });
            forget_evicted(cache, model, wanted);
        }
        Step::Get(number) => {
            let known = model
                .iter()
                .position(|known| known.number == number)
                .and_then(|at| model.remove(at));
            let entry = cache.get(&key(number));
            assert_eq!(entry.is_some(), known.is_some());
            if let (Some(entry), Some(known)) = (entry, known) {
                assert_eq!(
                    (entry.meta, entry.body),
                    (vec![known.fill], vec![known.fill; known.length])
                );
                model.push_back(known);
            }
        }
        Step::Remove(number) => {
            let known = model.iter().any(|known| known.number == number);
            assert_eq!(cache.remove(&key(number)).unwrap(), known);
            model.retain(|known| known.number != number);
        }
        Step::RemoveByTag(tag) => {
            let tagged = model
                .iter()
                .filter(|known| known.number % TAGS == tag)
                .count();
            assert_eq!(cache.remove_by_tag(Tag(tag)).unwrap(), tagged);
            model.retain(|known| known.number % TAGS != tag);
        }
        Step::Reopen => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_cache_behaves_like_the_model(
            steps in proptest::collection::vec(step(), 1..120),
            on_disk in proptest::bool::weighted(0.2),
        ) {
        let setting = if on_disk { Setting::new(MIB) } else { Setting::in_memory(MIB) };
        let mut cache = setting.open();
        let mut model = VecDeque::new();
        for step in &steps {
            if matches!(step, Step::Reopen) {
                drop(cache);
                cache = setting.open();
                forget_evicted(&cache, &mut model, 0);
            }
            apply(&cache, &mut model, step);
            let stats = cache.stats();
            prop_assert!(stats.bytes <= setting.bytes_max);
            prop_assert!(bytes_on_disk(setting.path()) <= stats.bytes, "the account is short");
        }
        prop_assert_eq!(cache.stats().corrupt, 0);
        prop_assert_eq!(cache.verify().entries, model.len() as u64);
    }
}
