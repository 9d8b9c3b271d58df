//! Renditions made while nobody waits: a client got something quick, and the better format is made for the
//! next one. Few at once, only on workers that requests leave idle, within a share of the CPU, and given up
//! when requests come. What is asked for twice is made once; what finds no place in the queue is asked for
//! again by a later request.

use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cache::Key;
use quick_cache::sync::Cache;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::count::Count;
use crate::load::Load;

/// Times that one rendition is begun: on a server that is never idle for long it is better left alone.
const ATTEMPTS_MAX: u32 = 3;
/// Renditions remembered that could not be made, so that they are not tried for ever.
const HOPELESS_MAX: usize = 4096;

/// What background work may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UpgradesConfig {
    /// Renditions that may wait.
    pub queue_max: usize,
    /// Made at once; at most `workers`.
    pub at_once_max: usize,
    /// Workers of the sandbox.
    pub workers: usize,
    /// Per cent of the time of each that is made at once: 100 never rests.
    pub cpu_percent: u32,
}

/// The queue, and who works it off.
pub(crate) struct Upgrades {
    config: UpgradesConfig,
    load: Arc<Load>,
    queue: Mutex<Queue>,
    added: Notify,
    hopeless: Cache<Key, ()>,
    counters: Counters,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    /// Those that wait and those that are being made.
    keys: HashSet<Key>,
}

/// One rendition to be made.
struct Job {
    key: Key,
    make: Box<dyn Fn() -> Work + Send + Sync>,
}

/// Making one; dropping it stops it.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;

/// It was not made. Why is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// And will not be if it is tried again.
    ForGood,
    /// Somebody who asks again has it tried again.
    ThisTime,
}

#[derive(Debug, Default)]
struct Counters {
    made: Count,
    dropped: Count,
    interrupted: Count,
    failed: Count,
}

/// Background work at one moment. Counts are since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpgradeStats {
    /// Waiting or being made.
    pub queued: usize,
    /// Made.
    pub made: u64,
    /// Not queued because too many were, or given up too often.
    pub dropped: u64,
    /// Given up because requests came.
    pub interrupted: u64,
    /// Not made.
    pub failed: u64,
}

impl Upgrades {
    pub(crate) fn new(config: UpgradesConfig, load: Arc<Load>) -> Self {
        Self {
            config,
            load,
            queue: Mutex::default(),
            added: Notify::new(),
            hopeless: Cache::new(HOPELESS_MAX),
            counters: Counters::default(),
        }
    }

    /// Start to work the queue off; dropping what is returned stops it, and gives up what is being made.
    pub(crate) fn start(self: &Arc<Self>) -> JoinSet<()> {
        let mut workers = JoinSet::new();
        for number in 0..self.config.at_once_max.min(self.config.workers) {
            workers.spawn(Arc::clone(self).work(number));
        }
        workers
    }

    /// Have the rendition of `key` made some time.
    pub(crate) fn add(&self, key: Key, make: impl Fn() -> Work + Send + Sync + 'static) {
        if self.hopeless.contains_key(&key) {
            return;
        }
        let mut queue = self.lock();
        if queue.keys.contains(&key) {
            return;
        }
        if queue.waiting.len() >= self.config.queue_max {
            drop(queue);
            self.counters.dropped.one();
            return;
        }
        queue.keys.insert(key);
        queue.waiting.push_back(Job {
            key,
            make: Box::new(make),
        });
        drop(queue);
        self.added.notify_one();
    }

    /// Background work at this moment.
    pub(crate) fn stats(&self) -> UpgradeStats {
        UpgradeStats {
            queued: self.lock().keys.len(),
            made: self.counters.made.get(),
            dropped: self.counters.dropped.get(),
            interrupted: self.counters.interrupted.get(),
            failed: self.counters.failed.get(),
        }
    }

    /// The life of one of those who work; `number` of them use workers of the sandbox before this one does.
    async fn work(self: Arc<Self>, number: usize) {
        loop {
            let job = self.next().await;
            self.make(&job, self.config.workers - number).await;
            self.lock().keys.remove(&job.key);
        }
    }

    async fn next(&self) -> Job {
        loop {
            let added = self.added.notified();
            if let Some(job) = self.take() {
                return job;
            }
            added.await;
        }
    }

    /// The oldest; another worker is told where there is one more.
    fn take(&self) -> Option<Job> {
        let mut queue = self.lock();
        let job = queue.waiting.pop_front()?;
        if !queue.waiting.is_empty() {
            self.added.notify_one();
        }
        Some(job)
    }

