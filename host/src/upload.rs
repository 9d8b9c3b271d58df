//! A picture that came as the body of a POST: raw, or as the multipart field `file` (RFC 7578). Read
//! as it streams, within a limit of bytes and of time, and no further than the limit.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::HeaderMap;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, BodyStream, Limited};
use hyper::body::Incoming;

/// The multipart field that holds the picture; imaginary's.
const FIELD: &str = "file";
/// Bytes of boundaries and part headers around one picture.
const MULTIPART_OVERHEAD_BYTES: u64 = 64 << 10;

/// Why an upload is no source. All of these are the client's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UploadError {
    /// More bytes than a source may have.
    #[error("The upload is larger than the {max} bytes allowed")]
    TooLarge {
        /// Bytes allowed.
        max: u64,
    },
    /// Nothing was sent.
    #[error("Empty or unreadable image")]
    Empty,
    /// A multipart body without the field `file`; imaginary's words.
    #[error("http: no such file")]
    NoSuchField,
    /// A multipart body with more than one field `file`.
    #[error("More than one field `file`; send one picture a request")]
    SeveralFiles,
    /// The multipart framing is broken.
    #[error("Broken multipart body: {0}")]
    Multipart(String),
    /// The client stopped sending.
    #[error("The upload did not arrive in time")]
    TooSlow,
    /// The connection broke off.
    #[error("The upload broke off")]
    BrokenOff,
}

impl UploadError {
    /// The HTTP status.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Empty
            | Self::NoSuchField
            | Self::SeveralFiles
            | Self::Multipart(_)
            | Self::BrokenOff => StatusCode::BAD_REQUEST,
        }
    }
}

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
    let boundary = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|content_type| multer::parse_boundary(content_type).ok());
    let overhead = if boundary.is_some() {
        MULTIPART_OVERHEAD_BYTES
    } else {
        0
    };
    // An honest Content-Length saves the sending; the limit while reading does not rely on it.
    if declared_bytes(headers).is_some_and(|bytes| bytes > limits.source_bytes_max + overhead) {
        return Err(UploadError::TooLarge {
            max: limits.source_bytes_max,
        });
    }
    let bytes = match boundary {
        Some(boundary) => multipart(body, boundary, limits).await?,
        None => raw(body, limits).await?,
    };
    if bytes.is_empty() {
        Err(UploadError::Empty)
    } else {
        Ok(bytes)
    }
}

fn declared_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn raw(mut body: Incoming, limits: UploadLimits) -> Result<Bytes, UploadError> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = in_time(body.frame(), limits).await? {
        let frame = frame.map_err(|_| UploadError::BrokenOff)?;
        if let Ok(data) = frame.into_data() {
            append(&mut bytes, &data, limits)?;
        }
    }
    Ok(bytes.freeze())
}

async fn multipart(
    body: Incoming,
    boundary: String,
    limits: UploadLimits,
) -> Result<Bytes, UploadError> {
    let whole_max =
        usize::try_from(limits.source_bytes_max + MULTIPART_OVERHEAD_BYTES).unwrap_or(usize::MAX);
    let frames = BodyStream::new(Limited::new(body, whole_max)).filter_map(|frame| async move {
        match frame {
            Ok(frame) => frame.into_data().ok().map(Ok),
            Err(error) => Some(Err(error)),
        }
    });
    let mut form = multer::Multipart::new(frames, boundary);
    let broken = |error: multer::Error| broken(&error, limits);
    let mut picture = None;
    while let Some(mut field) = in_time(form.next_field(), limits).await?.map_err(broken)? {
        if field.name() != Some(FIELD) {
            continue;
        }
        if picture.is_some() {
            return Err(UploadError::SeveralFiles);
        }
        let mut bytes = BytesMut::new();
        while let Some(data) = in_time(field.chunk(), limits).await?.map_err(broken)? {
            append(&mut bytes, &data, limits)?;
        }
        picture = Some(bytes.freeze());
    }
    picture.ok_or(UploadError::NoSuchField)
}

fn broken(error: &multer::Error, limits: UploadLimits) -> UploadError {
    match error {
        multer::Error::StreamReadFailed(cause)
            if cause.is::<http_body_util::LengthLimitError>() =>
        {
            UploadError::TooLarge {
                max: limits.source_bytes_max,
            }
        }
        multer::Error::StreamReadFailed(_) => UploadError::BrokenOff,
        other => UploadError::Multipart(other.to_string()),
    }
}

fn append(bytes: &mut BytesMut, data: &[u8], limits: UploadLimits) -> Result<(), UploadError> {
    if (bytes.len() + data.len()) as u64 > limits.source_bytes_max {
        return Err(UploadError::TooLarge {
            max: limits.source_bytes_max,
        });
    }
    bytes.extend_from_slice(data);
    Ok(())
}

async fn in_time<T>(
    piece: impl Future<Output = T>,
    limits: UploadLimits,
) -> Result<T, UploadError> {
    tokio::time::timeout(limits.read_timeout, piece)
        .await
        .map_err(|_| UploadError::TooSlow)
}
