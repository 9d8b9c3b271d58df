//! A picture that came as the body of a POST, as far as the connection goes: pieces of the body come out
//! of it, none of which may take long.

use std::time::Duration;

use answer::upload;
pub(crate) use answer::upload::UploadError;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use http_body_util::BodyStream;
use hyper::body::Incoming;

/// What an upload may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UploadLimits {
    /// Bytes of the picture.
    pub source_bytes_max: u64,
    /// Time between two pieces of the body.
    pub read_timeout: Duration,
}

/// Read the picture out of a request's body.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Incoming,
    limits: UploadLimits,
) -> Result<Bytes, UploadError> {
    let pieces = futures_util::stream::unfold(BodyStream::new(body), move |mut body| async move {
        let piece = next(&mut body, limits.read_timeout).await?;
        Some((piece, body))
    });
    upload::read(headers, pieces, limits.source_bytes_max).await
}

/// The next piece that is data; trailers are none.
async fn next(
    body: &mut BodyStream<Incoming>,
    timeout: Duration,
) -> Option<Result<Bytes, UploadError>> {
    loop {
        match tokio::time::timeout(timeout, body.next()).await {
            Err(_) => return Some(Err(UploadError::TooSlow)),
            Ok(None) => return None,
            Ok(Some(Err(_))) => return Some(Err(UploadError::BrokenOff)),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Some(Ok(data));
                }
            }
        }
    }
}
