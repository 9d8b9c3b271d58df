//! A rendition into the cache. A cache that cannot take it is counted and logged, and never the
//! client's trouble.

use std::sync::Arc;

use crate::keeping::{Keeping, NotKept};
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
pub(super) async fn store(keeping: &Arc<Keeping>, place: Place, rendition: &Rendition) -> Stored {
    let keeping = Arc::clone(keeping);
    let (meta, body) = (rendition.meta(), rendition.body.clone());
    let put = move || keeping.put(&place.key, place.tag, (&meta, &body));
    match tokio::task::spawn_blocking(put).await {
        Ok(Ok(())) => Stored::Kept,
        Ok(Err(NotKept::Off)) => Stored::Refused,
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
