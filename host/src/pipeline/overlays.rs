//! A miss's overlays: the pictures that watermarks lay over the source. Their URLs come in, their bytes go
//! out. Each is fetched by the same rules as a source, and together they may be as large as one.

use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use request::image_request::{Action, ImageRequest, Source};
use request::operation::{OnFailure, Operation, Step};

use crate::error::Error;
use crate::origins::{FetchError, OriginName, Origins};
use crate::pipeline::fetch::origin_of;

/// Encoded overlays, by their numbers in the request.
#[derive(Debug, Default)]
pub(crate) struct Overlays {
    bytes: Vec<Bytes>,
    missing: bool,
}

/// Why there is no overlay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OverlayError {
    /// It could not be fetched.
    #[error("{url}: {cause}")]
    Fetch {
        /// What was asked for, without what may be secret.
        url: String,
        /// Why not.
        cause: Box<FetchError>,
    },
    /// All together are larger than one source may be.
    #[error("more than {bytes_max} bytes of overlays")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// There is nowhere to fetch from.
    #[error("{0}: nothing is fetched here")]
    Unfetched(String),
}

impl Overlays {
    /// Whether each is there.
    pub(super) fn is_whole(&self) -> bool {
        !self.missing
    }

    /// One that is missing is no bytes: to the transformer that is no picture, and the steps that want it,
    /// all of which may fail, are left out.
    pub(super) fn into_bytes(self) -> Vec<Bytes> {
        self.bytes
    }
}

/// Fetch what the steps lay over the source, before `deadline`.
pub(super) async fn fetch(
    origins: &Origins,
    request: &ImageRequest,
    client: &HeaderMap,
    deadline: Instant,
) -> Result<Overlays, Error> {
    let mut overlays = Overlays::default();
    let bytes_max = origins.source_bytes_max();
    let mut left = bytes_max;
    for (number, source) in request.overlays.iter().enumerate() {
        let fetched = match origin_of(source) {
            Some(origin) => origins.fetch(origin, client, deadline).await,
            None => Err(FetchError::Disabled),
        };
        let bytes = match fetched {
            Ok(fetched) => fetched.bytes,
            Err(cause) if is_needed(request, number) => {
                let url = name(source);
                let cause = Box::new(cause);
                return Err(OverlayError::Fetch { url, cause }.into());
            }
            Err(cause) => {
                tracing::debug!(url = name(source), %cause, "an overlay is left out");
                overlays.missing = true;
                Bytes::new()
            }
        };
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or(OverlayError::TooLarge { bytes_max })?;
        overlays.bytes.push(bytes);
    }
    Ok(overlays)
}

/// The overlays of a request that is served without origins: there must be none.
pub(super) fn unfetched(request: &ImageRequest) -> Result<Overlays, OverlayError> {
    match request.overlays.first() {
        Some(source) => Err(OverlayError::Unfetched(name(source))),
        None => Ok(Overlays::default()),
    }
}

/// Whether a step that may not fail lays this overlay on.
fn is_needed(request: &ImageRequest, number: usize) -> bool {
    let lays = |operation: &Operation| match operation {
        Operation::WatermarkImage(image) => image.overlay == number,
        _ => false,
    };
    let needs =
        |step: &Step| step.on_failure == OnFailure::Fail && step.operations.iter().any(lays);
    match &request.action {
        Action::Transform { steps, .. } => steps.iter().any(needs),
        Action::Inspect => false,
    }
}

/// What an overlay is called in messages: its URL, without userinfo, query and fragment.
fn name(source: &Source) -> String {
    match source {
        Source::Url(url) => {
            OriginName::parse(url).map_or_else(|| "its URL".to_owned(), |name| name.url())
        }
        Source::File(name) => name.clone(),
        Source::Upload => "the upload".to_owned(),
    }
}

impl OverlayError {
    /// A mistake in the URL is 400, as imaginary has it; what went wrong elsewhere is as for a source.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Fetch { cause, .. } if cause.status().is_client_error() => {
                StatusCode::BAD_REQUEST
            }
            Self::Fetch { cause, .. } => cause.status(),
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unfetched(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// imaginary's words, where it has any.
    pub(crate) fn public_message(&self) -> String {
        match self {
            Self::Fetch { url, .. } | Self::Unfetched(url) => {
                format!("Unable to retrieve watermark image. {url}")
            }
            Self::TooLarge { bytes_max } => {
                format!("watermark images exceed maximum allowed {bytes_max} bytes")
            }
        }
    }

    /// What the origin stage said.
    pub(crate) fn cause(&self) -> Option<&FetchError> {
        match self {
            Self::Fetch { cause, .. } => Some(cause),
            Self::TooLarge { .. } | Self::Unfetched(_) => None,
        }
    }
}
