//! Raw path and query → `Signed`. Nothing has looked at a parameter before, nothing unsigned goes on.

use std::time::{SystemTime, UNIX_EPOCH};

use request::error::VerifyError;
use request::signature::{Keyring, Signed, signed_string};

use crate::error::Error;

/// What somebody learns whose signature is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disclosure {
    /// That it is wrong.
    Nothing,
    /// What should have been signed, so that a signer can be mended. For development.
    SignedString,
}

/// Let a URL in if one of the keys signed it and its time is not over at `now`.
pub(super) fn verify(
    (keyring, disclosure): (&Keyring, Disclosure),
    target: &str,
    now: SystemTime,
) -> Result<Signed, Error> {
    // A clock before 1970 is broken; with 0 no URL would ever seem expired, so it is the far future.
    let now = now
        .duration_since(UNIX_EPOCH)
        .map_or(u64::MAX, |since| since.as_secs());
    keyring
        .verify(target, now)
        .map_err(|error| match (error, disclosure) {
            (VerifyError::Mismatch, Disclosure::SignedString) => Error::Mismatch {
                signed: signed_string(target).unwrap_or_default(),
            },
            (error, _) => error.into(),
        })
}
