//! What the page may ask where the server was started for development: the mount's pictures by name, one
//! of them as it is, and signatures. Answers only what a browser on this machine asks of this machine:
//! the name that it was called by must be loopback's, so that no other site can ask through it, also not
//! one whose name was made to lead here.

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use request::signature::SignOptions;
use serde_json::json;

use super::samples;
use super::{answer, refusal};
use crate::loopback::is_from_here;
use crate::origins::SourceRef;
use crate::pipeline::Pipeline;
use crate::server::Response;

/// Targets signed at once: as many as there are samples, and some.
const TARGETS_MAX: usize = 64;
/// Of the list of them: short URLs many times, or the longest one.
const BODY_BYTES_MAX: usize = 64 << 10;
/// For a body that comes from this machine.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// Where URLs must expire: longer than anybody turns at them.
const DAY_SECONDS: u64 = 86_400;

/// How long what is signed here may live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// For ever.
    Unlimited,
    /// A day: the server takes no URL without an end.
    Day,
}

/// The page's helpers on a developer's machine.
#[derive(Debug)]
pub(super) struct Development {
    pub(super) mount: Option<PathBuf>,
    pub(super) lifetime: Lifetime,
}

impl Development {
    /// Whether what is at `/form` and `below` is one of the helpers.
    pub(super) fn owns(below: &str) -> bool {
        matches!(below, "/samples" | "/source" | "/sign")
    }

    /// Answer what is at `/form` and `below`.
    pub(super) async fn answer(
        &self,
        pipeline: &Pipeline,
        below: &str,
        request: Request<Incoming>,
    ) -> Response {
        if !is_from_here(request.headers()) {
            return refusal(
                StatusCode::FORBIDDEN,
                "The page signs only for a browser on this machine: open it as http://127.0.0.1 or http://localhost",
            );
        }
        let (parts, body) = request.into_parts();
        match (below, parts.method) {
            ("/samples", Method::GET) => self.samples().await,
            ("/source", Method::GET) => {
                source(pipeline, parts.uri.query().unwrap_or_default()).await
            }
            ("/sign", Method::POST) => self.sign(pipeline, &parts.headers, body).await,
            _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "HTTP method not allowed"),
        }
    }

    async fn samples(&self) -> Response {
        let Some(mount) = self.mount.clone() else {
            return json_answer(&json!({ "names": [], "more": 0 }));
        };
        match tokio::task::spawn_blocking(move || samples::list(&mount)).await {
            Ok(samples) => json_answer(&json!({ "names": samples.names, "more": samples.more })),
            Err(_) => refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The mount cannot be listed",
            ),
        }
    }

    /// A JSON list of targets comes in, the list of them signed goes out.
    async fn sign(&self, pipeline: &Pipeline, headers: &HeaderMap, body: Incoming) -> Response {
        // A page of another origin cannot send this type without asking first, and is told no.
        if headers.get(CONTENT_TYPE) != Some(&HeaderValue::from_static("application/json")) {
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json");
        }
        let body = Limited::new(body, BODY_BYTES_MAX).collect();
        let Ok(Ok(body)) = tokio::time::timeout(BODY_TIMEOUT, body).await else {
            return refusal(
                StatusCode::BAD_REQUEST,
                "The list did not arrive, or is too long",
            );
        };
        let targets: Vec<String> = match serde_json::from_slice(&body.to_bytes()) {
            Ok(targets) => targets,
            Err(_) => return refusal(StatusCode::BAD_REQUEST, "Send a JSON list of targets"),
        };
        if targets.len() > TARGETS_MAX {
            let message = format!("At most {TARGETS_MAX} targets are signed at once");
            return refusal(StatusCode::BAD_REQUEST, &message);
        }
        let options = SignOptions {
            expires: self.expires(),
            kid: None,
        };
        let signed: Result<Vec<String>, _> = targets
            .iter()
            .map(|target| pipeline.keyring.sign(target, &options))
            .collect();
        match signed {
            Ok(signed) => json_answer(&json!({ "signed": signed })),
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }

    /// Days end together, so that a URL stays the same, and a hit, for most of one.
    fn expires(&self) -> Option<u64> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        match self.lifetime {
            Lifetime::Unlimited => None,
            Lifetime::Day => Some((now / DAY_SECONDS + 2) * DAY_SECONDS),
        }
    }
}

/// A file of the mount as it lies there; what a browser opens by itself it only saves.
async fn source(pipeline: &Pipeline, query: &str) -> Response {
    let name = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "file")
        .map(|(_, value)| value.into_owned());
    let Some(name) = name else {
        return refusal(StatusCode::BAD_REQUEST, "Missing required param: file");
    };
    let deadline = Instant::now() + pipeline.request_timeout;
    let fetched = pipeline
        .sources
        .origins
        .fetch(SourceRef::File(&name), &HeaderMap::new(), deadline)
        .await;
    match fetched {
        Ok(fetched) => {
            let mut response = answer(fetched.bytes, "application/octet-stream");
            let headers = response.headers_mut();
            headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
            headers.insert(
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; sandbox"),
            );
            response
        }
        Err(error) => refusal(error.status(), &error.public_message()),
    }
}

fn json_answer(body: &serde_json::Value) -> Response {
    answer(Bytes::from(body.to_string()), "application/json")
}
