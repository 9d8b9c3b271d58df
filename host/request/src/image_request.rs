//! What a URL asks for, whatever dialect it was written in: typed, complete, and the same for every
//! spelling of one wish. Its canonical bytes are what a cache key is made of.

mod canonical;

use crate::negotiate;
use crate::operation::{Format, Output, Step};

/// Where a picture comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A name below the mount, fully decoded. Not checked: whoever opens it must keep it inside.
    File(String),
    /// An `http` or `https` URL. Not checked against any allow-list.
    Url(String),
    /// The body of the request.
    Upload,
}

/// What is done with the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A rendition is made.
    Transform {
        /// In order.
        steps: Vec<Step>,
        /// How the result is written.
        output: Output,
    },
    /// The header is described.
    Inspect,
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageRequest {
    /// The picture.
    pub source: Source,
    /// Pictures laid over it: `Operation::WatermarkImage` counts them from 0.
    pub overlays: Vec<Source>,
    /// What is done.
    pub action: Action,
    /// Whether the client's `Accept` chooses the format.
    pub auto: bool,
    /// Unix seconds at which the URL's life ends. Part of no key: the picture does not change.
    pub expires: Option<u64>,
}

impl ImageRequest {
    /// The format to write; `None` is the source's. `accept` is the client's header (several joined with
    /// commas) and `auto_formats` the configured order.
    pub fn choose_format(&self, accept: Option<&str>, auto_formats: &[Format]) -> Option<Format> {
        match &self.action {
            Action::Transform { .. } if self.auto => negotiate::choose(accept?, auto_formats),
            Action::Transform { output, .. } => output.format,
            Action::Inspect => None,
        }
    }

    /// Equal exactly where source, overlays, steps and output are, with `format` as the chosen one.
    /// Begins with the bytes of `Source::canonical_bytes`, and no request's bytes begin another's.
    pub fn canonical_bytes(&self, format: Option<Format>) -> Vec<u8> {
        canonical::request(self, format)
    }
}

impl Source {
    /// Bytes that no other source has, and that begin no other's.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        canonical::source(self)
    }
}
