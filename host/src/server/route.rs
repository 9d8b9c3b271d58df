//! Which room of the house a request goes to: the server's own few pages, or the pipeline, by the path
//! alone. And what holds for every answer, wherever it comes from: CORS, the product's name, the log.

mod log;
mod page;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use answer::{cors, page as plain, path, words};
use http::header::SERVER;
use http::{Method, Request};
use http_body_util::Full;
use hyper::body::Incoming;
use request::dialect::lambda_edge::LambdaEdge;
use request::error::ParseError;

use self::page::Page;
use super::{Form, Response};
use crate::config::server::LogLevel;
use crate::error::Error;
use crate::gate::{Allowance, Room, Visitor};
use crate::pipeline::{Call, Pipeline, Wish};

/// What the page to try things on is called when it is switched off.
const FORM: &str = "form";

/// Where requests go.
pub(crate) struct Routes {
    /// The way of an image request.
    pub pipeline: Arc<Pipeline>,
    /// The other dialect.
    pub lambda_edge: Option<LambdaEdge>,
    /// The page to try things on, where there is one.
    pub form: Option<Form>,
    /// Pages that are switched off.
    pub disabled_pages: Vec<&'static str>,
    /// Whether pages of other sites may read answers.
    pub cors: Cors,
    /// What of answers is logged.
    pub log_level: Option<LogLevel>,
}

/// Whether pages of other sites may read answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cors {
    /// They may.
    Allowed,
    /// Browsers keep them from it.
    Off,
}

impl Routes {
    /// Answer one request of `peer`.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
        arrived: Instant,
    ) -> Response {
        let line = self
            .log_level
            .map(|_| log::Line::of(&request, peer, arrived));
        let response = if self.cors == Cors::Allowed
            && cors::is_preflight(request.method(), request.headers())
        {
            cors::preflight().map(Full::new)
        } else {
            self.reach(request, peer, arrived).await
        };
        self.finish(response, line)
    }

    /// Answer one request, if nothing has to be waited for.
    pub(super) fn answer_at_once(
        &self,
        request: &Request<Incoming>,
        peer: IpAddr,
        arrived: Instant,
    ) -> Option<Response> {
        let response = self.pipeline.answer_at_once(request, (peer, arrived))?;
        let line = self
            .log_level
            .map(|_| log::Line::of(request, peer, arrived));
        Some(self.finish(response, line))
    }

    /// Which of the server's paths a request is for, where it is one that makes pictures.
    pub(super) fn route(&self, request: &Request<Incoming>) -> Option<String> {
        let rules = &self.pipeline.rules;
        let endpoint = rules.route(request.uri().path())?;
        Some(format!("{}/{}", rules.path_prefix, endpoint.name()))
    }

    /// What holds for every answer.
    fn finish(&self, mut response: Response, line: Option<log::Line>) -> Response {
        if self.cors == Cors::Allowed {
            cors::allow(response.headers_mut());
        }
        response.headers_mut().insert(SERVER, words::PRODUCT);
        if let Some(line) = line {
            line.write(&response);
        }
        response
    }

    async fn reach(&self, request: Request<Incoming>, peer: IpAddr, arrived: Instant) -> Response {
        let path = request.uri().path();
        if let Some(clean) = path::cleaned(path) {
            return plain::moved(&clean, request.uri().query()).map(Full::new);
        }
        let target = request
            .uri()
            .path_and_query()
            .map_or(path, http::uri::PathAndQuery::as_str);
        if let Some(page) = Page::at(path, &self.pipeline.rules.path_prefix) {
            return self.own(page, &request, peer);
        }
        let below = path.strip_prefix(self.pipeline.rules.path_prefix.as_str());
        let form = self.form.as_ref().zip(below);
        if let Some((form, below)) = form.filter(|(form, below)| form.owns(below)) {
            let below = below.to_owned();
            return match self.enter(Room::Page(FORM), &request, peer) {
                Ok(_) if self.disabled_pages.contains(&FORM) => {
                    page::failure(&ParseError::EndpointDisabled.into())
                }
                Ok(_) => form.answer(&self.pipeline, &below, request).await,
                Err(error) => page::failure(&error),
            };
        }
        let wish = match self.wish(target) {
            Ok(wish) => wish,
            Err(Error::Parse(ParseError::NotFound)) => return self.nowhere(&request, peer),
            Err(error) => return page::failure(&error),
        };
        if matches!(wish, Wish::LambdaEdge(_)) && !plain::is_read(request.method()) {
            return plain::method_not_allowed().map(Full::new);
        }
        self.pipeline
            .answer(Call::new(wish, (request, peer), arrived))
            .await
    }

    /// What a URL is for, as far as its path tells.
    fn wish(&self, target: &str) -> Result<Wish, Error> {
        if let Some(endpoint) = self.pipeline.rules.route(target) {
            return Ok(Wish::Endpoint(endpoint));
        }
        let dialect = self.lambda_edge.as_ref().ok_or(ParseError::NotFound)?;
        Ok(Wish::LambdaEdge(dialect.parse(target)?))
    }

    fn own(&self, own: Page, request: &Request<Incoming>, peer: IpAddr) -> Response {
        if !plain::is_read(request.method()) {
            return plain::method_not_allowed().map(Full::new);
        }
        let mut allowance = None;
        // Readiness is one bit, and who balances load has no key.
        if own != Page::Ready {
            match self.enter(own.room(), request, peer) {
                Ok(allowed) => allowance = allowed,
                Err(error) => return page::failure(&error),
            }
        }
        if self.disabled_pages.contains(&own.name()) {
            return page::failure(&ParseError::EndpointDisabled.into());
        }
        let mut response = own.answer(&self.pipeline);
        if let Some(allowance) = allowance {
            allowance.tell(response.headers_mut());
        }
        response
    }

    /// The gate, for what is no picture.
    fn enter(
        &self,
        room: Room,
        request: &Request<Incoming>,
        peer: IpAddr,
    ) -> Result<Option<Allowance>, Error> {
        let target = request.uri().path_and_query();
        self.pipeline.gate.admit(&Visitor {
            room,
            method: request.method(),
            headers: request.headers(),
            target: target.map_or("", http::uri::PathAndQuery::as_str),
            peer,
        })
    }

    /// A path that leads nowhere. Below a prefix imaginary's router says so, in its own words.
    fn nowhere(&self, request: &Request<Incoming>, peer: IpAddr) -> Response {
        if !self.pipeline.rules.path_prefix.is_empty() {
            return plain::nowhere_below_a_prefix().map(Full::new);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
            return page::failure(&Error::Method);
        }
        match self.enter(Room::Probe, request, peer) {
            Ok(_) => page::failure(&ParseError::NotFound.into()),
            Err(error) => page::failure(&error),
        }
    }
}
