//! Why a source could not be fetched: in full for the log, as a fixed sentence for a client. Neither
//! may hold a URL's userinfo, query or fragment, and a client never learns an address.

#![warn(clippy::wildcard_enum_match_arm)]

mod message;

use std::io;
use std::time::Duration;

use http::StatusCode;

use super::name::OriginName;

/// Whose failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request asks for what it may not have.
    Client,
    /// The origin did not deliver.
    Origin,
    /// This server is short of something.
    Host,
}

/// Every way a fetch can fail.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The kind of source is switched off.
    #[error("this kind of source is not enabled")]
    Disabled,
    /// Not an absolute `http` or `https` URL.
    #[error("not an http or https URL")]
    InvalidUrl,
    /// The allow-list does not name it.
    #[error("{} is not on the allow-list", .0.place())]
    OriginNotAllowed(OriginName),
    /// It has only addresses that may not be connected to.
    #[error("{0} has no address that may be connected to")]
    AddressNotAllowed(OriginName),
    /// It sends elsewhere, to a place that may not be fetched.
    #[error("{origin} redirects to {target}, which may not be fetched")]
    RedirectNotAllowed {
        /// Who was asked.
        origin: OriginName,
        /// Where to; for the log only.
        target: String,
    },
    /// It sends elsewhere once too often.
    #[error("{origin} redirects more than {redirects_max} times")]
    TooManyRedirects {
        /// Who was asked.
        origin: OriginName,
        /// The limit.
        redirects_max: u32,
    },
    /// It answers with anything but 200.
    #[error("{origin} answers with status {status}")]
    OriginStatus {
        /// Who was asked.
        origin: OriginName,
        /// What it said.
        status: StatusCode,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// A bucket cannot be read.
    #[error("{bucket}: {source}")]
    Bucket {
        /// As configured.
        bucket: String,
        /// Why.
        source: Box<object_store::Error>,
    },
    /// No such object in a bucket, or none that may be read.
    #[error("{bucket} answers with status {status}")]
    NoObject {
        /// As configured.
        bucket: String,
        /// 404, or 403.
        status: StatusCode,
    },
    /// No bucket of that name is configured.
    #[error("{0} is not among the buckets")]
    BucketNotAllowed(String),
    /// A bucket took too long.
    #[error("{0} took too long")]
    BucketTooSlow(String),
    /// No connection: unknown name, refused, or TLS that failed.
    #[error("no connection to {origin}: {}", causes(.source))]
    Unreachable {
        /// Who was asked.
        origin: OriginName,
        /// Why.
        source: reqwest::Error,
    },
    /// The connection broke, or what came was not HTTP.
    #[error("the answer of {origin} broke off: {}", causes(.source))]
    BrokenOff {
        /// Who was asked.
        origin: OriginName,
        /// Why.
        source: reqwest::Error,
    },
    /// It did not answer in time.
    #[error("{0} took too long")]
    TooSlow(OriginName),
    /// No readable regular file of that name inside the mount.
    #[error("no such file in the mount: {0}")]
    InvalidFile(io::Error),
    /// The mount did not answer in time.
    #[error("the mount took too long")]
    FileTooSlow,
    /// More bytes are announced than a source may have.
    #[error("{bytes} bytes announced, allowed {bytes_max}")]
    DeclaredTooLarge {
        /// What `Content-Length` says.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// More bytes came than a source may have; reading stopped there.
    #[error("more than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// No bytes at all.
    #[error("no bytes")]
    Empty,
    /// Whoever waited for it had no more time; the fetch itself may go on for others.
    #[error("the source did not come in the time that the request had")]
    Deadline,
    /// As many fetches as allowed were running until the deadline.
    #[error("too many fetches at once")]
    Busy,
}

impl FetchError {
    /// The status that a client is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Disabled
            | Self::InvalidUrl
            | Self::OriginNotAllowed(_)
            | Self::AddressNotAllowed(_)
            | Self::BucketNotAllowed(_)
            | Self::InvalidFile(_)
            | Self::DeclaredTooLarge { .. }
            | Self::Empty => StatusCode::BAD_REQUEST,
            Self::NoObject { status, .. } => *status,
            Self::OriginStatus { status, .. } if status.is_client_error() => *status,
            Self::OriginStatus { .. }
            | Self::RedirectNotAllowed { .. }
            | Self::TooManyRedirects { .. }
            | Self::Unreachable { .. }
            | Self::Bucket { .. }
            | Self::BrokenOff { .. } => StatusCode::BAD_GATEWAY,
            Self::TooSlow(_) | Self::BucketTooSlow(_) | Self::FileTooSlow | Self::Deadline => {
                StatusCode::GATEWAY_TIMEOUT
            }
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// When the origin wants to be asked again, where it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        if let Self::OriginStatus { retry_after, .. } = self {
            *retry_after
        } else {
            None
        }
    }

    /// Whether the origin says that it is asked too often.
    pub fn is_throttling(&self) -> bool {
        matches!(self, Self::OriginStatus { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whose failure it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Disabled
            | Self::InvalidUrl
            | Self::OriginNotAllowed(_)
            | Self::AddressNotAllowed(_)
            | Self::BucketNotAllowed(_)
            | Self::InvalidFile(_) => Fault::Client,
            Self::RedirectNotAllowed { .. }
            | Self::TooManyRedirects { .. }
            | Self::OriginStatus { .. }
            | Self::Unreachable { .. }
            | Self::Bucket { .. }
            | Self::NoObject { .. }
            | Self::BucketTooSlow(_)
            | Self::BrokenOff { .. }
            | Self::TooSlow(_)
            | Self::DeclaredTooLarge { .. }
            | Self::TooLarge { .. }
            | Self::Empty => Fault::Origin,
            Self::FileTooSlow | Self::Deadline | Self::Busy => Fault::Host,
        }
    }
}

/// reqwest says only the outermost reason by itself.
fn causes(error: &reqwest::Error) -> String {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// An origin that answers with this status.
#[cfg(test)]
pub(crate) fn status_error(status: u16, retry_after: Option<Duration>) -> FetchError {
    let url = url::Url::parse("http://a.test/x.jpg").expect("a URL");
    FetchError::OriginStatus {
        origin: OriginName::of(&url),
        status: StatusCode::from_u16(status).expect("a status"),
        retry_after,
    }
}

#[cfg(test)]
mod tests;
