//! A miss's source: from the mount, from an origin, or from the body of the request itself.

use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;
use hyper::body::Incoming;
use request::image_request::Source;

use crate::error::Error;
use crate::metrics::METRICS;
use crate::origins::{Origins, SourceRef};
use crate::upload::{self, UploadError, UploadLimits};

/// Fetch a named source before `deadline`.
pub(super) async fn fetch(
    origins: &Origins,
    source: &Source,
    client: &HeaderMap,
    deadline: Instant,
) -> Result<Bytes, Error> {
    match origin_of(source) {
        Some(source) => {
            let start = Instant::now();
            let fetched = origins.fetch(source, client, deadline).await;
            let failure = fetched.as_ref().err();
            METRICS.origins.count(source, failure, start.elapsed());
            Ok(fetched?.bytes)
        }
        None => Err(UploadError::Empty.into()),
    }
}

/// Take the source out of a POST's body.
pub(super) async fn upload(
    headers: &HeaderMap,
    body: Incoming,
    limits: UploadLimits,
) -> Result<Bytes, Error> {
    Ok(upload::read(headers, body, limits).await?)
}

/// The origin that a source names; `None` for an upload.
pub(super) fn origin_of(source: &Source) -> Option<SourceRef<'_>> {
    match source {
        Source::File(name) => Some(SourceRef::File(name)),
        Source::Url(url) => Some(SourceRef::Url(url)),
        Source::Upload => None,
    }
}
