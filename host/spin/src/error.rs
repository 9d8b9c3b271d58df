//! Every way a request can fail here: the status and the sentence that the client reads, all of which are
//! said elsewhere, so that they are the native server's.

#![allow(
    clippy::print_stderr,
    reason = "standard error is the log of every such host"
)]

use answer::origin::FetchError;
use answer::upload::UploadError;
use answer::words;
use http::StatusCode;
use request::error::{ParseError, VerifyError, processing_message};

use crate::overlays::OverlayError;
use crate::transformer::{refusal, wit};

/// Why a request got no picture.
#[derive(Debug)]
pub(crate) enum Error {
    /// The method is none that an image URL has.
    Method,
    /// The URL was not let in.
    Verify(VerifyError),
    /// The URL was not let in, and the operator wants signers to be told why.
    Mismatch {
        /// What should have been signed.
        signed: String,
    },
    /// The API key is missing or wrong.
    ApiKey,
    /// The URL was let in and says nothing that can be done.
    Parse(ParseError),
    /// The body of the request is no source.
    Upload(UploadError),
    /// The origin gave no source.
    Fetch(FetchError),
    /// No picture to lay over the source.
    Overlay(OverlayError),
    /// The transformer did its work and says no.
    Refused(wit::Error),
    /// The rendition is larger than may be handed out.
    Output {
        /// Bytes allowed.
        allowed: u64,
    },
}

impl Error {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Verify(error) => status(error.status()),
            Self::Mismatch { .. } => StatusCode::FORBIDDEN,
            Self::ApiKey => StatusCode::UNAUTHORIZED,
            Self::Parse(error) => status(error.status()),
            Self::Upload(error) => error.status(),
            Self::Fetch(error) => error.status(),
            Self::Overlay(error) => error.status(),
            Self::Refused(refused) => refusal::status(refused),
            Self::Output { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The sentence that the client reads.
    fn public_message(&self) -> String {
        match self {
            Self::Method => words::METHOD.to_owned(),
            Self::Verify(error) => error.public_message(),
            Self::Mismatch { signed } => words::mismatch(signed),
            Self::ApiKey => words::API_KEY.to_owned(),
            Self::Parse(error) => error.public_message(),
            Self::Upload(error) => error.to_string(),
            Self::Fetch(error) => error.public_message(),
            Self::Overlay(error) => processing_message(&error.public_message()),
            Self::Refused(refused) => refusal::message(refused),
            Self::Output { allowed } => words::output(*allowed),
        }
    }

    /// Write down what an operator can act on. Never more of a URL than its host and path.
    pub(crate) fn log(&self) {
        let why = match self {
            Self::Fetch(error) => error.to_string(),
            Self::Overlay(error) => error.to_string(),
            other => other.public_message(),
        };
        eprintln!("{}: {why}", self.status().as_u16());
    }

    /// The body, in imaginary's shape.
    pub(crate) fn body(&self) -> String {
        request::error::body(&self.public_message(), self.status().as_u16())
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Self::Parse(error)
    }
}

impl From<UploadError> for Error {
    fn from(error: UploadError) -> Self {
        Self::Upload(error)
    }
}

impl From<FetchError> for Error {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl From<OverlayError> for Error {
    fn from(error: OverlayError) -> Self {
        Self::Overlay(error)
    }
}

impl From<wit::Error> for Error {
    fn from(refused: wit::Error) -> Self {
        Self::Refused(refused)
    }
}
