//! Which room of the house a request goes to: the server's own few pages, or the pipeline.

use std::time::Instant;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use serde_json::{Value, json};

use super::{Response, Server};
use crate::pipeline::{Call, Pipeline};

/// Answer one request, if nothing has to be waited for.
pub(super) fn answer_at_once(
    pipeline: &Pipeline,
    request: &Request<Incoming>,
    arrived: Instant,
) -> Option<Response> {
    pipeline.answer_at_once(request, arrived)
}

/// Answer one request.
pub(super) async fn answer(
    server: &Server,
    request: Request<Incoming>,
    arrived: Instant,
) -> Response {
    let pipeline = &server.pipeline;
    let path = request.uri().path().to_owned();
    if let Some(form) = server.form.as_ref().filter(|form| form.owns(&path)) {
        return form.answer(pipeline, &path, request).await;
    }
    let own_page = match path.as_str() {
        "/" => Some(page(StatusCode::OK, &versions())),
        "/health" => Some(page(StatusCode::OK, &pipeline.health())),
        "/ready" => Some(ready(pipeline)),
        _ => None,
    };
    match own_page {
        Some(_) if !matches!(*request.method(), Method::GET | Method::HEAD) => method_not_allowed(),
        Some(page) => page,
        None => pipeline.answer(Call::new(request, arrived)).await,
    }
}

fn versions() -> Value {
    json!({ "darkroom": env!("CARGO_PKG_VERSION"), "transformer": guest::DIGEST_HEX })
}

/// Ready means: a request that came now would find a worker or a place in the queue.
fn ready(pipeline: &Pipeline) -> Response {
    if pipeline.has_room() {
        return page(StatusCode::OK, &json!({ "status": "ready" }));
    }
    page(
        StatusCode::SERVICE_UNAVAILABLE,
        &json!({ "status": "busy", "message": "the queue is full" }),
    )
}

fn method_not_allowed() -> Response {
    let mut response = page(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({ "message": "HTTP method not allowed. Try GET or HEAD", "status": 405 }),
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn page(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
