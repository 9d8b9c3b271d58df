//! Failed fetches, for tests. What they are is the same in every host: `answer::origin::FetchError`.

use std::time::Duration;

use http::StatusCode;

use super::{FetchError, OriginName};

/// An origin that answers with this status.
pub(crate) fn status_error(status: u16, retry_after: Option<Duration>) -> FetchError {
    FetchError::OriginStatus {
        origin: OriginName::parse("http://a.test/x.jpg").expect("a URL"),
        status: StatusCode::from_u16(status).expect("a status"),
        retry_after,
    }
}
