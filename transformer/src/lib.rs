//! Pixels only: an encoded picture and steps of operations in, an encoded picture out.
//! No clock, no files, no network, no randomness.
#![forbid(unsafe_code)]

pub mod options;
pub mod error;
pub mod picture;
pub mod jpeg;
