//! Any bytes that begin as an AVIF does, decoded, turned upright and scaled: an answer or an error, within the limits.
//!
//! One panic of the AV1 decoder is known, and ends no run: after a frame that cannot be decoded it asks for a header
//! that it gave away (memorysafety/rav1d#1497).

#![no_main]

use std::panic::{self, PanicHookInfo};

use libfuzzer_sys::fuzz_target;
use transformer::options::Format;

fuzz_target!(
    init: let_known_panics_pass(),
    |source: &[u8]| {
        // What is not known has ended the process in the fuzzer's own hook.
        let _ = panic::catch_unwind(|| fuzz::develop(source, &[Format::Avif]));
    }
);

fn let_known_panics_pass() {
    let end = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if !is_known(panicked) {
            end(panicked);
        }
    }));
}

/// `rav1d_submit_frame::on_error` of the version that `Cargo.lock` names.
fn is_known(panicked: &PanicHookInfo<'_>) -> bool {
    panicked.location().is_some_and(|place| {
        place.file().ends_with("rusty_av1d-1.2.1/src/decode.rs") && place.line() == 4908
    })
}
