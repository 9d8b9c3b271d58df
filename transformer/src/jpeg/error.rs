//! Why a JPEG could not be read. What the file breaks or asks for comes in; nothing goes out but
//! a reason. Never holds bytes of the source.

/// Every way reading a JPEG can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes do not begin with a start-of-image marker.
    #[error("not a JPEG")]
    NotJpeg,
    /// A variety of JPEG that is not read here.
    #[error("{0} JPEG is not supported")]
    Unsupported(&'static str),
    /// The bytes break a rule of the format.
    #[error("malformed JPEG: {0}")]
    Malformed(&'static str),
    /// The end is missing, and the caller refuses that.
    #[error("the JPEG's tail is missing")]
    Truncated,
    /// More scans than any real file has.
    #[error("more than {0} scans")]
    TooManyScans(usize),
}
