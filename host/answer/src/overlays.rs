//! Pictures that watermarks lay over the source: which a request cannot do without, what they may weigh, and
//! what is said when one is not there. Each is fetched by the same rules as a source, by whoever can.

use std::sync::Arc;

use http::StatusCode;
use request::image_request::{Action, ImageRequest, Source};
use request::operation::{OnFailure, Operation, Step};

use crate::origin::{FetchError, OriginName};

/// Why there is no overlay.
#[derive(Debug, thiserror::Error)]
pub enum OverlayError {
    /// It could not be fetched.
    #[error("{url}: {cause}")]
    Fetch {
        /// What was asked for, without what may be secret.
        url: String,
        /// Why not.
        cause: Arc<FetchError>,
    },
    /// All together are larger than one source may be.
    #[error("more than {bytes_max} bytes of overlays")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
}

/// Bytes that overlays may have together, as they are used up.
#[derive(Debug)]
pub struct Budget {
    bytes_max: u64,
    left: u64,
}

impl Budget {
    /// As many as one source may have.
    pub fn new(bytes_max: u64) -> Self {
        let left = bytes_max;
        Self { bytes_max, left }
    }

    /// Use some of it up.
    pub fn take(&mut self, bytes: u64) -> Result<(), OverlayError> {
        let bytes_max = self.bytes_max;
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or(OverlayError::TooLarge { bytes_max })?;
        Ok(())
    }
}

/// What became of an overlay; that it is not there is an error only where a step cannot do without.
pub fn if_needed<T>(
    result: Result<T, Arc<FetchError>>,
    (request, number): (&ImageRequest, usize),
) -> Result<Option<T>, OverlayError> {
    match result {
        Ok(there) => Ok(Some(there)),
        Err(cause) => {
            if is_needed(request, number) {
                return Err(missing(&request.overlays[number], cause));
            }
            Ok(None)
        }
    }
}

/// That it cannot be had.
pub fn missing(source: &Source, cause: Arc<FetchError>) -> OverlayError {
    let url = name(source);
    OverlayError::Fetch { url, cause }
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
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Fetch { cause, .. } if cause.status().is_client_error() => {
                StatusCode::BAD_REQUEST
            }
            Self::Fetch { cause, .. } => cause.status(),
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// imaginary's words, where it has any.
    pub fn public_message(&self) -> String {
        match self {
            Self::Fetch { url, .. } => {
                format!("Unable to retrieve watermark image. {url}")
            }
            Self::TooLarge { bytes_max } => {
                format!("watermark images exceed maximum allowed {bytes_max} bytes")
            }
        }
    }

    /// What the origin stage said.
    pub fn cause(&self) -> Option<&FetchError> {
        match self {
            Self::Fetch { cause, .. } => Some(cause),
            Self::TooLarge { .. } => None,
        }
    }
}
