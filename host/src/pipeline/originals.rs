//! The named pictures that a rendition is made from, its source and what is laid over it, and the versions
//! that they have. All of them are sources alike: each is believed, asked about and kept by the same rules.

use std::sync::Arc;
use std::time::Instant;

use http::HeaderMap;
use request::image_request::{ImageRequest, Source};

use crate::origins::Origins;
use crate::sources::{Original, Sources, Version};

/// The pictures, as one client may see them.
#[derive(Debug, Clone)]
pub(super) struct Originals {
    pub(super) source: Arc<Original>,
    /// By their numbers in the request; mostly there are none.
    pub(super) overlays: Vec<Arc<Original>>,
}

/// Their versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions {
    pub(super) source: Version,
    pub(super) overlays: Vec<Version>,
}

/// The overlays of a request.
pub(super) fn overlays(request: &ImageRequest) -> Vec<Arc<Original>> {
    let named = request.overlays.iter().filter_map(Original::new);
    named.map(Arc::new).collect()
}

/// Each for this client.
pub(super) fn seen_by(
    overlays: &[Arc<Original>],
    client: &HeaderMap,
    origins: &Origins,
) -> Vec<Arc<Original>> {
    let seen = overlays
        .iter()
        .map(|overlay| overlay.seen_by(client, origins));
    seen.collect()
}

impl Originals {
    /// Of a request; `None` where its source is an upload.
    pub(super) fn new(request: &ImageRequest) -> Option<Self> {
        Some(Self {
            source: Arc::new(Original::new(&request.source)?),
            overlays: overlays(request),
        })
    }

    /// Of a Lambda@Edge URL, which lays nothing over.
    pub(super) fn of_lambda_edge(source: &Source) -> Option<Self> {
        Some(Self {
            source: Arc::new(Original::of_lambda_edge(source)?),
            overlays: Vec::new(),
        })
    }

    /// Whether these are the same ones, seen alike.
    pub(super) fn is(&self, other: &Self) -> bool {
        let overlays = self.overlays.iter().zip(&other.overlays);
        Arc::ptr_eq(&self.source, &other.source)
            && self.overlays.len() == other.overlays.len()
            && overlays
                .into_iter()
                .all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// The same for this client.
    pub(super) fn seen_by(&self, client: &HeaderMap, origins: &Origins) -> Self {
        Self {
            source: self.source.seen_by(client, origins),
            overlays: seen_by(&self.overlays, client, origins),
        }
    }

    /// Their versions, where that takes no waiting.
    pub(super) fn known_at_once(&self, sources: &Sources) -> Option<Versions> {
        let source = sources.known_at_once(&self.source)?;
        let overlays = self.overlays.iter();
        let overlays = overlays.map(|overlay| sources.known_at_once(overlay));
        Some(Versions {
            source,
            overlays: overlays.collect::<Option<_>>()?,
        })
    }

    /// Their versions, where no origin has to be waited for.
    pub(super) async fn known(
        &self,
        sources: &Arc<Sources>,
        deadline: Instant,
    ) -> Option<Versions> {
        let source = sources.known(&self.source, deadline).await?;
        let mut overlays = Vec::with_capacity(self.overlays.len());
        for overlay in &self.overlays {
            overlays.push(sources.known(overlay, deadline).await?);
        }
        Some(Versions { source, overlays })
    }

    /// The versions that they had when they were last looked at; nobody is asked.
    pub(super) async fn last_known(
        &self,
        sources: &Sources,
        deadline: Instant,
    ) -> Option<Versions> {
        let source = sources.last_version(&self.source, deadline).await?;
        let mut overlays = Vec::with_capacity(self.overlays.len());
        for overlay in &self.overlays {
            overlays.push(sources.last_version(overlay, deadline).await?);
        }
        Some(Versions { source, overlays })
    }
}
