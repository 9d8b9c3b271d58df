//! A rendition into the cache. A cache that cannot take it is counted and logged, and never the
//! client's trouble.

use std::sync::Arc;

use cache::DiskCache;

use crate::pipeline::lookup::Place;
use crate::rendition::Rendition;

/// Whether a rendition was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The next request finds it.
    Kept,
    /// The next request makes it again.
    Refused,
}

/// Keep `rendition` at `place`. Waits for the disk, so that who asks next finds it.
pub(super) async fn store(
    cache: Option<&Arc<DiskCache>>,
    place: Place,
    rendition: &Rendition,
) -> Stored {
    let Some(cache) = cache.map(Arc::clone) else {
        return Stored::Refused;
    };
    let (meta, body) = (rendition.meta(), rendition.body.clone());
    let ticket = cache.reserve(&place.key, place.tag);
    let put = tokio::task::spawn_blocking(move || ticket.commit(&meta, &body)).await;
    match put {
        Ok(Ok(_)) => Stored::Kept,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a rendition was not kept");
            Stored::Refused
        }
        Err(error) => {
            tracing::error!(%error, "the cache broke while storing");
            Stored::Refused
        }
    }
}
