//! Every way in which a URL can be refused, with the status and the sentence that the client gets, and
//! the JSON body both go into. A wildcard in a projection would let a new error choose by accident.
#![warn(clippy::wildcard_enum_match_arm)]

use std::fmt::Write as _;

/// Why a URL was not let in. Decided before any parameter was interpreted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Longer than `limits::TARGET_BYTES_MAX`.
    #[error("URL of {bytes} bytes is longer than the {bytes_max} allowed")]
    TooLong {
        /// Bytes of path and query.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// More pairs than `limits::PAIRS_MAX`.
    #[error("Query has more than the {pairs_max} parameters allowed")]
    TooManyPairs {
        /// Pairs allowed.
        pairs_max: usize,
    },
    /// No `/` in front, or a broken `%` escape in the path.
    #[error("Malformed URL path")]
    MalformedPath,
    /// A pair without a name: behind a path it could be read as more path under the same signature.
    #[error("Malformed query: a parameter without a name")]
    NamelessPair,
    /// `sign` is no unpadded base64url.
    #[error("Invalid URL signature")]
    InvalidSignature,
    /// `sign` is missing, of another URL, or of another key.
    #[error("URL signature mismatch")]
    Mismatch,
    /// `expires` is no number of seconds.
    #[error("Malformed expires: Unix seconds are expected")]
    MalformedExpiry,
    /// `expires` is required and missing.
    #[error("URL without expires")]
    NoExpiry,
    /// `expires` has passed.
    #[error("URL has expired")]
    Expired,
}

impl VerifyError {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::TooLong { .. } => 414,
            Self::TooManyPairs { .. }
            | Self::MalformedPath
            | Self::NamelessPair
            | Self::InvalidSignature
            | Self::MalformedExpiry => 400,
            Self::Mismatch | Self::NoExpiry => 403,
            Self::Expired => 410,
        }
    }

    /// What the client is told. Nothing in it is secret: every variant speaks of the URL alone.
    pub fn public_message(&self) -> String {
        self.to_string()
    }
}

/// Why a signed URL does not say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The URL cannot be taken apart; only of dialects without signatures, others find out earlier.
    #[error(transparent)]
    Target(#[from] VerifyError),
    /// No endpoint has this path.
    #[error("Not found")]
    NotFound,
    /// The configuration switched this endpoint off.
    #[error("Not implemented endpoint")]
    EndpointDisabled,
    /// A GET, and no source that GET could name is configured.
    #[error(
        "GET method not allowed. Make sure remote URL source is enabled by using the flag: -enable-url-source"
    )]
    NoSourceConfigured,
    /// A GET that names no source, or more than one.
    #[error("Cannot process the image due to missing or invalid params")]
    NoSource,
    /// `file` is too long, no UTF-8, or has a NUL in it.
    #[error("Invalid file path")]
    InvalidFile,
    /// `url` or `image` is too long, no UTF-8, or not `http` or `https`.
    #[error("Invalid image URL")]
    InvalidUrl,
    /// A value that its parameter cannot have.
    #[error("Error while processing parameters, {0}")]
    Parameter(ParameterError),
    /// `type` names nothing that can be written.
    #[error("Unsupported output image format")]
    UnsupportedFormat,
    /// A parameter that is missing, or an operation that cannot be done to any picture.
    #[error("Error while processing the image: {0}")]
    Operation(OperationError),
}

impl ParseError {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Target(error) => error.status(),
            Self::NotFound => 404,
            Self::NoSourceConfigured => 405,
            Self::EndpointDisabled => 501,
            Self::NoSource
            | Self::InvalidFile
            | Self::InvalidUrl
            | Self::Parameter(_)
            | Self::UnsupportedFormat
            | Self::Operation(_) => 400,
        }
    }

    /// What the client is told.
    pub fn public_message(&self) -> String {
        self.to_string()
    }
}

