//! Work that several requests want is done once. Whoever asks first starts a flight; who asks for the
//! same key meanwhile joins it. A flight goes on as long as anybody still waits for it, the first
//! asker or not. When nobody does it ends where it is, unfinished: work that no client wants any more
//! would be paid for by those who wait. It never remembers results: caches do.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The flights under way, by key.
pub(crate) struct Flights<K, T> {
    board: Arc<Mutex<Board<K, T>>>,
}

struct Board<K, T> {
    by_key: HashMap<K, (u64, WeakShared<Work<T>>)>,
    started: u64,
}

/// Whether a request started the work or found it under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It started the work.
    Leader,
    /// It waits for work that another request started.
    Follower,
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        let board = Board {
            by_key: HashMap::new(),
            started: 0,
        };
        Self {
            board: Arc::new(Mutex::new(board)),
        }
    }
}

impl<K, T> Flights<K, T>
where
    K: Hash + Eq + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Join the flight for `key`, or start one with `work`.
    pub(crate) async fn join<F>(&self, key: K, work: impl FnOnce() -> F) -> (Role, T)
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (role, flight) = self.get_on(key, work);
        (role, flight.await)
    }

    fn get_on<F>(&self, key: K, work: impl FnOnce() -> F) -> (Role, Shared<Work<T>>)
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut board = lock(&self.board);
        if let Some(flight) = board
            .by_key
            .get(&key)
            .and_then(|(_, flight)| flight.upgrade())
        {
            return (Role::Follower, flight);
        }
        board.started += 1;
        let number = board.started;
        let landing = Landing {
            board: Arc::clone(&self.board),
            key: key.clone(),
            number,
        };
        let work = work();
        let flight: Work<T> = Box::pin(async move {
            let result = work.await;
            drop(landing);
            result
        });
        let flight = flight.shared();
        if let Some(weak) = flight.downgrade() {
            board.by_key.insert(key, (number, weak));
        }
        (Role::Leader, flight)
    }

    /// Whoever asks from here on starts anew. Flights under way go on for those who wait for them.
    pub(crate) fn forget(&self) {
        lock(&self.board).by_key.clear();
    }

    /// Whether there is a flight for `key`.
    pub(crate) fn is_under_way(&self, key: &K) -> bool {
        lock(&self.board).by_key.contains_key(key)
    }

    /// Flights under way.
    pub(crate) fn under_way(&self) -> usize {
        lock(&self.board).by_key.len()
    }
}

/// Takes its flight off the board when the work ends, finished or abandoned.
struct Landing<K: Hash + Eq, T> {
    board: Arc<Mutex<Board<K, T>>>,
    key: K,
    number: u64,
}

impl<K: Hash + Eq, T> Drop for Landing<K, T> {
    fn drop(&mut self) {
        let mut board = lock(&self.board);
        // An abandoned flight may be dropped after a new one took off under the same key.
        if board
            .by_key
            .get(&self.key)
            .is_some_and(|(number, _)| *number == self.number)
        {
            board.by_key.remove(&self.key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under this lock can panic half-way through a change.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn many_askers_one_work() {
        let flights = Flights::<&str, usize>::default();
        let runs = Arc::new(AtomicUsize::new(0));
        let (go, gate) = oneshot::channel::<()>();
        let mut gate = Some(gate);
        let mut boarded = Vec::new();
        for _ in 0..50 {
            let runs = Arc::clone(&runs);
            let gate = gate.take();
            boarded.push(flights.get_on("key", || async move {
                if let Some(gate) = gate {
                    let _ = gate.await;
                }
                runs.fetch_add(1, Ordering::SeqCst) + 1
            }));
        }
        go.send(()).unwrap();
        assert_eq!(
            boarded
                .iter()
                .filter(|(role, _)| *role == Role::Leader)
                .count(),
            1
        );
        for (_, flight) in boarded {
            assert_eq!(flight.await, 1);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(flights.under_way(), 0);
    }

    #[tokio::test]
    async fn a_forgotten_flight_is_joined_by_nobody_and_lands() {
        let flights = Flights::<&str, u8>::default();
        let (go, gate) = oneshot::channel::<u8>();
        let (_, old) = flights.get_on("key", || async move { gate.await.unwrap_or(0) });
        flights.forget();
        let (role, new) = flights.get_on("key", std::future::pending);
        assert_eq!(role, Role::Leader);
        go.send(7).unwrap();
        assert_eq!(old.await, 7);
        assert_eq!(flights.under_way(), 1, "the old one took only itself off");
        drop(new);
    }

    #[tokio::test]
    async fn the_work_outlives_its_leader_but_not_its_last_follower() {
        let flights = Flights::<&str, u8>::default();
        let (go, gate) = oneshot::channel::<u8>();
        let (_, leader) = flights.get_on("key", || async move { gate.await.unwrap_or(0) });
        let (role, follower) =
            flights.get_on("key", || async { unreachable!("a flight is under way") });
        assert_eq!(role, Role::Follower);
        drop(leader);
        go.send(7).unwrap();
        assert_eq!(follower.await, 7);

        let (_, abandoned) = flights.get_on("key", std::future::pending);
        drop(abandoned);
        assert_eq!(flights.under_way(), 0, "nobody waits, nothing flies");
        let (role, result) = flights.join("key", || async { 9 }).await;
        assert_eq!((role, result), (Role::Leader, 9));
    }
}
