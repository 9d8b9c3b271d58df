//! Any text as a URL to be signed and let in. What a key signs, that key lets in, whatever the order of
//! the query, and no other key; what it did not sign, it never lets in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use request::signature::{Keyring, SignOptions, signed_string};

const KEY: &str = "4f46feebafc4b5e988f131c4ff8b5997";
const OTHER: &str = "another key that has 32 bytes or more";

fuzz_target!(|target: &str| {
    let keyring = Keyring::parse(KEY).expect("it has 32 bytes");
    // Nobody finds a signature by trying, and a fuzzer does not either.
    assert!(keyring.verify(target, 0).is_err());
    let _ = Keyring::parse(target);
    let Ok(signed) = keyring.sign(target, &SignOptions::default()) else {
        return;
    };
    let verified = match keyring.verify(&signed, 0) {
        Ok(verified) => verified,
        Err(refused) => {
            // The one thing that ends by itself.
            assert_eq!(refused.status(), 410, "{signed}: {refused}");
            return;
        }
    };
    let other = Keyring::parse(OTHER).expect("it has 32 bytes");
    assert!(other.verify(&signed, 0).is_err(), "{signed}");
    assert_eq!(signed_string(target), signed_string(&signed));
    turned_round(&keyring, &signed, verified.path());
});

/// Pairs of different names may come in any order.
fn turned_round(keyring: &Keyring, signed: &str, path: &[u8]) {
    let Some((before, query)) = signed.split_once('?') else {
        return;
    };
    let mut pieces: Vec<&str> = query.split('&').collect();
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.split('=').next()));
    let turned = format!("{before}?{}", pieces.join("&"));
    // Two spellings of one name change places here as well, and then it is another query.
    let spelled_plainly = !query.contains(['%', '+']);
    match keyring.verify(&turned, 0) {
        Ok(verified) => assert_eq!(verified.path(), path),
        Err(refused) => assert!(!spelled_plainly, "{turned}: {refused}"),
    }
}
