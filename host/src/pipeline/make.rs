//! A miss, all the way: a place in the queue, the source, the transform, the cache. Also the way of what is
//! made while nobody waits. What is not to be kept is made for the requests that wait, and nobody else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use hyper::body::Incoming;

use crate::error::Error;
use crate::pipeline::admission::Admitted;
use crate::pipeline::lookup::{Place, Unversioned};
use crate::pipeline::negotiate::Variant;
use crate::pipeline::originals::{Originals, Versions};
use crate::pipeline::respond::Outcome;
use crate::pipeline::store::Stored;
use crate::pipeline::timing::Stage;
use crate::pipeline::transform::Pictures;
use crate::pipeline::{Pipeline, fetch, lookup, observe, originals, overlays, store, transform};
use crate::rendition::Rendition;
use crate::rendition::kept::Kept;
use crate::sources::{Lasting, Obtained, Version};
use crate::traces::Place as TracePlace;
use crate::{keeping, second_level, sources};

/// A variant that is not kept, and what making it may take.
pub(super) struct Miss {
    pub(super) variant: Variant,
    pub(super) originals: Originals,
    pub(super) deadline: Instant,
    pub(super) urgency: Urgency,
    /// The request's place in a trace, if it is recorded.
    pub(super) trace: Option<TracePlace>,
}

/// Whether somebody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A request does.
    Awaited,
    /// Nobody does.
    Background,
}

/// A rendition that was made, or found once its source's version was known, and what that took.
pub(crate) struct Made {
    pub(super) kept: Arc<Kept>,
    /// Of what it was made from; none where it is not what the URL means, or of an upload.
    pub(super) versions: Option<Versions>,
    pub(super) lasting: Lasting,
    pub(super) outcome: Outcome,
    /// Whether it is kept here; none where nobody tried.
    pub(super) stored: Option<Stored>,
    pub(super) stages: [Stage; 4],
    /// Whose work it was, if that is recorded.
    pub(super) trace: Option<TracePlace>,
}

/// What had been purged when a miss began: what was begun before a purge is not kept after it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Marks {
    sources: sources::Mark,
    renditions: keeping::Mark,
    second_level: Option<second_level::Mark>,
}

impl Pipeline {
    /// A miss, all the way.
    pub(super) async fn make(self: Arc<Self>, miss: Miss) -> Result<Arc<Made>, Arc<Error>> {
        let Miss {
            variant,
            originals,
            deadline,
            urgency,
            trace,
        } = miss;
        let admitted = match urgency {
            Urgency::Awaited => Some(self.admission.admit()?),
            Urgency::Background => None,
        };
        let at_origins = admitted.as_ref().map(Admitted::at_origins);
        let (marks, start) = (self.marks(), Instant::now());
        let obtained = fetch::version(&self.sources, &originals.source, deadline).await?;
        let laid_on = (&*variant.request, &*originals.overlays);
        let found = overlays::find(&self.sources, laid_on, deadline).await?;
        let wish = self.wish(&variant, &originals);
        if let Some(versions) = versions(&obtained, found.versions())
            && let Some(made) = self.find_elsewhere(wish, versions, (marks, start)).await
        {
            return Ok(Arc::new(Made { trace, ..made }));
        }
        let source = (&originals.source, obtained);
        let (obtained, source) = fetch::fetch(&self.sources, source, deadline).await?;
        let overlays = overlays::fetch(&self.sources, laid_on, (found, deadline)).await?;
        drop(at_origins);
        let (fetched, queued) = (start.elapsed(), Instant::now());
        let versions = versions(&obtained, overlays.versions());
        let developed = {
            let _awaited = (urgency == Urgency::Awaited).then(|| self.load.awaited());
            let wanted = (&variant, Pictures { source, overlays });
            transform::transform(&self.sandbox, &self.limits, wanted, deadline).await?
        };
        let storing = Instant::now();
        let (waited, ran) = (developed.waited, developed.ran);
        let (kept, stored, lasting) = if let Some(versions) = &versions {
            let place = wish.place(versions);
            let (kept, stored) = self.keep(&place, developed.rendition, marks).await;
            (kept, Some(stored), Lasting::Kept)
        } else {
            // An origin lets nobody keep it, or it lacks an overlay that could not be had and so is not what
            // the URL means: for those who wait.
            let kept = Kept::new(developed.rendition, originals.source.tag, None);
            (Arc::new(kept), None, Lasting::Passing)
        };
        let outcome = match stored {
            Some(Stored::Kept) => Outcome::Stored,
            Some(Stored::Refused | Stored::Never) | None => Outcome::NotStored,
        };
        let stages = [
            Stage::new("queue", queued, waited),
            Stage::new("fetch", start, fetched),
            Stage::new("transform", queued + waited, ran),
            Stage::new("store", storing, storing.elapsed()),
        ];
        observe(&stages);
        Ok(Arc::new(Made {
            kept,
            versions,
            lasting,
            outcome,
            stored,
            stages,
            trace,
        }))
    }

