//! A miss's overlays: the pictures that watermarks lay over the source. Their names come in, their versions
//! and then their bytes go out. Each is a source like any other, and together they may be as large as one.

use std::sync::Arc;
use std::time::Instant;

pub(crate) use answer::overlays::OverlayError;
use answer::overlays::{Budget, if_needed, missing};
use bytes::Bytes;
use http::HeaderMap;
use request::image_request::ImageRequest;

use crate::error::Error;
use crate::origins::{FetchError, Origins};
use crate::pipeline::fetch::origin_of;
use crate::sources::{Lasting, Obtained, Original, Sources, Version};

/// What is laid on, and where it is.
pub(super) type Wanted<'a> = (&'a ImageRequest, &'a [Arc<Original>]);

/// Overlays as they are now, by their numbers; nothing where one cannot be had, and need not be.
#[derive(Debug)]
pub(super) struct Found(Vec<Option<Obtained>>);

/// Encoded overlays, by their numbers in the request.
#[derive(Debug, Default)]
pub(crate) struct Overlays {
    bytes: Vec<Bytes>,
    obtained: Vec<Option<Obtained>>,
}

impl Found {
    /// The versions of all of them, if every one is there and may be kept.
    pub(super) fn versions(&self) -> Option<Vec<Version>> {
        versions(&self.0)
    }
}

impl Overlays {
    /// Their versions, if what is made with them is what the URL means, and may be kept.
    pub(super) fn versions(&self) -> Option<Vec<Version>> {
        versions(&self.obtained)
    }

    /// One that is missing is no bytes: to the transformer that is no picture, and the steps that want it,
    /// all of which may fail, are left out.
    pub(super) fn into_bytes(self) -> Vec<Bytes> {
        self.bytes
    }
}

fn versions(overlays: &[Option<Obtained>]) -> Option<Vec<Version>> {
    let kept = |overlay: &Option<Obtained>| {
        let overlay = overlay.as_ref()?;
        (overlay.lasting == Lasting::Kept).then_some(overlay.version)
    };
    overlays.iter().map(kept).collect()
}

/// Which versions what is laid on has now, asking origins where that is needed.
pub(super) async fn find(
    sources: &Arc<Sources>,
    (request, originals): Wanted<'_>,
    deadline: Instant,
) -> Result<Found, Error> {
    let mut budget = Budget::new(sources.origins.source_bytes_max());
    let mut found = Vec::with_capacity(originals.len());
    for (number, original) in originals.iter().enumerate() {
        let obtained = told(sources.obtain(original, deadline).await);
        let obtained = if_needed(obtained, (request, number))?;
        budget.take(obtained.as_ref().map_or(0, Obtained::bytes_here))?;
        found.push(obtained);
    }
    Ok(Found(found))
}

/// Their bytes, and the versions that these really are.
pub(super) async fn fetch(
    sources: &Arc<Sources>,
    (request, originals): Wanted<'_>,
    (Found(found), deadline): (Found, Instant),
) -> Result<Overlays, Error> {
    let mut budget = Budget::new(sources.origins.source_bytes_max());
    let mut overlays = Overlays::default();
    for (number, (original, obtained)) in originals.iter().zip(found).enumerate() {
        let fetched = match obtained {
            None => None,
            Some(obtained) => {
                let fetched = told(sources.bytes((original, obtained), deadline).await);
                if_needed(fetched, (request, number))?
            }
        };
        let (obtained, bytes) = fetched.unzip();
        let bytes = bytes.unwrap_or_default();
        budget.take(bytes.len() as u64)?;
        overlays.bytes.push(bytes);
        overlays.obtained.push(obtained);
    }
    Ok(overlays)
}

/// The overlays of a request that is served without a source tier: files of `origins`' mount, each needed.
pub(super) async fn read(
    origins: &Origins,
    request: &ImageRequest,
    deadline: Instant,
) -> Result<Overlays, Error> {
    let mut budget = Budget::new(origins.source_bytes_max());
    let mut overlays = Overlays::default();
    for source in &request.overlays {
        let fetched = match origin_of(source) {
            Some(origin) => origins.fetch(origin, &HeaderMap::new(), deadline).await,
            None => Err(FetchError::Disabled),
        };
        let bytes = fetched
            .map_err(|cause| missing(source, cause.into()))?
            .bytes;
        budget.take(bytes.len() as u64)?;
        overlays.bytes.push(bytes);
    }
    Ok(overlays)
}

/// Who looks for a picture that is left out finds it in the log.
fn told<T>(result: Result<T, Arc<FetchError>>) -> Result<T, Arc<FetchError>> {
    result.inspect_err(|error| tracing::debug!(%error, "an overlay cannot be had"))
}
