//! Why a source could not be fetched: in full for the log, as a fixed sentence for a client. Neither
//! may hold a URL's userinfo, query or fragment, and a client never learns an address.

#![warn(clippy::wildcard_enum_match_arm)]

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use http::StatusCode;

use super::name::OriginName;

/// Settings that no [`Origins`](super::Origins) can be made from.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The mount is missing, unreadable or not a directory.
    #[error("mount {}: {source}", path.display())]
    Mount {
        /// As configured.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Every file of the machine would be a source.
    #[error("mount: the root directory would open every file")]
    MountIsRoot,
    /// An entry of the allow-list is not `http(s)://host[:port][/path]`.
    #[error("allowed origin {entry:?}: {reason}")]
    AllowedOrigin {
        /// As configured.
        entry: String,
        /// What is wrong, and what is allowed.
        reason: &'static str,
    },
    /// An entry of the buckets is not `s3://`, `gs://` or `az://` and a name.
    #[error("bucket {entry:?}: {reason}")]
    Bucket {
        /// As configured.
        entry: String,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// A header that a fetch itself depends on, or no header at all.
    #[error("header {0:?} cannot be forwarded to an origin")]
    ForwardedHeader(String),
    /// The HTTP client cannot be built.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

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

    /// The sentence that a client reads; imaginary's own where it has one.
    pub fn public_message(&self) -> String {
        match self {
            Self::Disabled => {
                "Cannot process the image due to missing or invalid params".to_owned()
            }
            Self::InvalidUrl => "Invalid image URL".to_owned(),
            Self::OriginNotAllowed(origin) => {
                format!("not allowed remote URL origin: {}", origin.place())
            }
            Self::AddressNotAllowed(origin) => {
                format!(
                    "not allowed remote URL origin: {} (not a public address)",
                    origin.place()
                )
            }
            Self::RedirectNotAllowed { origin, .. } => {
                format!(
                    "error fetching remote http image: {origin} redirects to an origin that is not allowed"
                )
            }
            Self::TooManyRedirects {
                origin,
                redirects_max,
            } => {
                format!(
                    "error fetching remote http image: {origin} redirects more than {redirects_max} times"
                )
            }
            Self::OriginStatus { origin, status, .. } => {
                format!(
                    "error fetching remote http image: (status={}) (url={})",
                    status.as_u16(),
                    origin.url()
                )
            }
            Self::NoObject { .. }
            | Self::BucketNotAllowed(_)
            | Self::Bucket { .. }
            | Self::BucketTooSlow(_) => self.message_of_bucket(),
            Self::Unreachable { origin, .. } => {
                format!("error fetching remote http image: no connection to {origin}")
            }
            Self::BrokenOff { origin, .. } => {
                format!(
                    "unable to create image from response body: the answer of {origin} broke off"
                )
            }
            Self::TooSlow(origin) => {
                format!("error fetching remote http image: {origin} took too long")
            }
            Self::InvalidFile(_) => "Invalid file path".to_owned(),
            Self::FileTooSlow => "error reading the file: it took too long".to_owned(),
            Self::DeclaredTooLarge { bytes, bytes_max } => {
                format!("Content-Length {bytes} exceeds maximum allowed {bytes_max} bytes")
            }
            Self::TooLarge { bytes_max } => {
                format!("source exceeds maximum allowed {bytes_max} bytes")
            }
            Self::Empty => "Empty or unreadable image".to_owned(),
            Self::Deadline => "error fetching the image: it took too long".to_owned(),
            Self::Busy => "too many sources are being fetched, try again later".to_owned(),
        }
    }

    /// The same words for a bucket as for a host.
    fn message_of_bucket(&self) -> String {
        match self {
            Self::NoObject { bucket, status } => format!(
                "error fetching remote http image: (status={}) (url={bucket})",
                status.as_u16()
            ),
            Self::BucketNotAllowed(bucket) => format!("not allowed remote URL origin: {bucket}"),
            Self::BucketTooSlow(bucket) => {
                format!("error fetching remote http image: {bucket} took too long")
            }
            Self::Bucket { bucket, .. } => {
                format!("error fetching remote http image: {bucket} cannot be read")
            }
            Self::Disabled
            | Self::InvalidUrl
            | Self::OriginNotAllowed(_)
            | Self::AddressNotAllowed(_)
            | Self::RedirectNotAllowed { .. }
            | Self::TooManyRedirects { .. }
            | Self::OriginStatus { .. }
            | Self::Unreachable { .. }
            | Self::BrokenOff { .. }
            | Self::TooSlow(_)
            | Self::InvalidFile(_)
            | Self::FileTooSlow
            | Self::DeclaredTooLarge { .. }
            | Self::TooLarge { .. }
            | Self::Empty
            | Self::Deadline
            | Self::Busy => String::new(),
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
mod tests {
    use url::Url;

    use super::*;

    fn name(url: &str) -> OriginName {
        OriginName::of(&Url::parse(url).unwrap())
    }

    fn answered(status: u16) -> FetchError {
        status_error(status, None)
    }

    #[test]
    fn a_client_error_of_the_origin_keeps_its_status_and_nothing_else_does() {
        for (origin, ours) in [
            (204, 502),
            (206, 502),
            (304, 502),
            (399, 502),
            (400, 400),
            (401, 401),
            (404, 404),
            (410, 410),
            (429, 429),
            (499, 499),
            (500, 502),
            (503, 502),
            (504, 502),
            (600, 502),
            (999, 502),
        ] {
            assert_eq!(answered(origin).status().as_u16(), ours, "{origin}");
        }
    }

    #[test]
    fn messages_are_the_ones_clients_of_imaginary_know() {
        let origin = || name("http://user:pass@a.test/b.jpg?secret=1");
        for (error, message) in [
            (
                answered(404),
                "error fetching remote http image: (status=404) (url=http://a.test/x.jpg)",
            ),
            (
                FetchError::OriginNotAllowed(origin()),
                "not allowed remote URL origin: a.test/b.jpg",
            ),
            (FetchError::InvalidUrl, "Invalid image URL"),
            (
                FetchError::InvalidFile(io::ErrorKind::NotFound.into()),
                "Invalid file path",
            ),
            (FetchError::Empty, "Empty or unreadable image"),
            (
                FetchError::DeclaredTooLarge {
                    bytes: 1024,
                    bytes_max: 1023,
                },
                "Content-Length 1024 exceeds maximum allowed 1023 bytes",
            ),
        ] {
            assert_eq!(error.public_message(), message);
        }
    }
}
