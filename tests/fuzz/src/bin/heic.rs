//! Any bytes that begin as a HEIC does, decoded, turned upright and scaled: an answer or an error, within the limits.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transformer::options::Format;

fuzz_target!(|source: &[u8]| fuzz::develop(source, &[Format::Heif]));
