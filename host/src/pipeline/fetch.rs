//! A miss's source: from the mount, from an origin or the tier that keeps what came from one, or from the
//! body of the request itself.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;
use hyper::body::Incoming;
use request::image_request::Source;

use crate::error::Error;
use crate::origins::SourceRef;
use crate::sources::{Obtained, Original, Sources};
use crate::upload::{self, UploadError, UploadLimits};

/// Which version a source has now, asking its origin where that is needed.
pub(super) async fn version(
    sources: &Arc<Sources>,
    original: &Arc<Original>,
    deadline: Instant,
) -> Result<Obtained, Error> {
    Ok(sources.obtain(original, deadline).await?)
}

/// Its bytes, and the version that they are.
pub(super) async fn fetch(
    sources: &Arc<Sources>,
    source: (&Arc<Original>, Obtained),
    deadline: Instant,
) -> Result<(Obtained, Bytes), Error> {
    Ok(sources.bytes(source, deadline).await?)
}

/// Take the source out of a POST's body: piece by piece in good time, and whole before `deadline`, since it
/// holds a place that others wait for.
pub(super) async fn upload(
    (headers, body): (&HeaderMap, Incoming),
    limits: UploadLimits,
    deadline: Instant,
) -> Result<Bytes, Error> {
    let read = upload::read(headers, body, limits);
    let read = tokio::time::timeout_at(deadline.into(), read).await;
    Ok(read.unwrap_or(Err(UploadError::TooSlow))?)
}

/// The origin that a source names; `None` for an upload.
pub(super) fn origin_of(source: &Source) -> Option<SourceRef<'_>> {
    match source {
        Source::File(name) => Some(SourceRef::File(name)),
        Source::Url(url) => Some(SourceRef::Url(url)),
        Source::Upload => None,
    }
}
