//! What a request meets between its signature and its meaning: the API key, then the throttle, in
//! imaginary's order. Headers and an address come in; a refusal, or what is left of the rate, goes
//! out. It never looks at what is asked for.

mod address;
mod allowance;
mod states;
mod throttle;

use std::net::IpAddr;

use answer::api_key::ApiKey;
use http::{HeaderMap, Method};
use request::dialect::imaginary::Endpoint;
use request::first_value;

pub(crate) use self::allowance::Allowance;
use self::throttle::{Counted, Throttle};
use crate::config::secret::Secret;
use crate::config::throttle::Config;
use crate::error::Error;

/// What a request is for, as far as its path tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Room {
    /// A picture, or what is said of one.
    Endpoint(Endpoint),
    /// A picture by a Lambda@Edge URL.
    LambdaEdge,
    /// A page of the server's own, by its name.
    Page(&'static str),
    /// A page that says how the server is. Probes ask for it: a throttle that refused them would have
    /// the process restarted.
    Probe,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor<'a> {
    /// What for.
    pub room: Room,
    /// How.
    pub method: &'a Method,
    /// All of the request's.
    pub headers: &'a HeaderMap,
    /// Path and query.
    pub target: &'a str,
    /// The other end of the connection.
    pub peer: IpAddr,
}

/// The checks that are switched on.
pub(crate) struct Gate {
    key: Option<ApiKey>,
    throttle: Option<Throttle>,
    trusted_hops: usize,
}

impl Gate {
    /// As configured.
    pub(crate) fn new(key: Option<&Secret>, throttle: &Config) -> Self {
        Self {
            key: key.map(|key| ApiKey::new(key.reveal())),
            throttle: throttle.rate.map(Throttle::new),
            trusted_hops: throttle.trusted_hops,
        }
    }

    /// Whether it lets everybody in, and counts nobody.
    pub(crate) const fn is_open(&self) -> bool {
        self.key.is_none() && self.throttle.is_none()
    }

    /// Let a request in, or say why not.
    pub(crate) fn admit(&self, visitor: &Visitor<'_>) -> Result<Option<Allowance>, Error> {
        if let Some(key) = &self.key
            && !key.opens(visitor.headers, || first_value(visitor.target, "key"))
        {
            return Err(Error::ApiKey);
        }
        match &self.throttle {
            Some(throttle) if visitor.room != Room::Probe => {
                let counted = Counted {
                    room: visitor.room,
                    posts: visitor.method == Method::POST,
                    client: address::client(visitor.headers, visitor.peer, self.trusted_hops),
                };
                throttle.count(counted).map(Some).map_err(Error::Throttled)
            }
            Some(_) | None => Ok(None),
        }
    }
}
