//! Origins behind `url=`. A URL comes in; the bytes of a complete `200` come out. Every hop of a
//! redirect is checked like the first, nothing is believed about a body's length, and credentials
//! never reach a host that they were not meant for.

mod body;
mod client;

use std::sync::Arc;

use answer::origin::{
    AddressRules, AllowedOrigin, FetchError, Forwarding, Guard, Hop, Leads, OriginName, Refusal,
    Standing, guard, is_whole, refused, retry_after,
};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout_at};

use super::config::{ConfigError, OriginsConfig};
use super::resolve::{AddressRefused, GuardedResolver, NameResolver};
use super::{Refetched, Said};

/// Fetches URLs.
pub(super) struct HttpOrigins {
    client: Client,
    guard: Guard,
    forwarding: Forwarding,
    source_bytes_max: u64,
    redirects_max: u32,
}

impl HttpOrigins {
    /// Of the origins that are `allowed`; none at all stand for any.
    pub(super) fn new(
        (config, allowed): (&OriginsConfig, Vec<AllowedOrigin>),
        names: Arc<dyn NameResolver>,
    ) -> Result<Self, ConfigError> {
        let rules = AddressRules::new(config.allowed_networks.clone());
        let forwarding = Forwarding::new(&config.forward_headers, config.authorization.clone())?;
        if allowed.is_empty() && !forwarding.is_none() {
            tracing::warn!("no origin is listed as allowed, so no header is forwarded to any");
        }
        Ok(Self {
            client: client::build(
                config,
                Arc::new(GuardedResolver {
                    names,
                    rules: rules.clone(),
                }),
            )?,
            guard: Guard { allowed, rules },
            forwarding,
            source_bytes_max: config.source_bytes_max,
            redirects_max: config.redirects_max,
        })
    }

    /// Fetch `url`, which has until `deadline`, unless it is still what `known` was said of.
    pub(super) async fn fetch(
        &self,
        url: &str,
        (client, known): (&HeaderMap, &Said),
        deadline: Instant,
    ) -> Result<Refetched, FetchError> {
        let first = Hop::first(guard::parse(url).ok_or(FetchError::InvalidUrl)?);
        let origin = first.name();
        let conditions = conditions(known);
        let fetching = async {
            let answer = self.follow(first, (client, &conditions)).await?;
            if answer.status() == StatusCode::NOT_MODIFIED {
                return Ok(Refetched::Unchanged(body::said(answer.headers())));
            }
            let fetched = body::receive(answer, &origin, self.source_bytes_max).await?;
            Ok(Refetched::Changed(fetched))
        };
        timeout_at(deadline, fetching)
            .await
            .unwrap_or_else(|_| Err(FetchError::TooSlow(origin.clone())))
    }

    /// What of `client`'s headers the origin of `url` sees.
    pub(super) fn forwarded(&self, url: &str, client: &HeaderMap) -> HeaderMap {
        if self.forwarding.is_none() {
            return HeaderMap::new();
        }
        match guard::parse(url).map(|url| self.guard.check(&url)) {
            Some(Ok(Standing::Listed)) => self.forwarding.select(client),
            Some(Ok(Standing::Stranger) | Err(_)) | None => HeaderMap::new(),
        }
    }

    async fn follow(
        &self,
        first: Hop,
        (client, conditions): (&HeaderMap, &HeaderMap),
    ) -> Result<Response, FetchError> {
        let origin = first.name();
        let mut hop = first;
        for _ in 0..=self.redirects_max {
            let standing = self
                .guard
                .check(&hop.url)
                .map_err(|refusal| refused(refusal, &origin, &hop))?;
            let headers = match standing {
                Standing::Listed if hop.credentials_kept() => {
                    traced(self.forwarding.select(client), client)
                }
                Standing::Listed | Standing::Stranger => HeaderMap::new(),
            };
            let sent = self
                .client
                .get(hop.url.clone())
                .headers(headers)
                .headers(conditions.clone())
                .send()
                .await;
            let answer = sent.map_err(|error| failed(error, &origin, &hop))?;
            hop = match hop.leads(answer.status(), answer.headers()) {
                Leads::Here => return whole(answer, origin, conditions),
                Leads::To(next) => next,
                Leads::Nowhere(target) => {
                    return Err(FetchError::RedirectNotAllowed { origin, target });
                }
            };
        }
        Err(FetchError::TooManyRedirects {
            origin,
            redirects_max: self.redirects_max,
        })
    }
}

/// With the place in a distributed trace (W3C Trace Context). Apart from what is forwarded, since the
/// answer does not depend on it.
fn traced(mut headers: HeaderMap, client: &HeaderMap) -> HeaderMap {
    for name in ["traceparent", "tracestate"] {
        for value in client.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// What makes an origin answer 304 where a source is still the same (RFC 9110, 13.1.2 and 13.1.3). The
/// date counts only where there is no tag.
fn conditions(known: &Said) -> HeaderMap {
    let one = |name: HeaderName, value: &Option<String>| {
        let value = value.as_deref().map(HeaderValue::from_str)?.ok()?;
        Some(HeaderMap::from_iter([(name, value)]))
    };
    one(header::IF_NONE_MATCH, &known.validator)
        .or_else(|| one(header::IF_MODIFIED_SINCE, &known.last_modified))
        .unwrap_or_default()
}

/// A picture, or the news that it is still the same.
fn whole(
    answer: Response,
    origin: OriginName,
    conditions: &HeaderMap,
) -> Result<Response, FetchError> {
    let status = answer.status();
    if is_whole(status) || (status == StatusCode::NOT_MODIFIED && !conditions.is_empty()) {
        return Ok(answer);
    }
    Err(FetchError::OriginStatus {
        origin,
        status,
        retry_after: retry_after(answer.headers()),
    })
}

fn failed(error: reqwest::Error, origin: &OriginName, hop: &Hop) -> FetchError {
    if is_caused_by::<AddressRefused>(&error) {
        return refused(Refusal::Address, origin, hop);
    }
    broken(error, origin)
}

/// A request or an answer that did not come through. The URL is taken out of the error: it may hold
/// more than a log should.
fn broken(error: reqwest::Error, origin: &OriginName) -> FetchError {
    let (error, origin) = (error.without_url(), origin.clone());
    let (is_timeout, is_connect) = (error.is_timeout(), error.is_connect());
    let source = error.into();
    match () {
        () if is_timeout => FetchError::TooSlow(origin),
        () if is_connect => FetchError::Unreachable { origin, source },
        () => FetchError::BrokenOff { origin, source },
    }
}

fn is_caused_by<E: std::error::Error + 'static>(error: &reqwest::Error) -> bool {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
        .any(<dyn std::error::Error>::is::<E>)
}
