//! The body of an answer: chunks come in, at most so many bytes go out. What is over the limit is
//! never held, and reading stops there; dropping the answer closes its connection.

use bytes::BytesMut;
use http::HeaderMap;
use http::header::{self, HeaderName};
use reqwest::Response;

use super::broken;
use crate::origins::{FetchError, Fetched, OriginName, Said};

/// Reserved at once for what an origin announces; a lie costs no more than this.
const RESERVED_BYTES_MAX: u64 = 1 << 20;
/// Headers are kept beside a rendition for as long as that is cached. Entity tags are short.
const HEADER_BYTES_MAX: usize = 1024;

pub(super) async fn receive(
    mut answer: Response,
    origin: &OriginName,
    bytes_max: u64,
) -> Result<Fetched, FetchError> {
    let announced = answer.content_length().unwrap_or(0);
    if announced > bytes_max {
        return Err(FetchError::DeclaredTooLarge {
            bytes: announced,
            bytes_max,
        });
    }
    let mut bytes = BytesMut::with_capacity(announced.min(RESERVED_BYTES_MAX) as usize);
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| broken(error, origin))?
    {
        if (bytes.len() + chunk.len()) as u64 > bytes_max {
            return Err(FetchError::TooLarge { bytes_max });
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() {
        return Err(FetchError::Empty);
    }
    Ok(Fetched {
        bytes: bytes.freeze(),
        said: said(answer.headers()),
    })
}

/// What an answer says about keeping it.
pub(super) fn said(headers: &HeaderMap) -> Said {
    Said {
        validator: text(headers, &header::ETAG),
        last_modified: text(headers, &header::LAST_MODIFIED),
        cache_control: text(headers, &header::CACHE_CONTROL),
        expires: text(headers, &header::EXPIRES),
        date: text(headers, &header::DATE),
        age: text(headers, &header::AGE),
        vary: text(headers, &header::VARY),
    }
}

/// The values of a header as one list, unless that is unreadable or absurdly long.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().ok())
        .collect::<Option<_>>()?;
    let list = values.join(", ");
    (!list.is_empty() && list.len() <= HEADER_BYTES_MAX).then_some(list)
}
