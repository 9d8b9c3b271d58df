//! A signed URL becomes an `ImageRequest`. Shared by every host; does no IO, reads no clock: time and
//! keys are arguments.
//!
//! ```text
//! &str ── Keyring::verify ──> Signed ── Rules::parse ──> ImageRequest ── choose_format ──> canonical bytes
//! ```
//!
//! Only `verify` makes a `Signed`, and the signed dialects parse nothing else. The one dialect without
//! signatures, Lambda@Edge's, has its own entry and can only ask for the sizes it was configured with.
#![forbid(unsafe_code)]

pub mod signature;
pub mod dialect;
pub mod image_request;
pub mod negotiate;

pub mod operation;
pub mod limits;
pub mod error;
mod redact;
mod target;
#[cfg(test)]
mod readme;

pub use redact::redact;
pub use target::{Pair, first_value};
