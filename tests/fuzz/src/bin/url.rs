//! Any text as the path and query of a URL, the whole way: verify, parse, canonical form, print, parse
//! again. Nothing may fall, and what is printed must ask for the same picture under the same key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use request::dialect::imaginary::Call;
use request::dialect::lambda_edge::{LambdaEdge, Settings};
use request::dialect::{Method, Rules, Sources, Unknown};
use request::error;
use request::limits::TARGET_BYTES_MAX;
use request::redact;
use request::signature::Keyring;

fuzz_target!(|target: &str| {
    let _ = redact(target);
    for unknown in [Unknown::Ignore, Unknown::Refuse] {
        let sources = Sources {
            file: true,
            url: true,
            bucket: true,
        };
        let rules = Rules {
            sources,
            unknown,
            ..Rules::default()
        };
        for method in [Method::Get, Method::Post] {
            round_trip(&rules, target, method);
        }
    }
    if let Ok(edge) = LambdaEdge::new(Settings::default()) {
        let _ = edge.parse(target);
    }
});

fn read(rules: &Rules, target: &str, method: Method) -> Option<Call> {
    let signed = Keyring::unsigned().verify(target, 0).ok()?;
    match Call::read(rules, &signed, method) {
        Ok(call) => Some(call),
        Err(refused) => {
            let body = error::body(&refused.public_message(), refused.status());
            assert!(body.starts_with('{') && !body.contains('\n'), "{body}");
            None
        }
    }
}

fn round_trip(rules: &Rules, target: &str, method: Method) {
    let Some(call) = read(rules, target, method) else {
        return;
    };
    let printed = call.to_target("");
    // Escapes can make a URL longer than it came.
    if printed.len() > TARGET_BYTES_MAX {
        return;
    }
    let again = read(rules, &printed, method).expect("what is printed can be read");
    // By their text, since a number that is none is not equal to itself.
    assert_eq!(format!("{call:?}"), format!("{again:?}"), "{printed}");
    assert_eq!(again.to_target(""), printed);
    let (one, other) = (call.image_request(), again.image_request());
    let bytes = |request: &_| request::image_request::ImageRequest::canonical_bytes(request, None);
    assert_eq!(
        one.as_ref().ok().map(bytes),
        other.as_ref().ok().map(bytes),
        "{printed}"
    );
}
