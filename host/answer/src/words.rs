//! Sentences and marks that stand in no stage's own file.

use http::HeaderValue;

/// The product's name in `Server`. No version: who attacks one would look for it.
pub const PRODUCT: HeaderValue = HeaderValue::from_static("darkroom");

/// 405 of an image URL, in imaginary's words.
pub const METHOD: &str = "HTTP method not allowed. Try with a POST or GET method (-enable-url-source flag must be defined)";

/// 401.
pub const API_KEY: &str = "Invalid or missing API key";

/// 403 where the operator wants signers to be told what should have been signed.
pub fn mismatch(signed: &str) -> String {
    format!(
        "URL signature mismatch (--debug-signatures: sign the base64url of the HMAC-SHA256 of {signed})"
    )
}

/// 422 of a rendition that is larger than one may be.
pub fn output(allowed: u64) -> String {
    format!("The output would be larger than the {allowed} bytes allowed")
}
