//! The string that enters the MAC: the decoded path, and behind it, without a `?`, the query in one
//! canonical spelling. imaginary's form; see the crate's README.

use super::SIGN;
use crate::error::VerifyError;
use crate::target::{Pair, Target, encode};

/// What was, or has to be, signed for `/path?query`; for people who look for a mistake in their signer.
pub fn signed_string(target: &str) -> Result<String, VerifyError> {
    Ok(String::from_utf8_lossy(&message(&Target::parse(target)?)).into_owned())
}

/// All pairs but every `sign`; names sorted by their bytes, several values of one name in request order.
pub(super) fn message(target: &Target) -> Vec<u8> {
    let mut pairs: Vec<&Pair> = target
        .pairs
        .iter()
        .filter(|pair| pair.name != SIGN.as_bytes())
        .collect();
    pairs.sort_by(|one, other| one.name.cmp(&other.name));
    let mut message = target.path.clone();
    for (place, pair) in pairs.into_iter().enumerate() {
        if place > 0 {
            message.push(b'&');
        }
        encode(&pair.name, &mut message);
        message.push(b'=');
        encode(&pair.value, &mut message);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_url_has_one_signed_string() {
        let cases = [
            (
                "/resize?width=300&height=200",
                "/resizeheight=200&width=300",
            ),
            ("/resize", "/resize"),
            ("/resize?nocrop", "/resizenocrop="),
            ("/resize?a=2&b=1&a=1", "/resizea=2&a=1&b=1"),
            ("/resize?sign=x&width=1&sign=y", "/resizewidth=1"),
            (
                "/resize?file=large%20image.jpg",
                "/resizefile=large+image.jpg",
            ),
            (
                "/resize?file=large+image.jpg",
                "/resizefile=large+image.jpg",
            ),
            ("/res%69ze?a=~-_.%2a%2F%e9", "/resizea=~-_.%2A%2F%E9"),
            ("/resize?a=1;b=2&c=%zz&width=1", "/resizewidth=1"),
            ("/crop?Z=1&a=1", "/cropZ=1&a=1"),
        ];
        for (target, expected) in cases {
            assert_eq!(signed_string(target).unwrap(), expected, "{target}");
        }
    }
}
