//! Every way a request can fail, one variant a stage: the status, the sentence the client reads, and
//! whose fault it is. The log gets more than the client does.
#![warn(clippy::wildcard_enum_match_arm)]

use std::sync::Arc;

use answer::words;
use http::StatusCode;
use request::error::{ParseError, VerifyError, processing_message};

use crate::gate::Allowance;
use crate::origins::{self, FetchError};
use crate::pipeline::OverlayError;
use crate::sandbox::SandboxError;
use crate::sandbox::refusal;
use crate::upload::UploadError;

/// Why a request got no picture; named after the stage that gave up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The method is none that an image URL has.
    #[error("method not allowed")]
    Method,
    /// The URL was not let in.
    #[error("verify: {0}")]
    Verify(#[from] VerifyError),
    /// The URL was not let in, and the operator wants signers to be told why.
    #[error("verify: URL signature mismatch")]
    Mismatch {
        /// What should have been signed.
        signed: String,
    },
    /// The API key is missing or wrong.
    #[error("gate: no API key, or a wrong one")]
    ApiKey,
    /// Too many requests in too short a time.
    #[error("gate: throttled")]
    Throttled(Allowance),
    /// The URL was let in and says nothing that can be done.
    #[error("parse: {0}")]
    Parse(#[from] ParseError),
    /// Every worker is busy and so is every place to wait.
    #[error("queue: all {places_max} places are taken")]
    QueueFull {
        /// Workers and places to wait.
        places_max: usize,
    },
    /// The body of the request is no source.
    #[error("upload: {0}")]
    Upload(#[from] UploadError),
    /// The origin gave no source.
    #[error("fetch: {0}")]
    Fetch(#[from] Arc<FetchError>),
    /// No picture to lay over the source.
    #[error("overlay: {0}")]
    Overlay(#[from] OverlayError),
    /// The sandbox gave no rendition.
    #[error("transform: {0}")]
    Transform(#[from] SandboxError),
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The client's: it asked for what cannot be, or sent it.
    Client,
    /// The origin's.
    Origin,
    /// The transformer's: it broke where it should have refused.
    Transformer,
    /// Ours: too little of something.
    Host,
}

/// What a client has shown, as far as it is asked for; who has shown everything may make the server work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing that is good.
    Nothing,
    /// A good signature.
    Signature,
    /// The API key too, and the throttle let it in.
    Everything,
}

impl Error {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Verify(error) => status(error.status()),
            Self::Mismatch { .. } => StatusCode::FORBIDDEN,
            Self::ApiKey => StatusCode::UNAUTHORIZED,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Parse(error) => status(error.status()),
            Self::QueueFull { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Upload(error) => error.status(),
            Self::Fetch(error) => error.status(),
            Self::Overlay(error) => error.status(),
            Self::Transform(error) => transform_status(error),
        }
    }

    /// The sentence that the client reads.
    pub(crate) fn public_message(&self) -> String {
        match self {
            Self::Method => words::METHOD.to_owned(),
            Self::Verify(error) => error.public_message(),
            Self::Mismatch { signed } => words::mismatch(signed),
            Self::ApiKey => words::API_KEY.to_owned(),
            Self::Throttled(_) => "limit exceeded".to_owned(),
            Self::Parse(error) => error.public_message(),
            Self::QueueFull { .. } => "Too many pictures are waiting; try again".to_owned(),
            Self::Upload(error) => error.to_string(),
            Self::Fetch(error) => error.public_message(),
            Self::Overlay(error) => processing_message(&error.public_message()),
            Self::Transform(error) => transform_message(error),
        }
    }

    /// Whose fault it is.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Method
            | Self::Verify(_)
            | Self::Mismatch { .. }
            | Self::ApiKey
            | Self::Throttled(_)
            | Self::Parse(_)
            | Self::Upload(_) => Fault::Client,
            Self::QueueFull { .. } => Fault::Host,
            Self::Fetch(error) => fetch_fault(error),
            Self::Overlay(error) => error.cause().map_or(Fault::Client, fetch_fault),
            Self::Transform(error) => transform_fault(error),
        }
    }

    /// The body, in imaginary's shape: JSON, but for the throttle's bare text.
    pub(crate) fn body(&self) -> String {
        if matches!(self, Self::Throttled(_)) {
            return self.public_message() + "\n";
        }
        request::error::body(&self.public_message(), self.status().as_u16())
    }

    /// What kind of body that is.
    pub(crate) const fn content_type(&self) -> &'static str {
        if matches!(self, Self::Throttled(_)) {
            "text/plain; charset=utf-8"
        } else {
            "application/json"
        }
    }

    /// Whether a placeholder may be answered instead: an unknown path and the throttle speak for themselves.
    pub(crate) const fn may_be_covered(&self) -> bool {
        !matches!(self, Self::Throttled(_) | Self::Parse(ParseError::NotFound))
    }

    /// What the client had shown when it failed.
    pub(crate) const fn shown(&self) -> Shown {
        match self {
            // These are found out after the signature, and before the key and the throttle are asked.
            Self::Verify(VerifyError::Expired | VerifyError::NoExpiry)
            | Self::Method
            | Self::Parse(ParseError::NoSourceConfigured) => Shown::Signature,
            Self::Verify(_) | Self::Mismatch { .. } | Self::ApiKey | Self::Throttled(_) => {
                Shown::Nothing
            }
            Self::Parse(_)
            | Self::QueueFull { .. }
            | Self::Upload(_)
            | Self::Fetch(_)
            | Self::Overlay(_)
            | Self::Transform(_) => Shown::Everything,
        }
    }

    /// Write down what an operator can act on: clients' mistakes are for debugging only. `path` comes
    /// without the query, which holds the signature.
    pub(crate) fn log(&self, path: &str) {
        let status = self.status().as_u16();
        match self.fault() {
            Fault::Client => tracing::debug!(path, status, "{self}"),
            Fault::Origin | Fault::Host => tracing::warn!(path, status, "{self}"),
            Fault::Transformer => tracing::error!(path, status, "{self}"),
        }
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn fetch_fault(error: &FetchError) -> Fault {
    match error.fault() {
        origins::Fault::Client => Fault::Client,
        origins::Fault::Origin => Fault::Origin,
        origins::Fault::Host => Fault::Host,
    }
}

fn transform_status(error: &SandboxError) -> StatusCode {
    match error {
        SandboxError::QueueFull { .. } | SandboxError::DeadlineInQueue | SandboxError::Stopped => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        SandboxError::Deadline => StatusCode::GATEWAY_TIMEOUT,
        SandboxError::Memory { .. } | SandboxError::Output { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        SandboxError::Trap(_) => StatusCode::INTERNAL_SERVER_ERROR,
        SandboxError::Refused(refused) => refusal::status(refused),
    }
}

fn transform_message(error: &SandboxError) -> String {
    match error {
        SandboxError::QueueFull { .. } | SandboxError::DeadlineInQueue => {
            "Too many pictures are waiting; try again".to_owned()
        }
        SandboxError::Stopped => "The server is stopping".to_owned(),
        SandboxError::Deadline => "The picture took too long to transform".to_owned(),
        SandboxError::Memory { allowed } => {
            format!(
                "The picture needs more than the {allowed} bytes of memory that a transform may use"
            )
        }
        SandboxError::Output { allowed } => words::output(*allowed),
        SandboxError::Trap(_) => "The transformer failed on this picture".to_owned(),
        SandboxError::Refused(refused) => refusal::message(refused),
    }
}

fn transform_fault(error: &SandboxError) -> Fault {
    match error {
        SandboxError::Refused(_) | SandboxError::Memory { .. } | SandboxError::Output { .. } => {
            Fault::Client
        }
        SandboxError::Trap(_) => Fault::Transformer,
        SandboxError::QueueFull { .. }
        | SandboxError::DeadlineInQueue
        | SandboxError::Deadline
        | SandboxError::Stopped => Fault::Host,
    }
}
