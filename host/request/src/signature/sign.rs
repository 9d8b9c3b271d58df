//! The other side of the signature: a URL to be given away. Its parameters keep their spelling and order;
//! `expires`, `kid` and `sign` are put behind them.

use base64::Engine as _;
use hmac::Mac as _;

use super::keys::Key;
use super::{BASE64, EXPIRES, KID, Keyring, Keys, SIGN, canonical};
use crate::error::SignError;
use crate::target::{Target, encode, pair, pieces};

/// What a signed URL carries besides its signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignOptions {
    /// Unix seconds from which on the URL is refused; unset: what the URL itself says.
    pub expires: Option<u64>,
    /// The key to sign with, and to name in the URL; unset: the one that the URL names, or the first.
    pub kid: Option<String>,
}

impl Keyring {
    /// Sign `/path?query`, with its path prefix if there is one. A signature that it has is replaced.
    pub fn sign(&self, target: &str, options: &SignOptions) -> Result<String, SignError> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut kept = Vec::new();
        for piece in pieces(query) {
            let pair = pair(piece).ok_or_else(|| SignError::IgnoredPair(piece.to_owned()))?;
            let replaced = match pair.name.as_slice() {
                name if name == SIGN.as_bytes() => true,
                name if name == EXPIRES.as_bytes() => options.expires.is_some(),
                name if name == KID.as_bytes() => options.kid.is_some(),
                _ => false,
            };
            if !replaced {
                kept.push(piece.to_owned());
            }
        }
        kept.extend(
            options
                .expires
                .map(|seconds| format!("{EXPIRES}={seconds}")),
        );
        kept.extend(
            options
                .kid
                .as_ref()
                .map(|kid| format!("{KID}={}", escaped(kid))),
        );
        let unsigned = if kept.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", kept.join("&"))
        };
        let decoded = Target::parse(&unsigned)?;
        super::expires(&decoded)?;
        let key = self.signer(decoded.first(KID))?;
        let mac = key
            .mac
            .clone()
            .chain_update(canonical::message(&decoded))
            .finalize()
            .into_bytes();
        let mark = if kept.is_empty() { '?' } else { '&' };
        let signed = format!("{unsigned}{mark}{SIGN}={}", BASE64.encode(mac));
        // The signature itself may have made it too long.
        Target::parse(&signed)?;
        Ok(signed)
    }

    fn signer(&self, kid: Option<&[u8]>) -> Result<&Key, SignError> {
        let Keys::Active(keys) = &self.keys else {
            return Err(SignError::NoKey);
        };
        let Some(kid) = kid else {
            return keys.first().ok_or(SignError::NoKey);
        };
        keys.iter()
            .find(|key| key.id.as_deref().map(str::as_bytes) == Some(kid))
            .ok_or_else(|| SignError::UnknownKey(String::from_utf8_lossy(kid).into_owned()))
    }
}

fn escaped(text: &str) -> String {
    let mut bytes = Vec::new();
    encode(text.as_bytes(), &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
