//! One line for an answer, where the operator wants them. It never holds a signature or an API key.

use std::net::IpAddr;
use std::time::Instant;

use http::{Method, Request};
use hyper::body::{Body as _, Incoming};

use crate::server::Response;

/// What is known when a request comes.
pub(super) struct Line {
    client: IpAddr,
    method: Method,
    target: String,
    arrived: Instant,
}

impl Line {
    pub(super) fn of(request: &Request<Incoming>, client: IpAddr, arrived: Instant) -> Self {
        let target = request.uri().path_and_query();
        Self {
            client,
            method: request.method().clone(),
            target: request::redact(target.map_or("", http::uri::PathAndQuery::as_str)),
            arrived,
        }
    }

    /// Write it, as loud as the answer is bad; which of them are heard is the filter's matter.
    pub(super) fn write(self, response: &Response) {
        let Self {
            client,
            method,
            target,
            ..
        } = self;
        let status = response.status().as_u16();
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        let seconds = self.arrived.elapsed().as_secs_f64();
        match status {
            500.. => tracing::error!(%client, %method, target, status, bytes, seconds, "answered"),
            400.. => tracing::warn!(%client, %method, target, status, bytes, seconds, "answered"),
            _ => tracing::info!(%client, %method, target, status, bytes, seconds, "answered"),
        }
    }
}
