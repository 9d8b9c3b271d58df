//! Why a source could not be fetched: in full for the log, as a fixed sentence for a client. Neither
//! may hold a URL's userinfo, query or fragment, and a client never learns an address.

#![warn(clippy::wildcard_enum_match_arm)]

mod message;

use std::io;
use std::time::Duration;

use http::StatusCode;

use super::name::OriginName;

/// A rule about origins that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// An entry of the allow-list is not `http(s)://host[:port][/path]`.
    #[error("allowed origin {entry:?}: {reason}")]
    AllowedOrigin {
        /// As configured.
        entry: String,
        /// What is wrong, and what is allowed.
        reason: &'static str,
    },
    /// A header that a fetch itself depends on, or no header at all.
    #[error("--forward-headers: {0:?} is no header that can be forwarded to an origin")]
    ForwardedHeader(String),
}

/// What a host's own client said, for the log alone.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

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
        source: Cause,
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
        source: Cause,
    },
    /// The connection broke, or what came was not HTTP.
    #[error("the answer of {origin} broke off: {}", causes(.source))]
    BrokenOff {
        /// Who was asked.
        origin: OriginName,
        /// Why.
        source: Cause,
    },
    /// What this server runs in lets it connect to other hosts only.
    #[error("{0} is no host that the manifest allows")]
    NotGranted(OriginName),
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
            | Self::NotGranted(_)
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
            | Self::NotGranted(_)
            | Self::TooSlow(_)
            | Self::DeclaredTooLarge { .. }
            | Self::TooLarge { .. }
            | Self::Empty => Fault::Origin,
            Self::FileTooSlow | Self::Deadline | Self::Busy => Fault::Host,
        }
    }
}

/// Clients say only the outermost reason by themselves.
fn causes(error: &Cause) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests;
