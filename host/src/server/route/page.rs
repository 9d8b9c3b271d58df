//! The server's own pages, and answers that no picture belongs to. Nothing here may be kept by anybody.

use answer::page as plain;
use http::header::ALLOW;
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
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
            Self::Versions => page(StatusCode::OK, &versions(pipeline)),
            Self::Health => page(StatusCode::OK, &pipeline.health()),
            Self::Ready => ready(pipeline),
        }
    }
}

fn versions(pipeline: &Pipeline) -> Value {
    let transformer = answer::key::hex(pipeline.sandbox.digest());
    json!({ "darkroom": env!("CARGO_PKG_VERSION"), "transformer": transformer })
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
    let of = (error.status(), error.content_type());
    let mut response = plain::of(of, error.body()).map(Full::new);
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

/// JSON.
pub(super) fn page(status: StatusCode, body: &Value) -> Response {
    plain::of((status, plain::JSON), body.to_string()).map(Full::new)
}
