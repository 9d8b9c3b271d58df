//! What the throttle remembers of each key, within a fixed number of keys. Keys stand in a young and an
//! old half; when the young half is full the old one is forgotten. So a key that comes again is kept,
//! and a flood of new ones can push out others and never take more memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;

/// States by key.
pub(super) struct States<K> {
    halves: Mutex<Halves<K>>,
    half_max: usize,
}

struct Halves<K> {
    young: HashMap<K, Nanos>,
    old: HashMap<K, Nanos>,
}

impl<K: Hash + Eq> States<K> {
    /// Room for so many keys, at least two.
    pub(super) fn new(keys_max: usize) -> Self {
        let halves = Halves {
            young: HashMap::new(),
            old: HashMap::new(),
        };
        Self {
            halves: Mutex::new(halves),
            half_max: (keys_max / 2).max(1),
        }
    }
}

impl<K: Hash + Eq + Clone> StateStore for States<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // Nothing under this lock can panic half-way through a change.
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        let young = halves.young.get(key).copied();
        let before = young.or_else(|| halves.old.get(key).copied());
        let outcome = measure(before);
        // A key that is refused stays remembered, or it would be let in by coming often enough.
        let after = match &outcome {
            Ok((_, after)) => Some(*after),
            Err(_) => before,
        };
        if let Some(after) = after {
            if young.is_none() && halves.young.len() >= self.half_max {
                halves.old = std::mem::take(&mut halves.young);
            }
            halves.young.insert(key.clone(), after);
        }
        outcome.map(|(value, _)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(states: &States<u32>, key: u32) -> u64 {
        let one_more = |before: Option<Nanos>| {
            let count = before.map_or(0, Nanos::as_u64) + 1;
            Ok::<_, ()>((count, Nanos::from(count)))
        };
        states.measure_and_replace(&key, one_more).unwrap()
    }

    fn refuse(states: &States<u32>, key: u32) {
        let refused: Result<(), ()> = states.measure_and_replace(&key, |_| Err(()));
        assert!(refused.is_err());
    }

    #[test]
    fn a_key_that_comes_again_is_remembered_and_the_number_of_keys_is_bounded() {
        let states = States::new(8);
        assert_eq!(add(&states, 0), 1);
        for key in 1..1000 {
            add(&states, key);
            if key % 3 == 0 {
                refuse(&states, 0);
            }
            let halves = states.halves.lock().unwrap();
            assert!(halves.young.len() + halves.old.len() <= 8);
        }
        assert_eq!(add(&states, 0), 2, "it came all the time");
        assert_eq!(add(&states, 1), 1, "it was forgotten");
    }
}
