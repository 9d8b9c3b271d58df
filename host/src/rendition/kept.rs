//! A rendition that is ready to be answered with: the headers that follow from it alone are written once,
//! when it is made or read from the disk, and not for each answer. Never changes.

use answer::key::etag_of_bytes;
use answer::respond::{Finished, seconds};
use cache::Tag;
use http::HeaderValue;

use super::Rendition;

/// What an entry takes beside its body: the key, the headers, and its places in two tables.
const OVERHEAD_BYTES: u64 = 512;

/// A rendition with its headers.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The rendition.
    pub rendition: Rendition,
    /// What a purge of its source names.
    pub tag: Tag,
    /// `ETag`.
    pub etag: HeaderValue,
    /// `Last-Modified`: when it was made.
    pub last_modified: HeaderValue,
    /// `Content-Length` of the whole.
    pub length: HeaderValue,
    /// When it was made, in seconds since 1970: all that HTTP can say.
    pub made_at_s: u64,
}

impl Kept {
    /// Write the headers of `rendition`. Without an `etag` of its key its bytes make one.
    pub(crate) fn new(rendition: Rendition, tag: Tag, etag: Option<HeaderValue>) -> Self {
        Self {
            tag,
            etag: etag.unwrap_or_else(|| etag_of_bytes(rendition.checksum)),
            last_modified: printable(&httpdate::fmt_http_date(rendition.made_at)),
            length: HeaderValue::from(rendition.body.len()),
            made_at_s: seconds(rendition.made_at),
            rendition,
        }
    }

    /// As an answer is made of it.
    pub(crate) fn finished(&self) -> Finished<'_> {
        Finished {
            body: &self.rendition.body,
            content_type: self.rendition.media.content_type(),
            etag: &self.etag,
            last_modified: &self.last_modified,
            length: &self.length,
            made_at_s: self.made_at_s,
        }
    }

    /// What it weighs in memory.
    pub(crate) fn bytes(&self) -> u64 {
        self.rendition.body.len() as u64 + OVERHEAD_BYTES
    }
}

/// Every value here is made of printable ASCII.
fn printable(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