    /// Make it while fewer than `room` transforms are awaited; given up when more are, and begun again.
    async fn make(&self, job: &Job, room: usize) {
        for _ in 0..ATTEMPTS_MAX {
            self.load.falls_below(room).await;
            let begun = Instant::now();
            let done = tokio::select! {
                done = (job.make)() => Some(done),
                () = self.load.rises_to(room) => None,
            };
            tokio::time::sleep(self.rest_after(begun.elapsed())).await;
            match done {
                Some(Ok(())) => return self.counters.made.one(),
                Some(Err(failed)) => {
                    if failed == Failed::ForGood {
                        self.hopeless.insert(job.key, ());
                    }
                    return self.counters.failed.one();
                }
                None => self.counters.interrupted.one(),
            }
        }
        self.counters.dropped.one();
    }

    /// So that work and rest together keep to the share.
    fn rest_after(&self, worked: Duration) -> Duration {
        let percent = self.config.cpu_percent.clamp(1, 100);
        worked * (100 - percent) / percent
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing under this lock can panic half-way through a change.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::mpsc;

    use super::*;

    fn upgrades(queue_max: usize, workers: usize) -> (Arc<Upgrades>, Arc<Load>) {
        let load = Arc::new(Load::default());
        let config = UpgradesConfig {
            queue_max,
            at_once_max: 1,
            workers,
            cpu_percent: 100,
        };
        (Arc::new(Upgrades::new(config, Arc::clone(&load))), load)
    }

    fn key(number: u8) -> Key {
        Key([number; 32])
    }

    #[tokio::test]
    async fn what_is_asked_for_twice_is_made_once_and_a_full_queue_drops() {
        let (upgrades, _) = upgrades(2, 1);
        let (made, mut seen) = mpsc::unbounded_channel();
        for number in [1, 1, 2, 2, 3] {
            let made = made.clone();
            upgrades.add(key(number), move || {
                let made = made.clone();
                Box::pin(async move { made.send(number).map_err(|_| Failed::ThisTime) })
            });
        }
        assert_eq!(upgrades.stats().queued, 2);
        assert_eq!(upgrades.stats().dropped, 1);
        let _working = upgrades.start();
        assert_eq!((seen.recv().await, seen.recv().await), (Some(1), Some(2)));
    }

    #[tokio::test]
    async fn requests_go_first() {
        let (upgrades, load) = upgrades(1, 1);
        let begun = Arc::new(AtomicUsize::new(0));
        let (start, mut started) = mpsc::unbounded_channel();
        let count = Arc::clone(&begun);
        let request = load.awaited();
        upgrades.add(key(1), move || {
            let (count, start) = (Arc::clone(&count), start.clone());
            Box::pin(async move {
                let before = count.fetch_add(1, Ordering::SeqCst);
                start.send(()).map_err(|_| Failed::ThisTime)?;
                // The first attempt never ends by itself.
                if before == 0 {
                    std::future::pending::<()>().await;
                }
                Ok(())
            })
        });
        let _working = upgrades.start();
        tokio::task::yield_now().await;
        assert_eq!(
            begun.load(Ordering::SeqCst),
            0,
            "a request has the only worker"
        );
        drop(request);
        started.recv().await;
        let request = load.awaited();
        while upgrades.stats().interrupted == 0 {
            tokio::task::yield_now().await;
        }
        drop(request);
        started.recv().await;
        while upgrades.stats().made == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn what_cannot_be_made_is_not_tried_again() {
        let (upgrades, _) = upgrades(1, 1);
        let _working = upgrades.start();
        upgrades.add(key(1), || Box::pin(async { Err(Failed::ForGood) }));
        while upgrades.stats().failed == 0 {
            tokio::task::yield_now().await;
        }
        upgrades.add(key(1), || unreachable!("it is known to fail"));
        assert_eq!(upgrades.stats().queued, 0);
    }

    #[test]
    fn rest_follows_the_share() {
        let (upgrades, _) = upgrades(1, 1);
        for (percent, rest) in [(100, 0), (50, 10), (25, 30), (1, 990), (0, 990)] {
            let config = UpgradesConfig {
                cpu_percent: percent,
                ..upgrades.config
            };
            let upgrades = Upgrades::new(config, Arc::default());
            assert_eq!(
                upgrades.rest_after(Duration::from_secs(10)),
                Duration::from_secs(rest)
            );
        }
    }
}
