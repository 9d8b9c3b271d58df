//! What is the same in every host, beside what a URL means: the headers of an answer, the words and the
//! status of a refusal, which origins may be fetched from, and the key that a rendition is kept by. No IO,
//! no clock, no thread: bytes, headers and times come in.
#![forbid(unsafe_code)]

pub mod api_key;
pub mod cors;
pub mod key;
pub mod origin;
pub mod overlays;
pub mod page;
pub mod path;
pub mod respond;
pub mod upload;
pub mod words;

pub use self::respond::Response;
