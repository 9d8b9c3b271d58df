//! The source tier: originals, how long they may be believed, and what to do when they may not. A name
//! comes in; which version it is now goes out, and its bytes where somebody needs them.
//!
//! ```text
//! name ─ record ─┬─ fresh ─────────────────────────────────────── version
//!                ├─ stale ─ ask in the background ─────────────── version
//!                └─ else ── ask ─┬─ 304 ───────────────────────── version
//!                                ├─ 200 ─ keep ────────────────── version, bytes
//!                                └─ failed ─ remember, last resort ─ version or the failure
//! ```
//! Many questions at once about one source are one question to its origin.

mod original;
mod ask;
mod record;
mod freshness;
mod failures;
mod shelf;
mod counters;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use cache::{Key, RemoveError, Tag};
use tokio::sync::Semaphore;

pub(crate) use self::counters::SourceStats;
pub(crate) use self::failures::Memory;
pub(crate) use self::freshness::Trust;
pub(crate) use self::original::{Original, Version, tag_of};
pub(crate) use self::shelf::Mark;

use self::counters::Counters;
use self::failures::{Failures, is_outage};
use self::record::Standing;
use self::shelf::Shelf;
use crate::flights::Flights;
use crate::keeping::disk::Disk;
use crate::origins::{FetchError, Origins, SourceRef};

/// Questions asked in the background at once: they share the fetches that there may be with requests that
/// somebody waits for.
const REFRESHES_MAX: usize = 16;

/// All sources of a server.
pub(crate) struct Sources {
    /// Where they come from.
    pub origins: Origins,
    trust: Trust,
    /// The longest that a question may take; who asks may wait for less.
    patience: Duration,
    shelf: Arc<Shelf>,
    failures: Failures,
    flights: Flights<(Key, Question), Answer>,
    refreshes: Arc<Semaphore>,
    counters: Counters,
}

/// What a source tier is made of.
pub(crate) struct SourcesConfig {
    /// Where sources come from.
    pub origins: Origins,
    /// What is known of them.
    pub records: Disk,
    /// Their bytes.
    pub bytes: Disk,
    /// How long they are believed.
    pub trust: Trust,
    /// How long failures are remembered.
    pub memory: Memory,
    /// The longest that a question may take.
    pub patience: Duration,
}

/// What an origin is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    /// Whether the source has changed.
    Changed,
    /// For the whole source.
    Whole,
}

type Answer = Result<Obtained, Arc<FetchError>>;

/// A source as it is now.
#[derive(Debug, Clone)]
pub(crate) struct Obtained {
    /// Which version.
    pub version: Version,
    /// Whether it may be kept, and what is made from it.
    pub lasting: Lasting,
    /// Its bytes, where they came with the answer.
    bytes: Option<Bytes>,
}

impl Obtained {
    /// Bytes that came with the answer.
    pub(crate) fn bytes_here(&self) -> u64 {
        self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)
    }
}

/// Whether an origin lets a shared cache keep its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// It does.
    Kept,
    /// It does not: for the requests that wait, and nobody else.
    Passing,
}

impl Sources {
    pub(crate) fn new(config: SourcesConfig) -> Self {
        Self {
            origins: config.origins,
            trust: config.trust,
            patience: config.patience,
            shelf: Arc::new(Shelf::new(config.records, config.bytes)),
            failures: Failures::new(config.memory),
            flights: Flights::default(),
            refreshes: Arc::new(Semaphore::new(REFRESHES_MAX)),
            counters: Counters::default(),
        }
    }

    /// The version of a fresh source, where that takes no waiting: for the way of a hit.
    pub(crate) fn known_at_once(&self, original: &Original) -> Option<Version> {
        if let SourceRef::File(name) = original.named() {
            let validator = self.origins.file_validator_at_once(name)?;
            return Some(Version::of(validator.as_bytes()));
        }
        let record = self.shelf.recall(&original.key)?;
        let fresh = record.standing(SystemTime::now()) == Standing::Fresh;
        fresh.then(|| {
            self.counters.fresh.one();
            record.version
        })
    }