    /// What need not be made, now that the version is known: it is kept here already, or another pod has
    /// made it.
    async fn find_elsewhere(
        &self,
        wish: Unversioned,
        versions: Versions,
        (marks, start): (Marks, Instant),
    ) -> Option<Made> {
        let place = wish.place(&versions);
        let found = lookup::find(&self.keeping, &place).await;
        let (kept, outcome) = if let Some((kept, tier)) = found {
            (kept, Outcome::Hit(tier))
        } else {
            let level = self.second_level.as_ref()?;
            let entry = level.get(&place.key, place.tag).await?;
            let rendition = Rendition::from_cache(entry)?;
            let kept = self.keep_here(&place, rendition, marks).await.0;
            (kept, Outcome::HitElsewhere)
        };
        let nothing = |name| Stage::new(name, start, Duration::ZERO);
        Some(Made {
            kept,
            versions: Some(versions),
            lasting: Lasting::Kept,
            outcome,
            stored: None,
            stages: [
                nothing("queue"),
                Stage::new("fetch", start, start.elapsed()),
                nothing("transform"),
                nothing("store"),
            ],
            trace: None,
        })
    }

    /// Keep it here, and have it written where all pods find it.
    async fn keep(&self, place: &Place, made: Rendition, marks: Marks) -> (Arc<Kept>, Stored) {
        let (kept, stored) = self.keep_here(place, made, marks).await;
        if let (Some(level), Some(mark)) = (&self.second_level, marks.second_level)
            && self.marks() == marks
        {
            level.put((&place.key, place.tag), &kept.rendition.to_entry(), mark);
        }
        (kept, stored)
    }

    async fn keep_here(&self, place: &Place, made: Rendition, marks: Marks) -> (Arc<Kept>, Stored) {
        let reservation = self.keeping.reserve(place.wanted());
        // A purge before the reservation is seen here, and one after it by the reservation.
        if self.marks() != marks {
            return (unkept(place, made), Stored::Refused);
        }
        store::store(&self.keeping, reservation, (place, made)).await
    }

    fn marks(&self) -> Marks {
        Marks {
            sources: self.sources.mark(),
            renditions: self.keeping.mark(),
            second_level: self.second_level.as_ref().map(|level| level.mark()),
        }
    }

    /// An upload belongs to the client that sent it: it is never looked up and never kept.
    pub(super) async fn make_from_upload(
        &self,
        variant: &Variant,
        (headers, body): (&HeaderMap, Incoming),
        deadline: Instant,
    ) -> Result<Made, Arc<Error>> {
        let admitted = self.admission.admit()?;
        let at_origins = admitted.at_origins();
        let start = Instant::now();
        let source = fetch::upload((headers, body), self.upload, deadline).await?;
        let overlays = originals::overlays(&variant.request);
        let overlays = originals::seen_by(&overlays, headers, &self.sources.origins);
        let laid_on = (&*variant.request, &*overlays);
        let found = overlays::find(&self.sources, laid_on, deadline).await?;
        let overlays = overlays::fetch(&self.sources, laid_on, (found, deadline)).await?;
        drop(at_origins);
        let (fetched, queued) = (start.elapsed(), Instant::now());
        let developed = {
            let _awaited = self.load.awaited();
            let wanted = (variant, Pictures { source, overlays });
            transform::transform(&self.sandbox, &self.limits, wanted, deadline).await?
        };
        let (waited, ran) = (developed.waited, developed.ran);
        let stages = [
            Stage::new("queue", queued, waited),
            Stage::new("upload", start, fetched),
            Stage::new("transform", queued + waited, ran),
            Stage::new("store", queued + waited + ran, Duration::ZERO),
        ];
        observe(&stages);
        Ok(Made {
            kept: Arc::new(Kept::new(developed.rendition, cache::Tag::default(), None)),
            versions: None,
            lasting: Lasting::Passing,
            outcome: Outcome::Bypass,
            stored: None,
            stages,
            trace: None,
        })
    }
}

/// The versions that a rendition is of, if all that it is made from may be kept.
fn versions(source: &Obtained, overlays: Option<Vec<Version>>) -> Option<Versions> {
    let overlays = overlays?;
    (source.lasting == Lasting::Kept).then_some(Versions {
        source: source.version,
        overlays,
    })
}

fn unkept(place: &Place, made: Rendition) -> Arc<Kept> {
    Arc::new(Kept::new(made, place.tag, Some(place.etag())))
}