/// A value that its parameter cannot have. The words are imaginary's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error while processing parameter \"{name}\" with value {quoted}, error: {reason}")]
pub struct ParameterError {
    /// The parameter.
    pub name: String,
    /// Its value, in quotes.
    pub quoted: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Why an operation cannot be done, whatever the picture. The words are imaginary's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// The endpoint needs a parameter; which.
    #[error("{0}")]
    Missing(&'static str),
    /// `type` of an item that names no format.
    #[error("Invalid image type: {0}")]
    InvalidType(String),
    /// `type` is a format that can be read at most.
    #[error("Unsupported image output type")]
    UnsupportedType,
    /// A value in a pipeline that its parameter cannot have.
    #[error("{0}")]
    Parameter(ParameterError),
    /// More items than `limits::PIPELINE_ITEMS_MAX`.
    #[error("Maximum allowed pipeline operations exceeded")]
    TooManyItems,
    /// An item with a name that is none.
    #[error("Unsupported operation name: {0}")]
    UnknownName(String),
    /// The text of a watermark is longer than `limits::TEXT_BYTES_MAX`.
    #[error("Text of {bytes} bytes is longer than the {bytes_max} allowed")]
    TextTooLong {
        /// Bytes of the text.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The overlay's address cannot be a source.
    #[error("Unable to retrieve watermark image. {0}")]
    Overlay(String),
}

/// Why a set of keys cannot be used. For the operator, at start; never holds a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error("no key is given")]
    None,
    /// More than `limits::KEYS_MAX`.
    #[error("{count} keys are given, at most {count_max} may be active")]
    TooMany {
        /// Keys given.
        count: usize,
        /// Keys allowed.
        count_max: usize,
    },
    /// Shorter than `limits::KEY_BYTES_MIN`.
    #[error("key {place} has {bytes} bytes, at least {bytes_min} are needed")]
    TooShort {
        /// Which key, from 1.
        place: usize,
        /// Its bytes.
        bytes: usize,
        /// Bytes needed.
        bytes_min: usize,
    },
    /// Longer than `limits::KEY_BYTES_MAX`.
    #[error("key {place} has {bytes} bytes, at most {bytes_max} are taken")]
    TooLong {
        /// Which key, from 1.
        place: usize,
        /// Its bytes.
        bytes: usize,
        /// Bytes taken.
        bytes_max: usize,
    },
    /// Two keys have one id.
    #[error("two keys have the id {0}")]
    SameId(String),
}

/// Why a URL cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// There is no key to sign with.
    #[error("there is no key to sign with")]
    NoKey,
    /// No key has this id.
    #[error("no key has the id {0}")]
    UnknownKey(String),
    /// The URL would be refused whatever its signature.
    #[error(transparent)]
    Target(#[from] VerifyError),
    /// A pair that servers ignore: a `;` or a broken `%` escape in it.
    #[error("the parameter {0} would be ignored: write ; as %3B and % as %25")]
    IgnoredPair(String),
}

/// Why the Lambda@Edge dialect cannot be switched on as configured. For the operator, at start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EdgeConfigError {
    /// There is no size to give, or more than `limits::EDGE_SIZES_MAX`.
    #[error("{count} sizes are given, 1 to {count_max} are needed")]
    SizeCount {
        /// Sizes given.
        count: usize,
        /// Sizes allowed.
        count_max: usize,
    },
    /// A size that is not `WxH` with sides above zero.
    #[error("{0} is no size; 200x200 would be one")]
    Size(String),
    /// A tolerance of 100 percent would let every size in.
    #[error("a tolerance of {0} percent is given, 0 to 99 are taken")]
    Tolerance(u8),
    /// The base of the origin is no `http` or `https` URL.
    #[error("{0} is no http or https URL")]
    Base(String),
}

/// The JSON body of an error: `{"message":"…","status":N}`, as imaginary writes it. `<`, `>` and `&` are
/// escaped so that no browser can take it for a page; newlines are removed.
pub fn body(message: &str, status: u16) -> String {
    let mut body = String::with_capacity(message.len() + 32);
    if message.is_empty() {
        let _ = write!(body, "{{\"status\":{status}}}");
        return body;
    }
    body.push_str("{\"message\":\"");
    for character in message.chars() {
        match character {
            '\n' => {}
            '"' => body.push_str("\\\""),
            '\\' => body.push_str("\\\\"),
            '\r' => body.push_str("\\r"),
            '\t' => body.push_str("\\t"),
            // The two line separators are legal in JSON and end a line in JavaScript.
            '<' | '>' | '&' | '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(body, "\\u{:04x}", u32::from(character));
            }
            other => body.push(other),
        }
    }
    let _ = write!(body, "\",\"status\":{status}}}");
    body
}

/// The sentence for a picture that could not be transformed, as imaginary begins it.
pub fn processing_message(reason: &str) -> String {
    format!("Error while processing the image: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_json_that_no_browser_takes_for_a_page() {
        assert_eq!(
            body("Not found", 404),
            r#"{"message":"Not found","status":404}"#
        );
        assert_eq!(
            body("a<b>&\"\\\n\r\t\u{1}\u{2028}é", 400),
            r#"{"message":"a\u003cb\u003e\u0026\"\\\r\t\u0001\u2028é","status":400}"#
        );
        assert_eq!(body("", 400), r#"{"status":400}"#);
    }

    #[test]
    fn a_body_reads_back_as_the_message() {
        let message =
            "error: strconv.ParseFloat: parsing \"<\u{0}\u{7f}&\u{2029}\": invalid syntax";
        let value: serde_json::Value = serde_json::from_str(&body(message, 400)).unwrap();
        assert_eq!(value["message"], message);
        assert_eq!(value["status"], 400);
    }
}
