//! A build without hashes: nothing is looked at.

use crate::error::Error;
use crate::options::{Format, Limits};
use crate::rendition::Impression;

/// Always refused.
pub(crate) fn from_afar(_source: &[u8], _limits: &Limits) -> Result<Impression, Error> {
    Err(Error::Unwritable(Format::Thumbhash))
}
