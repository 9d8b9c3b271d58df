//! The pictures that watermarks lay over the source, by the rules of every host.

pub(crate) use answer::overlays::OverlayError;
use answer::overlays::{Budget, if_needed};
use bytes::Bytes;
use http::HeaderMap;
use request::image_request::ImageRequest;

use crate::fetch::{self, Reach};
use crate::settings::Settings;

/// Encoded overlays, by their numbers; nothing where one cannot be had, and need not be.
pub(crate) struct Overlays(Vec<Option<Bytes>>);

impl Overlays {
    /// All of them, if every one is there.
    pub(crate) fn whole(&self) -> Option<Vec<&Bytes>> {
        self.0.iter().map(Option::as_ref).collect()
    }

    /// One that is missing is no bytes: to the transformer that is no picture, and the steps that want it,
    /// all of which may fail, are left out.
    pub(crate) fn into_bytes(self) -> Vec<Vec<u8>> {
        let bytes = self.0.into_iter().map(Option::unwrap_or_default);
        bytes.map(Vec::from).collect()
    }
}

/// Fetch what the steps lay over the source.
pub(crate) async fn fetch(
    settings: &Settings,
    request: &ImageRequest,
    client: &HeaderMap,
) -> Result<Overlays, OverlayError> {
    let mut budget = Budget::new(settings.source_bytes_max);
    let mut overlays = Vec::with_capacity(request.overlays.len());
    for (number, source) in request.overlays.iter().enumerate() {
        let fetched = fetch::source(settings, (source, Reach::Url), client).await;
        let bytes = if_needed(fetched.map_err(Into::into), (request, number))?;
        budget.take(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))?;
        overlays.push(bytes);
    }
    Ok(Overlays(overlays))
}
