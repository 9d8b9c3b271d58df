//! Why a picture could not be transformed. The shapes of `wit/transform.wit`'s `error`.

use crate::options::Format;

/// Which limit was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `source-pixels-max`.
    SourcePixels,
    /// `output-pixels-max`.
    OutputPixels,
    /// `output-side-max`.
    OutputSide,
    /// `memory-bytes-max`.
    MemoryBytes,
    /// `frames-max`.
    Frames,
    /// `animation-pixels-max`.
    AnimationPixels,
}

/// Every way a call can fail without a trap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No known format.
    #[error("not an image")]
    NotAnImage,
    /// A known format, or a variety of one, that is not read or written here.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// The bytes break the rules of their format.
    #[error("malformed: {0}")]
    Malformed(String),
    /// A limit was passed, seen before the work was done.
    #[error("too large: {limit:?} {asked}, allowed {allowed}")]
    TooLarge {
        /// Which limit.
        limit: Limit,
        /// What the picture or request needs.
        asked: u64,
        /// What it may have.
        allowed: u64,
    },
    /// An operation cannot be done to this picture.
    #[error("bad operation: {0}")]
    BadOperation(String),
    /// The wanted format cannot be written.
    #[error("cannot write {0:?}")]
    Unwritable(Format),
}
