//! The server's own pages, and answers that no picture belongs to. Nothing here may be kept by anybody.

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::error::Error;
use crate::gate::Room;
use crate::pipeline::Pipeline;
use crate::readiness::Ready;
use crate::server::Response;

/// One page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// What runs here.
    Versions,
    /// That it lives, with its counters.
    Health,
    /// Whether new requests should come here.
    Ready,
}

impl Page {
    /// The page at `path`, below the prefix. The prefix itself is the root, as in imaginary.
    pub(super) fn at(path: &str, prefix: &str) -> Option<Self> {
        match path.strip_prefix(prefix)? {
            "/" if prefix.is_empty() => Some(Self::Versions),
            "" if !prefix.is_empty() => Some(Self::Versions),
            "/health" => Some(Self::Health),
            "/ready" => Some(Self::Ready),
            _ => None,
        }
    }

    /// What it is called when it is switched off.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Versions => "",
            Self::Health => "health",
            Self::Ready => "ready",
        }
    }

    /// What it counts as.
    pub(super) const fn room(self) -> Room {
        match self {
            Self::Versions => Room::Page(self.name()),
            Self::Health | Self::Ready => Room::Probe,
        }
    }

    /// What stands on it.
    pub(super) fn answer(self, pipeline: &Pipeline) -> Response {
        match self {
            Self::Versions => page(StatusCode::OK, &versions()),
            Self::Health => page(StatusCode::OK, &pipeline.health()),
            Self::Ready => ready(pipeline),
        }
    }
}

fn versions() -> Value {
    json!({ "darkroom": env!("CARGO_PKG_VERSION"), "transformer": guest::DIGEST_HEX })
}

/// Ready means: new requests should come here.
fn ready(pipeline: &Pipeline) -> Response {
    let (status, message) = match pipeline.ready() {
        Ready::Yes => return page(StatusCode::OK, &json!({ "status": "ready" })),
        Ready::QueueFull => ("busy", "the queue is full"),
        Ready::Leaving => ("leaving", "the server is stopping"),
    };
    page(
        StatusCode::SERVICE_UNAVAILABLE,
        &json!({ "status": status, "message": message }),
    )
}

/// A refusal that no picture stands in for.
pub(super) fn failure(error: &Error) -> Response {
    let mut response = of((error.status(), error.content_type()), error.body());
    let headers = response.headers_mut();
    match error {
        Error::Throttled(allowance) => allowance.tell(headers),
        Error::Method => {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
        }
        _ => {}
    }
    response
}

/// Whether a method only reads.
pub(super) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// 405 of what can only be read.
pub(super) fn method_not_allowed() -> Response {
    let mut response = page(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({ "message": "HTTP method not allowed. Try GET or HEAD", "status": 405 }),
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// JSON.
pub(super) fn page(status: StatusCode, body: &Value) -> Response {
    of((status, "application/json"), body.to_string())
}

/// Bare text.
pub(super) fn text(status: StatusCode, body: &'static str) -> Response {
    of((status, "text/plain; charset=utf-8"), body.to_owned())
}

fn of((status, content_type): (StatusCode, &'static str), body: String) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
