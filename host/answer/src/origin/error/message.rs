//! What a client reads of a failed fetch: imaginary's own sentence where it has one.
#![warn(clippy::wildcard_enum_match_arm)]

use super::FetchError;

impl FetchError {
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
            Self::NotGranted(origin) => format!(
                "error fetching remote http image: {origin} is not among the hosts that this server is granted \
                 (allowed_outbound_hosts)"
            ),
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
            | Self::NotGranted(_)
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
}
