//! Which grammar a URL is written in. Each dialect is one file (and its folder) that turns a request into
//! the one `ImageRequest`; what hosts configure about URLs is in `Rules`.

pub mod imaginary;
pub mod lambda_edge;

use crate::dialect::imaginary::{Call, Endpoint};
use crate::error::ParseError;
use crate::image_request::ImageRequest;
use crate::negotiate::AUTO_FORMATS;
use crate::operation::Format;
use crate::signature::Signed;
use crate::target::{Plus, decode};

/// How a request came. HEAD is a GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The URL names the source.
    Get,
    /// The body is the source.
    Post,
}

/// What becomes of a parameter that means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// Nothing, as in imaginary.
    #[default]
    Ignore,
    /// 400, also for one that only means something to other endpoints.
    Refuse,
}

/// Which sources a GET may name. Each has a switch of its own; both are off until switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sources {
    /// `file=`.
    pub file: bool,
    /// `url=` of a web address.
    pub url: bool,
    /// `url=` of an object in a bucket: `s3://`, `gs://`, `az://`. Which buckets is for the host to say.
    pub bucket: bool,
}

/// What URLs may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// What stands in front of every endpoint: `/api/v1`. Slashes at its ends do not matter.
    pub path_prefix: String,
    /// Which sources a GET may name.
    pub sources: Sources,
    /// What becomes of unknown parameters.
    pub unknown: Unknown,
    /// Endpoints that are switched off.
    pub disabled: Vec<Endpoint>,
    /// What `type=auto` offers, best first.
    pub auto_formats: Vec<Format>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            path_prefix: String::new(),
            sources: Sources::default(),
            unknown: Unknown::default(),
            disabled: Vec::new(),
            auto_formats: AUTO_FORMATS.to_vec(),
        }
    }
}

impl Rules {
    /// What a verified request asks for.
    pub fn parse(&self, signed: &Signed, method: Method) -> Result<ImageRequest, ParseError> {
        Call::read(self, signed, method)?.image_request()
    }

    /// The endpoint that the path of `/path?query` names, if there is one; the query is not looked at.
    pub fn route(&self, target: &str) -> Option<Endpoint> {
        let path = target.split('?').next().unwrap_or_default();
        self.endpoint(&decode(path, Plus::Literal)?)
    }

    /// The endpoint at a decoded path, if there is one.
    pub fn endpoint(&self, path: &[u8]) -> Option<Endpoint> {
        let below = std::str::from_utf8(path).ok()?.strip_prefix('/')?;
        let prefix = self.path_prefix.trim_matches('/');
        let name = if prefix.is_empty() {
            below
        } else {
            below.strip_prefix(prefix)?.strip_prefix('/')?
        };
        Endpoint::by_name(name)
    }
}
