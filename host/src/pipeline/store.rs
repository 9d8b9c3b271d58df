//! A rendition into the cache. A cache that cannot take it is counted and logged, and never the
//! client's trouble.

use std::sync::Arc;

use crate::keeping::{Keeping, NotKept, Reservation};
use crate::pipeline::lookup::Place;
use crate::rendition::Rendition;
use crate::rendition::kept::Kept;

/// Whether a rendition was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The next request finds it.
    Kept,
    /// The next request makes it again.
    Refused,
}

/// Keep `rendition`. Waits for the disk, so that who asks next finds it.
pub(super) async fn store(
    keeping: &Arc<Keeping>,
    reservation: Reservation,
    (place, rendition): (&Place, Rendition),
) -> (Arc<Kept>, Stored) {
    let (keeping, spare) = (Arc::clone(keeping), rendition.clone());
    let keep = move || keeping.keep(reservation, rendition);
    match tokio::task::spawn_blocking(keep).await {
        Ok((kept, Ok(()))) => (kept, Stored::Kept),
        Ok((kept, Err(NotKept::Off))) => (kept, Stored::Refused),
        Ok((kept, Err(error))) => {
            tracing::warn!(%error, "a rendition was not kept");
            (kept, Stored::Refused)
        }
        Err(error) => {
            tracing::error!(%error, "the cache broke while storing");
            let kept = Kept::new(spare, place.tag, Some(place.etag()));
            (Arc::new(kept), Stored::Refused)
        }
    }
}
