//! What is left of a rate, as a client is told: imaginary's headers, on every throttled answer.

use http::HeaderMap;
use http::header::{self, HeaderName, HeaderValue};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// One count of a throttle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Requests that may come at once.
    pub limit: u32,
    /// Of those, the ones that may still come now.
    pub remaining: u32,
    /// Seconds until all of them may come again.
    pub reset_seconds: u64,
    /// Seconds until the next one may come, where this one may not.
    pub retry_after_seconds: Option<u64>,
}

impl Allowance {
    /// Write it into an answer.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset_seconds));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}
