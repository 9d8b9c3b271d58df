//! A request as it came, before anything of it is believed: an HTTP request goes in, and what the stages
//! ask of it comes out. It decides nothing.

use std::net::IpAddr;
use std::time::Instant;

use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use request::dialect::imaginary::{self, Endpoint};
use request::dialect::lambda_edge;
use request::image_request::Action;
use request::signature::Keyring;

use crate::gate::{Room, Visitor};

/// What a request is for, as far as its path tells.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// One of imaginary's endpoints; the URL has to be signed.
    Endpoint(Endpoint),
    /// A Lambda@Edge URL, which never is, and has been read.
    LambdaEdge(lambda_edge::Asked),
}

/// A request as it came.
pub(crate) struct Call {
    pub(super) wish: Wish,
    peer: IpAddr,
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Incoming,
    pub(super) arrived: Instant,
}

/// The keys of URLs that are unsigned by nature.
static UNSIGNED: Keyring = Keyring::unsigned();

impl Call {
    /// Take an HTTP request apart that came from `peer`.
    pub(crate) fn new(
        wish: Wish,
        (request, peer): (Request<Incoming>, IpAddr),
        arrived: Instant,
    ) -> Self {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        Self {
            wish,
            peer,
            method: parts.method,
            target,
            headers: parts.headers,
            body,
            arrived,
        }
    }

    pub(super) fn visitor(&self, room: Room) -> Visitor<'_> {
        Visitor {
            room,
            method: &self.method,
            headers: &self.headers,
            target: &self.target,
            peer: self.peer,
        }
    }

    /// What was wanted, for whatever is answered instead.
    pub(super) fn action(&self) -> Action {
        match &self.wish {
            Wish::LambdaEdge(lambda_edge::Asked::Rendition(request)) => request.action.clone(),
            Wish::LambdaEdge(lambda_edge::Asked::Original(_)) | Wish::Endpoint(_) => {
                imaginary::placeholder(&self.target)
            }
        }
    }

    /// Whose word a URL is, which says how long its answer may be kept.
    pub(super) fn keyring<'a>(&self, keyring: &'a Keyring) -> &'a Keyring {
        match self.wish {
            Wish::Endpoint(_) => keyring,
            Wish::LambdaEdge(_) => &UNSIGNED,
        }
    }
}
