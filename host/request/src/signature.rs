//! A URL comes in; a `Signed` goes out, if one of the keys signed it and its time is not over. Nothing
//! here knows what a parameter means, apart from `sign`, `kid` and `expires`. There is no way to do
//! without keys but to say `Keyring::unsigned()`.
//!
//! ```text
//! sign = base64url_nopad( HMAC-SHA256( key, decoded path || canonical query ) )
//! ```

mod canonical;
mod keys;
mod sign;
mod snippets;

pub use canonical::signed_string;
pub use sign::SignOptions;
pub use snippets::{SNIPPETS, Snippet};

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::Mac as _;

use crate::error::{KeyError, VerifyError};
use crate::signature::keys::Key;
use crate::target::{Pair, Target};

/// The parameter that holds the signature.
pub(crate) const SIGN: &str = "sign";
/// The parameter that holds the end of a URL's life, in Unix seconds.
pub(crate) const EXPIRES: &str = "expires";
/// The parameter that names the key.
pub(crate) const KID: &str = "kid";

/// Base64url without padding. Stray bits behind the last byte are let through here and refused as a
/// mismatch: the text is well formed, it is only not the one that was signed.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The keys that may sign, or the decision to do without.
pub struct Keyring {
    keys: Keys,
    expiry: Expiry,
}

enum Keys {
    Active(Vec<Key>),
    Unsigned,
}

/// Whether a URL may live for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expiry {
    Optional,
    Required,
}

/// A URL that was let in: decoded, and not interpreted yet. Only `Keyring::verify` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    path: Vec<u8>,
    pairs: Vec<Pair>,
    expires: Option<u64>,
}

impl Signed {
    /// The decoded path. Need not be UTF-8.
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The decoded query in request order, without the pairs that were no part of what was signed.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Unix seconds at which this URL's life ends.
    pub const fn expires(&self) -> Option<u64> {
        self.expires
    }
}

impl Keyring {
    /// Read `key`, `id:key`, or several of them with commas between; the first one signs. One text
    /// without an id whose parts are too short to be keys is one key with commas in it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Ok(Self {
            keys: Keys::Active(keys::parse(text)?),
            expiry: Expiry::Optional,
        })
    }

    /// Let every URL in. An operator must have asked for it.
    pub const fn unsigned() -> Self {
        Self {
            keys: Keys::Unsigned,
            expiry: Expiry::Optional,
        }
    }

    /// Refuse URLs without `expires`.
    #[must_use]
    pub fn require_expiry(self) -> Self {
        Self {
            expiry: Expiry::Required,
            ..self
        }
    }

    /// Whether every URL is let in.
    pub const fn is_unsigned(&self) -> bool {
        matches!(self.keys, Keys::Unsigned)
    }

    /// Let `/path?query` in, or say why not. `now` is in Unix seconds.
    pub fn verify(&self, target: &str, now: u64) -> Result<Signed, VerifyError> {
        let target = Target::parse(target)?;
        if let Keys::Active(keys) = &self.keys {
            check(keys, &target)?;
        }
        let expires = expires(&target)?;
        match (expires, self.expiry) {
            (None, Expiry::Required) => return Err(VerifyError::NoExpiry),
            (Some(end), _) if end <= now => return Err(VerifyError::Expired),
            (Some(_), _) | (None, Expiry::Optional) => {}
        }
        Ok(Signed {
            path: target.path,
            pairs: target.pairs,
            expires,
        })
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<_> = match &self.keys {
            Keys::Active(keys) => keys
                .iter()
                .map(|key| key.id.as_deref().unwrap_or("[secret]"))
                .collect(),
            Keys::Unsigned => vec!["unsigned"],
        };
        formatter
            .debug_struct("Keyring")
            .field("keys", &ids)
            .field("expiry", &self.expiry)
            .finish()
    }
}

/// Whether one of `keys` signed `target`. All that may have are tried, whatever the first one says.
fn check(keys: &[Key], target: &Target) -> Result<(), VerifyError> {
    let text = target.first(SIGN).ok_or(VerifyError::Mismatch)?;
    let signature = BASE64
        .decode(text)
        .map_err(|_| VerifyError::InvalidSignature)?;
    let message = canonical::message(target);
    let kid = target.first(KID);
    let matches = keys
        .iter()
        .filter(|key| kid.is_none() || key.id.as_deref().map(str::as_bytes) == kid)
        // Compared in constant time by the `hmac` crate.
        .map(|key| {
            key.mac
                .clone()
                .chain_update(&message)
                .verify_slice(&signature)
                .is_ok()
        })
        .fold(false, |any, this| any | this);
    if matches && BASE64.encode(&signature).as_bytes() == text {
        Ok(())
    } else {
        Err(VerifyError::Mismatch)
    }
}

fn expires(target: &Target) -> Result<Option<u64>, VerifyError> {
    let Some(value) = target.first(EXPIRES) else {
        return Ok(None);
    };
    // `u64::from_str` would take a sign.
    let digits = std::str::from_utf8(value)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = digits.and_then(|digits| digits.parse().ok());
    seconds.map(Some).ok_or(VerifyError::MalformedExpiry)
}

#[cfg(test)]
mod tests;
