//! A rendition into the cache. A cache that cannot take it is counted and logged, and never the
//! client's trouble.

use std::sync::Arc;

use cache::PutError;

use crate::disk_work;
use crate::keeping::{Keeping, NotKept, Reservation};
use crate::pipeline::lookup::Place;
use crate::rendition::Rendition;
use crate::rendition::kept::Kept;

/// Whether a rendition was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    /// The next request finds it.
    Kept,
    /// Not this time; the next request makes it again.
    Refused,
    /// Nor will it be if it is made again.
    Never,
}

/// Keep `rendition`. Waits for the disk, so that who asks next finds it, but not for one that hangs.
pub(super) async fn store(
    keeping: &Arc<Keeping>,
    reservation: Reservation,
    (place, rendition): (&Place, Rendition),
) -> (Arc<Kept>, Stored) {
    let (keeping, spare) = (Arc::clone(keeping), rendition.clone());
    let keep = move || keeping.keep(reservation, rendition);
    match disk_work::run(keep).await {
        Ok((kept, Ok(()))) => (kept, Stored::Kept),
        Ok((kept, Err(NotKept::Off))) => (kept, Stored::Never),
        Ok((kept, Err(error))) => {
            tracing::warn!(%error, "a rendition was not kept");
            let is_too_large = matches!(error, NotKept::Refused(PutError::TooLarge { .. }));
            let stored = if is_too_large {
                Stored::Never
            } else {
                Stored::Refused
            };
            (kept, stored)
        }
        Err(error) => {
            tracing::error!(%error, "a rendition was not kept");
            let kept = Kept::new(spare, place.tag, Some(place.etag()));
            (Arc::new(kept), Stored::Refused)
        }
    }
}
