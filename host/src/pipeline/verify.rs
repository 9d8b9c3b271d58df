//! Raw path and query → `Signed`. Nothing has looked at a parameter before, nothing unsigned goes on.

use std::time::{SystemTime, UNIX_EPOCH};

use request::error::VerifyError;
use request::signature::{Keyring, Signed};

/// Let a URL in if one of the keys signed it and its time is not over at `now`.
pub(super) fn verify(
    keyring: &Keyring,
    target: &str,
    now: SystemTime,
) -> Result<Signed, VerifyError> {
    // A clock before 1970 is broken; with 0 no URL would ever seem expired, so it is the far future.
    let now = now
        .duration_since(UNIX_EPOCH)
        .map_or(u64::MAX, |since| since.as_secs());
    keyring.verify(target, now)
}
