//! A picture that came as the body of a POST: raw, or as the multipart field `file` (RFC 7578). Read
//! as it streams, within a limit of bytes and of time, and no further than the limit.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

/// The multipart field that holds the picture; imaginary's.
const FIELD: &str = "file";
/// Bytes of boundaries and part headers around one picture.
const MULTIPART_OVERHEAD_BYTES: u64 = 64 << 10;

/// Why an upload is no source. All of these are the client's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
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
    pub const fn status(&self) -> StatusCode {
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

/// Read the picture of at most `source_bytes_max` bytes out of a request's body. What ends `body` early is
/// the host's to say: it knows the connection and the clock.
pub async fn read(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<Bytes, UploadError>> + Send,
    source_bytes_max: u64,
) -> Result<Bytes, UploadError> {
    let max = source_bytes_max;
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
    if declared_bytes(headers).is_some_and(|bytes| bytes > max + overhead) {
        return Err(UploadError::TooLarge { max });
    }
    let bytes = match boundary {
        Some(boundary) => multipart(body, boundary, max).await?,
        None => raw(body, max).await?,
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

async fn raw(
    body: impl Stream<Item = Result<Bytes, UploadError>>,
    max: u64,
) -> Result<Bytes, UploadError> {
    let mut body = std::pin::pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(data) = body.next().await {
        append(&mut bytes, &data?, max)?;
    }
    Ok(bytes.freeze())
}

async fn multipart(
    body: impl Stream<Item = Result<Bytes, UploadError>> + Send,
    boundary: String,
    max: u64,
) -> Result<Bytes, UploadError> {
    let mut left = max.saturating_add(MULTIPART_OVERHEAD_BYTES);
    let bounded = body.map(move |data| {
        let data = data?;
        left = left
            .checked_sub(data.len() as u64)
            .ok_or(UploadError::TooLarge { max })?;
        Ok::<_, UploadError>(data)
    });
    let mut form = multer::Multipart::new(bounded, boundary);
    let mut picture = None;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some(FIELD) {
            continue;
        }
        if picture.is_some() {
            return Err(UploadError::SeveralFiles);
        }
        let mut bytes = BytesMut::new();
        while let Some(data) = field.chunk().await.map_err(broken)? {
            append(&mut bytes, &data, max)?;
        }
        picture = Some(bytes.freeze());
    }
    picture.ok_or(UploadError::NoSuchField)
}

fn broken(error: multer::Error) -> UploadError {
    match error {
        multer::Error::StreamReadFailed(cause) => cause
            .downcast::<UploadError>()
            .map_or(UploadError::BrokenOff, |error| *error),
        other => UploadError::Multipart(other.to_string()),
    }
}

fn append(bytes: &mut BytesMut, data: &[u8], max: u64) -> Result<(), UploadError> {
    if (bytes.len() + data.len()) as u64 > max {
        return Err(UploadError::TooLarge { max });
    }
    bytes.extend_from_slice(data);
    Ok(())
}
