//! The answer of an origin: its head, and its body as far as that may go. What is over the limit is never
//! held, and reading stops there; dropping the answer closes its connection.

use answer::origin::{FetchError, OriginName};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use spin_sdk::http::IncomingResponse;

/// Reserved at once for what an origin announces; a lie costs no more than this.
const RESERVED_BYTES_MAX: u64 = 1 << 20;

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) incoming: IncomingResponse,
}

impl Answer {
    /// The whole body, unless it is none or too long.
    pub(super) async fn body(
        self,
        origin: &OriginName,
        bytes_max: u64,
    ) -> Result<Bytes, FetchError> {
        let announced = self.announced();
        if announced > bytes_max {
            return Err(FetchError::DeclaredTooLarge {
                bytes: announced,
                bytes_max,
            });
        }
        let mut bytes = BytesMut::with_capacity(announced.min(RESERVED_BYTES_MAX) as usize);
        let mut pieces = std::pin::pin!(self.incoming.take_body_stream());
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| FetchError::BrokenOff {
                origin: origin.clone(),
                source: error.to_debug_string().into(),
            })?;
            if (bytes.len() + piece.len()) as u64 > bytes_max {
                return Err(FetchError::TooLarge { bytes_max });
            }
            bytes.extend_from_slice(&piece);
        }
        match bytes.len() as u64 {
            0 => Err(FetchError::Empty),
            // Not every host counts.
            came if came < announced => Err(FetchError::BrokenOff {
                origin: origin.clone(),
                source: format!("{came} of {announced} bytes came").into(),
            }),
            _ => Ok(bytes.freeze()),
        }
    }

    fn announced(&self) -> u64 {
        let length = self.headers.get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok());
        length.and_then(|length| length.parse().ok()).unwrap_or(0)
    }
}
