//! What a client really wished for, where it got a stopgap: kept by now, or made for the next client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Error, Fault};
use crate::keeping::Tier;
use crate::pipeline::make::{Made, Miss, Urgency};
use crate::pipeline::negotiate::Variant;
use crate::pipeline::originals::{Originals, Versions};
use crate::pipeline::respond::Outcome;
use crate::pipeline::store::Stored;
use crate::pipeline::{Pipeline, lookup};
use crate::rendition::kept::Kept;
use crate::upgrades::Failed;

/// For one of them: 50 megapixels of AVIF on a slow processor.
const TIMEOUT: Duration = Duration::from_mins(2);

/// A rendition that was found.
pub(super) struct Found {
    pub(super) kept: Arc<Kept>,
    pub(super) tier: Tier,
    pub(super) quality: Quality,
}

/// How near a rendition is to what was wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    /// It is that.
    Best,
    /// It is what a client gets until that is made.
    Stopgap,
}

impl Pipeline {
    /// The variant, or its stopgap; then the variant will be made.
    pub(super) async fn find(
        self: &Arc<Self>,
        variant: &Variant,
        originals: &Originals,
        versions: &Versions,
    ) -> Option<Found> {
        let found = |quality| {
            move |(kept, tier)| Found {
                kept,
                tier,
                quality,
            }
        };
        let best = self.wish(variant, originals).place(versions);
        let best = lookup::find(&self.keeping, &best).await;
        if best.is_some() || variant.stopgap.is_none() {
            return best.map(found(Quality::Best));
        }
        let stopgap = self.wish(&variant.to_make(), originals).place(versions);
        let stopgap = lookup::find(&self.keeping, &stopgap).await?;
        self.upgrade(variant, (originals, versions));
        Some(found(Quality::Stopgap)(stopgap))
    }

    /// After the stopgap was made: the variant may have been kept all the while, only nobody knew of which
    /// version. If it is not, it will be made.
    pub(super) async fn find_better(
        self: &Arc<Self>,
        (variant, originals): (&Variant, &Originals),
        made: &Made,
    ) -> Option<Found> {
        variant.stopgap?;
        let versions = made.versions.as_ref()?;
        let best = self.wish(variant, originals).place(versions);
        let Some((kept, tier)) = lookup::find(&self.keeping, &best).await else {
            self.upgrade(variant, (originals, versions));
            return None;
        };
        Some(Found {
            kept,
            tier,
            quality: Quality::Best,
        })
    }

    /// Have it made when there is time.
    fn upgrade(
        self: &Arc<Self>,
        variant: &Variant,
        (originals, versions): (&Originals, &Versions),
    ) {
        let key = self.wish(variant, originals).place(versions).key;
        // The queue belongs to the pipeline, and must not keep it alive.
        let pipeline = Arc::downgrade(self);
        let (variant, originals) = (variant.clone(), originals.clone());
        self.upgrades.add(key, move || {
            let miss = Miss {
                variant: variant.clone(),
                originals: originals.clone(),
                deadline: Instant::now() + TIMEOUT,
                urgency: Urgency::Background,
                trace: None,
            };
            let pipeline = pipeline.upgrade();
            Box::pin(async move {
                let pipeline = pipeline.ok_or(Failed::ThisTime)?;
                judge(pipeline.make(miss).await)
            })
        });
    }
}

fn judge(made: Result<Arc<Made>, Arc<Error>>) -> Result<(), Failed> {
    match made {
        Ok(made) if made.outcome != Outcome::NotStored => Ok(()),
        // A purge came in between, or the disk is full or away.
        Ok(made) if made.stored == Some(Stored::Refused) => Err(Failed::ThisTime),
        Ok(_) => Err(Failed::ForGood),
        Err(error) => {
            tracing::debug!(%error, "a better format could not be made");
            Err(match error.fault() {
                Fault::Client | Fault::Transformer => Failed::ForGood,
                Fault::Origin | Fault::Host => Failed::ThisTime,
            })
        }
    }
}
