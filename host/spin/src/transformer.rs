//! The transformer: what the plan of a request is called in its interface, and what it says. The three files
//! below are the native server's own, compiled here against the bindings of this component.

#![allow(
    unreachable_pub,
    reason = "they are public in the native server's library"
)]

#[path = "../../src/sandbox/convert.rs"]
pub(crate) mod convert;
#[path = "../../src/sandbox/described.rs"]
pub(crate) mod described;
#[path = "../../src/sandbox/refusal.rs"]
pub(crate) mod refusal;

use answer::key::Digest;

pub(crate) use crate::bindings::darkroom::image::transform as wit;

/// SHA-256 of the transformer that this component was built beside, in hexadecimal: part of every key.
pub(crate) const DIGEST_HEX: &str = match option_env!("DARKROOM_TRANSFORMER_SHA256") {
    Some(hex) => hex,
    // Built by hand, to be looked at: never kept beside renditions of a real one.
    None => "0000000000000000000000000000000000000000000000000000000000000000",
};

/// The same as bytes.
pub(crate) fn digest() -> Digest {
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(DIGEST_HEX.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
    }
    digest
}