    /// The version of a source, where nobody has to be waited for. A stale one is asked about meanwhile.
    pub(crate) async fn known(
        self: &Arc<Self>,
        original: &Arc<Original>,
        deadline: Instant,
    ) -> Option<Version> {
        if let SourceRef::File(name) = original.named() {
            if let Some(validator) = self.origins.file_validator_at_once(name) {
                return Some(Version::of(validator.as_bytes()));
            }
            let validator = self.origins.file_validator(name, deadline).await.ok()?;
            return Some(Version::of(validator.as_bytes()));
        }
        let record = self.shelf.read(&original.key).await?;
        let outage = || self.failures.recall(&original.key, Instant::now());
        match record.standing(SystemTime::now()) {
            Standing::Fresh => self.counters.fresh.one(),
            Standing::Stale => {
                self.counters.stale.one();
                if outage().is_none() {
                    self.refresh(original);
                }
            }
            Standing::LastResort if outage().is_some_and(|error| is_outage(&error)) => {
                self.counters.stood_in.one();
            }
            Standing::LastResort | Standing::Expired => return None,
        }
        Some(record.version)
    }

    /// The version that a source had when it was last looked at, however long ago; nobody is asked.
    pub(crate) async fn last_version(
        &self,
        original: &Original,
        deadline: Instant,
    ) -> Option<Version> {
        match original.named() {
            SourceRef::File(name) => {
                let validator = self.origins.file_validator(name, deadline).await.ok()?;
                Some(Version::of(validator.as_bytes()))
            }
            SourceRef::Url(_) | SourceRef::Base(_) => {
                Some(self.shelf.read(&original.key).await?.version)
            }
        }
    }

    /// The version of a source; its origin is asked where that is needed.
    pub(crate) async fn obtain(
        self: &Arc<Self>,
        original: &Arc<Original>,
        deadline: Instant,
    ) -> Answer {
        if let SourceRef::File(_) = original.named() {
            return self.ask(original, Question::Whole, deadline).await;
        }
        match self.known(original, deadline).await {
            Some(version) => Ok(Obtained {
                version,
                lasting: Lasting::Kept,
                bytes: None,
            }),
            None => self.ask(original, Question::Changed, deadline).await,
        }
    }

    /// The bytes of a source, and the version that they really are: where they have to be fetched, it may
    /// have changed.
    pub(crate) async fn bytes(
        self: &Arc<Self>,
        (original, obtained): (&Arc<Original>, Obtained),
        deadline: Instant,
    ) -> Result<(Obtained, Bytes), Arc<FetchError>> {
        if let Some(bytes) = obtained.bytes.clone() {
            return Ok((obtained, bytes));
        }
        if let Some(bytes) = self.shelf.bytes(&original.key, obtained.version).await {
            self.counters.bytes_found.one();
            return Ok((obtained, bytes));
        }
        let whole = self.ask(original, Question::Whole, deadline).await?;
        let bytes = whole.bytes.clone().ok_or(FetchError::Empty)?;
        Ok((whole, bytes))
    }

    /// Forget a source for good, or all of them; says how many entries went. Blocks on the disk.
    pub(crate) fn purge(&self, tag: Option<Tag>) -> Result<usize, RemoveError> {
        self.failures.forget_all();
        // Who asks from here on does not join a question that was asked before.
        self.flights.forget();
        self.shelf.purge(tag)
    }

    /// Whether what is kept of sources cannot be reached right now.
    pub(crate) fn is_away(&self) -> bool {
        self.shelf.is_away()
    }

    /// How many purges there have been: what was obtained before one must not be kept after it.
    pub(crate) fn mark(&self) -> Mark {
        self.shelf.mark()
    }
}
