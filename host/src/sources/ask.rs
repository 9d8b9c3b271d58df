//! A question to an origin, and what becomes of its answer: a source is taken in, or confirmed, or what is
//! known of it stands in for an origin that fails. Many questions at once about one source are one question.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use tokio::time::timeout_at;

use super::failures::{is_gone, is_outage};
use super::freshness::{Judgement, judge};
use super::original::{Original, Version};
use super::record::{Record, Standing};
use super::shelf::Mark;
use super::{Answer, Lasting, Obtained, Question, Sources};
use crate::origins::{FetchError, Fetched, Refetched, Said, SourceRef};

impl Sources {
    /// Ask, together with all who ask the same now. Ends when nobody waits any more.
    pub(super) async fn ask(
        self: &Arc<Self>,
        original: &Arc<Original>,
        question: Question,
        deadline: Instant,
    ) -> Answer {
        let work = || Arc::clone(self).answer(Arc::clone(original), question);
        let flight = self.flights.join((original.key, question), work);
        match timeout_at(deadline.into(), flight).await {
            Ok((_, answer)) => answer,
            Err(_) => Err(FetchError::Deadline.into()),
        }
    }

    /// Ask while nobody waits. One question too many is not asked: the next request asks again.
    pub(super) fn refresh(self: &Arc<Self>, original: &Arc<Original>) {
        if self
            .flights
            .is_under_way(&(original.key, Question::Changed))
        {
            return;
        }
        let Ok(permit) = Arc::clone(&self.refreshes).try_acquire_owned() else {
            self.counters.refreshes_dropped.one();
            return;
        };
        self.counters.refreshed.one();
        let (sources, original) = (Arc::clone(self), Arc::clone(original));
        tokio::spawn(async move {
            let _permit = permit;
            let deadline = Instant::now() + sources.patience;
            if let Err(error) = sources.ask(&original, Question::Changed, deadline).await {
                tracing::debug!(%error, "a stale source could not be asked about");
            }
        });
    }

    async fn answer(self: Arc<Self>, original: Arc<Original>, question: Question) -> Answer {
        let record = match question {
            Question::Changed => self.shelf.read(&original.key).await,
            Question::Whole => None,
        };
        if let Some(error) = self.failures.recall(&original.key, Instant::now()) {
            self.counters.failures_recalled.one();
            return self.last_resort(record.as_deref(), error);
        }
        let (nothing, mark) = (Said::default(), self.shelf.mark());
        let known = record.as_ref().map_or(&nothing, |record| &record.said);
        let deadline = Instant::now() + self.patience;
        let asked = (original.named(), &original.client);
        let refetched = self.origins.refetch(asked, known, deadline).await;
        match (refetched, record) {
            (Ok(Refetched::Changed(fetched)), _) => {
                self.counters.fetched.one();
                Ok(self.take_in(&original, fetched, mark).await)
            }
            (Ok(Refetched::Unchanged(said)), Some(record)) => {
                self.counters.revalidated.one();
                Ok(self.confirm(&original, (&record, said), mark).await)
            }
            (Ok(Refetched::Unchanged(_)), None) => Err(FetchError::Empty.into()),
            (Err(error), record) => {
                let error = Arc::new(error);
                self.counters.failed.one();
                self.failures.remember(original.key, &error, Instant::now());
                if is_gone(&error) {
                    self.shelf.forget(&original).await;
                }
                self.last_resort(record.as_deref(), error)
            }
        }
    }

    /// A source that was fetched whole.
    async fn take_in(&self, original: &Original, fetched: Fetched, mark: Mark) -> Obtained {
        let Fetched { bytes, said } = fetched;
        if let SourceRef::File(_) = original.named() {
            // The mount is a disk already, and looked at each time.
            let validator = said.validator.unwrap_or_default();
            return Obtained {
                version: Version::of(validator.as_bytes()),
                lasting: Lasting::Kept,
                bytes: Some(bytes),
            };
        }
        self.failures.forget(&original.key);
        let (version, now) = (Version::of(&bytes), SystemTime::now());
        let lasting = match judge(&said, &self.trust, now) {
            Judgement::Keep(freshness) => {
                let record = Record::new((version, original.tag.0), said, &freshness, now);
                let kept = (record, Some(bytes.clone()));
                self.shelf.keep(original, kept, mark).await;
                Lasting::Kept
            }
            Judgement::Forget => {
                self.shelf.forget(original).await;
                Lasting::Passing
            }
        };
        Obtained {
            version,
            lasting,
            bytes: Some(bytes),
        }
    }

    /// A source that is still the one it was.
    async fn confirm(
        &self,
        original: &Original,
        (record, said): (&Record, Said),
        mark: Mark,
    ) -> Obtained {
        self.failures.forget(&original.key);
        let (said, now) = (record.said_again(said), SystemTime::now());
        let lasting = match judge(&said, &self.trust, now) {
            Judgement::Keep(freshness) => {
                let identity = (record.version, original.tag.0);
                let record = Record::new(identity, said, &freshness, now);
                self.shelf.keep(original, (record, None), mark).await;
                Lasting::Kept
            }
            Judgement::Forget => {
                self.shelf.forget(original).await;
                Lasting::Passing
            }
        };
        Obtained {
            version: record.version,
            lasting,
            bytes: None,
        }
    }

    /// What is known stands in for an origin that fails, while it may.
    fn last_resort(&self, record: Option<&Record>, error: Arc<FetchError>) -> Answer {
        let usable = |record: &&Record| record.standing(SystemTime::now()) != Standing::Expired;
        match record.filter(usable) {
            Some(record) if is_outage(&error) => {
                self.counters.stood_in.one();
                tracing::warn!(%error, "an origin fails; what is known of its source stands in");
                Ok(Obtained {
                    version: record.version,
                    lasting: Lasting::Kept,
                    bytes: None,
                })
            }
            _ => Err(error),
        }
    }
}
