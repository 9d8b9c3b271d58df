//! A miss's overlays: the pictures that watermarks lay over the source. Their names come in, their versions
//! and then their bytes go out. Each is a source like any other, and together they may be as large as one.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use request::image_request::{Action, ImageRequest, Source};
use request::operation::{OnFailure, Operation, Step};

use crate::error::Error;
use crate::origins::{FetchError, OriginName, Origins};
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

/// Why there is no overlay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OverlayError {
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
struct Budget {
    bytes_max: u64,
    left: u64,
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

impl Budget {
    fn new(origins: &Origins) -> Self {
        let bytes_max = origins.source_bytes_max();
        let left = bytes_max;
        Self { bytes_max, left }
    }

    fn take(&mut self, bytes: u64) -> Result<(), OverlayError> {
        let bytes_max = self.bytes_max;
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or(OverlayError::TooLarge { bytes_max })?;
        Ok(())
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
    let mut budget = Budget::new(&sources.origins);
    let mut found = Vec::with_capacity(originals.len());
    for (number, original) in originals.iter().enumerate() {
        let obtained = sources.obtain(original, deadline).await;
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
    let mut budget = Budget::new(&sources.origins);
    let mut overlays = Overlays::default();
    for (number, (original, obtained)) in originals.iter().zip(found).enumerate() {
        let fetched = match obtained {
            None => None,
            Some(obtained) => {
                let fetched = sources.bytes((original, obtained), deadline).await;
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
    let mut budget = Budget::new(origins);
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

/// What became of an overlay; that it is not there is an error only where a step cannot do without.
fn if_needed<T>(
    result: Result<T, Arc<FetchError>>,
    (request, number): (&ImageRequest, usize),
) -> Result<Option<T>, OverlayError> {
    match result {
        Ok(there) => Ok(Some(there)),
        Err(cause) => {
            let error = missing(&request.overlays[number], cause);
            if is_needed(request, number) {
                return Err(error);
            }
            tracing::debug!(%error, "an overlay is left out");
            Ok(None)
        }
    }
}

fn missing(source: &Source, cause: Arc<FetchError>) -> OverlayError {
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
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Fetch { cause, .. } if cause.status().is_client_error() => {
                StatusCode::BAD_REQUEST
            }
            Self::Fetch { cause, .. } => cause.status(),
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// imaginary's words, where it has any.
    pub(crate) fn public_message(&self) -> String {
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
    pub(crate) fn cause(&self) -> Option<&FetchError> {
        match self {
            Self::Fetch { cause, .. } => Some(cause),
            Self::TooLarge { .. } => None,
        }
    }
}
